/* scale: does cost grow with the work alone, and does memory come back?
 *
 *   live       instructions, calls down and time for each malloc and free, for 10^4 to 10^7 live objects
 *   threads    the same for 1 to 63 threads
 *   metadata   the library's records as a part of what it has mapped, at 1 GiB of 64-byte objects
 *   peak       resident memory after 1 GiB was freed: after two quiet seconds, and after malloc_trim
 *   purge      CPU time for giving memory back, as a part of all, under steady loads
 *
 *   scale --library FILE --programs DIR --folder DIR [--json FILE]
 *
 * Each figure stands beside its limit. Status 0 where all limits are kept, 1 where one is not, 2 where it
 * was called wrongly or could not measure. Read order: main, flat.c, idle.c. */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>

#include "common/bench/scale/scale.h"

enum { STATUS_OVER = 1, STATUS_ERROR = 2 };

static const struct option long_options[] = {
    {"library", required_argument, NULL, 'l'},
    {"programs", required_argument, NULL, 'p'},
    {"folder", required_argument, NULL, 'f'},
    {"json", required_argument, NULL, 'j'},
    {NULL, 0, NULL, 0},
};

static const char *json;

static bool take_options(int count, char **arguments, struct scale *scale)
{
    int letter = 0;
    while ((letter = getopt_long(count, arguments, "", long_options, NULL)) != -1) {
        if (letter == 'l')
            scale->library = optarg;
        else if (letter == 'p')
            scale->programs = optarg;
        else if (letter == 'f')
            scale->folder = optarg;
        else if (letter == 'j')
            json = optarg;
        else
            return false;
    }
    return scale->library != NULL && scale->programs != NULL && scale->folder != NULL;
}

void scale_limit(struct scale *scale, const char *what, double value, double limit,
                 const char *unit)
{
    bool is_kept = value <= limit;
    printf("  %-7s  %s: %.4g%s, at most %.4g\n", is_kept ? "met" : "NOT MET", what, value, unit,
           limit);
    scale->over += !is_kept;
}

static bool write_json(const struct scale *scale)
{
    FILE *file = fopen(json, "w");
    if (file == NULL)
        return false;
    fputs("{\n", file);
    for (size_t i = 0; i < scale->figures.count; i++)
        fprintf(file, "  \"%s\": %.6g%s\n", scale->figures.list[i].name,
                scale->figures.list[i].value, i + 1 < scale->figures.count ? "," : "");
    fputs("}\n", file);
    return fclose(file) == 0;
}

int main(int count, char **arguments)
{
    struct scale scale = {.over = 0};
    if (!take_options(count, arguments, &scale)) {
        fputs("scale: --library, --programs and --folder are needed\n", stderr);
        return STATUS_ERROR;
    }
    if (!scale_flat(&scale) || !scale_metadata(&scale) || !scale_peak(&scale) ||
        !scale_purge(&scale))
        return STATUS_ERROR;
    if (json != NULL && !write_json(&scale)) {
        perror(json);
        return STATUS_ERROR;
    }
    return scale.over == 0 ? EXIT_SUCCESS : STATUS_OVER;
}

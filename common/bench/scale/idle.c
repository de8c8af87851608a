/* idle: records, memory after a peak, and the price of giving it back. See scale.c. */
#include <stdio.h>

#include "common/bench/guard/child.h"
#include "common/bench/scale/scale.h"

bool scale_run(struct scale *scale, const char *library, const char *part, const char *name,
               const char *const *arguments)
{
    char program[CHILD_PATH_BYTES];
    char output[CHILD_PATH_BYTES];
    const char *all[CHILD_MOST_ARGUMENTS + 1] = {program};
    size_t count = 1;
    snprintf(program, sizeof program, "%s/%s", scale->programs, name);
    snprintf(output, sizeof output, "%s/scale.out", scale->folder);
    while (*arguments != NULL && count < CHILD_MOST_ARGUMENTS)
        all[count++] = *arguments++;
    if (!child_run(library, (char *const *)all, output))
        return false;
    child_read_figures(output, part, &scale->figures);
    return true;
}

double scale_value(const struct scale *scale, const char *part, const char *name)
{
    char whole[2 * FIGURE_NAME_BYTES];
    snprintf(whole, sizeof whole, "%s.%s", part, name);
    const struct figure *figure = figures_find(&scale->figures, whole);
    return figure == NULL ? 0 : figure->value;
}

/* --- Records --- */

bool scale_metadata(struct scale *scale)
{
    const char *const none[] = {NULL};
    if (!scale_run(scale, scale->library, "metadata", "metadata", none))
        return false;
    double metadata = scale_value(scale, "metadata", "metadata");
    double mapped = scale_value(scale, "metadata", "mapped");
    puts("1 GiB of live objects of 64 bytes\n");
    scale_limit(scale, "records, of all that is mapped", 100 * metadata / mapped, 1.5, "%");
    putchar('\n');
    return true;
}

/* --- After a peak --- */

static const double LIMIT_MIB = 64;
static const double THREADS = 5;

/* Every thread may keep two batches of each class; see peak.c. */
static const double THREAD_MIB = 2;

static bool peak_of(struct scale *scale, const char *kind)
{
    char trim[FIGURE_NAME_BYTES];
    char line[80];
    snprintf(trim, sizeof trim, "%s-trim", kind);
    const char *const quiet[] = {kind, NULL};
    const char *const at_once[] = {kind, "trim", NULL};
    if (!scale_run(scale, scale->library, kind, "peak", quiet) ||
        !scale_run(scale, scale->library, trim, "peak", at_once))
        return false;
    double limit = LIMIT_MIB + THREADS * THREAD_MIB;
    printf("  %s: %.0f MiB at the peak, %.1f when all was freed, %.1f two seconds later\n", kind,
           scale_value(scale, kind, "peak_mib"), scale_value(scale, kind, "freed_mib"),
           scale_value(scale, kind, "later_mib"));
    snprintf(line, sizeof line, "%s objects, two seconds of another thread", kind);
    scale_limit(scale, line, scale_value(scale, kind, "later_mib"), limit, " MiB");
    snprintf(line, sizeof line, "%s objects, malloc_trim at once", kind);
    scale_limit(scale, line, scale_value(scale, trim, "trimmed_mib"), limit, " MiB");
    return true;
}

bool scale_peak(struct scale *scale)
{
    puts("Resident memory after a peak of 1 GiB in four threads was freed\n");
    bool is_done = peak_of(scale, "small") && peak_of(scale, "large");
    putchar('\n');
    return is_done;
}

/* --- Giving it back --- */

bool scale_purge(struct scale *scale)
{
    static const char *const loads[] = {"small", "large", "waves"};
    puts("CPU time in madvise and munmap, under a steady load\n");
    for (size_t i = 0; i < sizeof loads / sizeof *loads; i++) {
        char part[FIGURE_NAME_BYTES];
        char line[80];
        const char *const arguments[] = {loads[i], NULL};
        snprintf(part, sizeof part, "purge-%s", loads[i]);
        if (!scale_run(scale, scale->library, part, "purge", arguments))
            return false;
        double share =
            scale_value(scale, part, "giving_back_seconds") / scale_value(scale, part, "seconds");
        snprintf(line, sizeof line, "%s (%.0f calls, %.0f page faults)", loads[i],
                 scale_value(scale, part, "giving_back_calls"),
                 scale_value(scale, part, "page_faults"));
        scale_limit(scale, line, 100 * share, 2, "%");
    }
    return true;
}

/* demo: runs programs that nobody here wrote with their malloc replaced by libmempool.so, and again
 * as they are, and compares what they do.
 *
 *   workload.c ─▶ row.c: rounds of runs, verdict ─▶ report.c: table, means, JSON
 *                   │
 *                   └─▶ run.c: one command, its CPU time and peak memory
 *
 * The verdict is about results only: a program that does something else with the library is a
 * failure, one that is slower is not. Exit status: 0 all results are the same, 1 not so, 2 wrong
 * use or no way to start, 130 interrupted.
 *
 * Read order: main, measure_all, then row.h and run.h. */
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/demo/inputs.h"
#include "common/demo/report.h"
#include "common/demo/row.h"
#include "common/demo/run.h"
#include "common/demo/scratch.h"
#include "common/demo/workload.h"

enum { EXIT_SAME = 0, EXIT_NOT_SAME = 1, EXIT_WRONG_USE = 2, EXIT_INTERRUPTED = 130 };
enum { MOST_WORKLOADS = 16 };

static const char help[] = "Usage: demo --library FILE --programs DIR [OPTION]...\n"
                           "Run real programs with libmempool.so and without it, and compare.\n"
                           "\n"
                           "  --library FILE    the libmempool.so to load into them\n"
                           "  --programs DIR    where their scripts are\n"
                           "  --rounds N        runs of each, 1 to 25 (default 3)\n"
                           "  --quick           small sizes\n"
                           "  --only NAME       only this program\n"
                           "  --json FILE       write the figures to FILE too\n";

struct options {
    const char *library;
    const char *programs;
    const char *only; /* NULL: all */
    const char *json_name;
    FILE *json;
    size_t rounds;
    bool quick;
};

static const struct option known[] = {
    {"library", required_argument, NULL, 'l'}, {"programs", required_argument, NULL, 'p'},
    {"rounds", required_argument, NULL, 'r'},  {"quick", no_argument, NULL, 'q'},
    {"only", required_argument, NULL, 'o'},    {"json", required_argument, NULL, 'j'},
    {"help", no_argument, NULL, 'h'},          {NULL, 0, NULL, 0},
};

static _Noreturn void wrong_use(const char *what, const char *argument)
{
    fprintf(stderr, "demo: %s%s\n", argument == NULL ? "" : argument, what);
    exit(EXIT_WRONG_USE);
}

static size_t parse_rounds(const char *text)
{
    char *end = NULL;
    unsigned long rounds = strtoul(text, &end, 10);
    if (text[0] < '0' || text[0] > '9' || *end != '\0' || rounds < 1 || rounds > ROW_MOST_ROUNDS)
        wrong_use(" rounds: choose 1 to 25", text);
    return rounds;
}

static void parse_option(int letter, struct options *out)
{
    switch (letter) {
    case 'l':
        out->library = optarg;
        break;
    case 'p':
        out->programs = optarg;
        break;
    case 'r':
        out->rounds = parse_rounds(optarg);
        break;
    case 'q':
        out->quick = true;
        break;
    case 'o':
        out->only = optarg;
        break;
    case 'j':
        out->json_name = optarg;
        break;
    case 'h':
        fputs(help, stdout);
        exit(EXIT_SAME);
    default:
        exit(EXIT_WRONG_USE);
    }
}

static bool is_chosen(const struct workload *workload, const struct options *options)
{
    return options->only == NULL || strcmp(options->only, workload->name) == 0;
}

static void check_options(struct options *options)
{
    bool any = false;
    for (const struct workload *w = workloads; w->name != NULL; w++)
        any = any || is_chosen(w, options);
    if (!any)
        wrong_use(
            ": no such program in the demo: python3, sqlite3, gcc, g++, git, perl, lua, redis",
            options->only);
    if (options->library == NULL || options->programs == NULL)
        wrong_use("--library and --programs are needed; see --help", NULL);
    if (access(options->library, R_OK) != 0)
        wrong_use(": no such library; make library builds it", options->library);
    if (options->json_name != NULL) {
        options->json = fopen(options->json_name, "w"); /* now: later we are in another folder */
        if (options->json == NULL)
            wrong_use(": cannot be written", options->json_name);
    }
}

static struct options parse_options(int count, char **arguments)
{
    struct options options = {.rounds = 3};
    for (;;) {
        int letter = getopt_long(count, arguments, "", known, NULL);
        if (letter < 0)
            break;
        parse_option(letter, &options);
    }
    if (optind != count)
        wrong_use(": an argument too many; see --help", arguments[optind]);
    check_options(&options);
    return options;
}

static bool make_inputs(bool quick)
{
    struct input_sizes sizes = input_sizes(quick);
    return scratch_make_folder("inputs") && chdir("inputs") == 0 && write_source(sizes.functions) &&
           write_history(sizes.commits) && write_commands(sizes.commands) && chdir("..") == 0;
}

/* Returns the exit status. */
static int measure_all(const struct options *options)
{
    struct row rows[MOST_WORKLOADS];
    size_t count = 0;
    int status = EXIT_SAME;
    report_head(options->rounds);
    for (const struct workload *w = workloads; w->name != NULL && count < MOST_WORKLOADS; w++) {
        if (!is_chosen(w, options))
            continue;
        rows[count] = row_measure(w, options->rounds, options->quick);
        report_row(&rows[count]);
        if (rows[count].verdict != VERDICT_SAME)
            status = EXIT_NOT_SAME;
        if (rows[count++].verdict == VERDICT_STOPPED)
            return EXIT_INTERRUPTED;
    }
    report_end(rows, count);
    if (options->json != NULL)
        report_json(options->json, rows, count, options->rounds);
    return status;
}

int main(int count, char **arguments)
{
    struct options options = parse_options(count, arguments);
    int status = EXIT_WRONG_USE;
    run_prepare();
    if (!scratch_enter(options.library, options.programs)) {
        fprintf(stderr, "demo: no scratch folder: %s\n", strerror(errno));
        return EXIT_WRONG_USE;
    }
    if (make_inputs(options.quick))
        status = measure_all(&options);
    else
        fprintf(stderr, "demo: %s: %s\n", scratch_path(), strerror(errno));
    scratch_remove();
    if (options.json != NULL && fclose(options.json) != 0)
        status = EXIT_WRONG_USE;
    return status;
}

/* bench: programs of ours and real ones on our library, on glibc and on every peer.
 *
 *   for each row:      pair, mixed, …, gcc
 *     for each round:  1, 2, …
 *       for each allocator, a different one first in each round: run it, note the figures
 *
 *   bench --library FILE --launch PROGRAM --workloads DIR --programs DIR --out DIR
 *         [--rounds N] [--only NAMES] [--allocator NAME=FILE] [--json FILE] [--scale PERCENT]
 *         [--counts CROSSING]
 *
 * Ends with status 0 where all was measured, 1 where a run of our library failed, 2 where it was
 * called wrongly. Read order: main, measure_row, results.h, report_table.c. */
#include <errno.h>
#include <getopt.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/bench/counts.h"
#include "common/bench/report.h"
#include "common/bench/results.h"
#include "common/demo/inputs.h"

enum { DEFAULT_ROUNDS = 9, STATUS_FAILED = 1, STATUS_USAGE = 2, SOURCE_FUNCTIONS = 100 };

static struct {
    const char *library;
    const char *launch;
    const char *workloads;
    const char *programs;
    const char *out;
    const char *only;
    const char *json;
    const char *scale;
    const char *crossing; /* for counts: see crossing.c */
} options;

static struct results results = {.rounds = DEFAULT_ROUNDS};
static char run_folder[PATH_MAX];
static char launch_path[PATH_MAX];
static char crossing_path[PATH_MAX];

/* --- The folder in which programs run --- */

static bool link_into_folder(const char *to, const char *name)
{
    char absolute[PATH_MAX];
    if (realpath(to, absolute) == NULL)
        return false;
    return (unlink(name) == 0 || errno == ENOENT) && symlink(absolute, name) == 0;
}

/* out/run, with links `workloads` and `programs`, and a C program for gcc to compile. */
static bool make_folder(void)
{
    char path[PATH_MAX];
    char back[PATH_MAX];
    snprintf(path, sizeof path, "%s/run", options.out);
    if ((mkdir(options.out, 0755) != 0 && errno != EEXIST) ||
        (mkdir(path, 0755) != 0 && errno != EEXIST) || realpath(path, run_folder) == NULL ||
        getcwd(back, sizeof back) == NULL)
        return false;
    char workloads[PATH_MAX];
    char programs[PATH_MAX];
    if (realpath(options.workloads, workloads) == NULL ||
        realpath(options.programs, programs) == NULL)
        return false;
    return chdir(run_folder) == 0 && link_into_folder(workloads, "workloads") &&
           link_into_folder(programs, "programs") && write_source(SOURCE_FUNCTIONS) &&
           chdir(back) == 0;
}

/* --- Measuring --- */

/* Whether `name` is one of the words of `list`. */
static bool is_word_of(const char *list, const char *name)
{
    size_t length = strlen(name);
    for (list += strspn(list, " "); *list != '\0'; list += strspn(list, " ")) {
        size_t word = strcspn(list, " ");
        if (word == length && strncmp(list, name, length) == 0)
            return true;
        list += word;
    }
    return false;
}

static bool is_chosen(const struct row *row)
{
    return options.only == NULL || is_word_of(options.only, row->name);
}

static void show_progress(const char *row, size_t round, const char *allocator)
{
    if (isatty(STDERR_FILENO))
        fprintf(stderr, "\r\033[K%s, round %zu of %zu: %s", row, round + 1, results.rounds,
                allocator);
    else if (round == 0 && allocator == results.allocators.list[0].name)
        fprintf(stderr, "%s\n", row);
}

static void clear_progress(void)
{
    if (isatty(STDERR_FILENO))
        fputs("\r\033[K", stderr);
}

static void say_failed(const struct row *row, const char *allocator, const struct figures *figures)
{
    char why[64];
    process_explain(figures, why, sizeof why);
    clear_progress();
    fprintf(stderr, "%s on %s: %s\n", row->name, allocator, why);
}

static void measure_round(struct row_results *row, size_t round)
{
    const struct allocators *allocators = &results.allocators;
    for (size_t turn = 0; turn < allocators->count; turn++) {
        size_t which = (turn + round) % allocators->count;
        const struct allocator *allocator = &allocators->list[which];
        const struct process_options run = {.launch = options.launch,
                                            .folder = run_folder,
                                            .library = allocator->library,
                                            .scale = options.scale};
        show_progress(row->row->name, round, allocator->name);
        row->figures[which][round] = process_run(row->row, &run);
        if (!row->figures[which][round].ended_well)
            say_failed(row->row, allocator->name, &row->figures[which][round]);
    }
}

/* Returns whether our library did all rows. */
static bool measure(void)
{
    bool ours_ended_well = true;
    for (size_t i = 0; i < row_count; i++) {
        if (!is_chosen(&rows[i]))
            continue;
        struct row_results *row = &results.rows[results.row_count++];
        row->row = &rows[i];
        for (size_t round = 0; round < results.rounds; round++)
            measure_round(row, round);
        ours_ended_well &= results_are_whole(&results, results.row_count - 1, ALLOCATOR_OURS);
    }
    clear_progress();
    return ours_ended_well;
}

static bool report(void)
{
    report_table(&results, METRIC_CPU);
    report_table(&results, METRIC_MEMORY);
    report_targets(&results);
    if (options.json != NULL && !report_json(&results, options.json)) {
        perror(options.json);
        return false;
    }
    return true;
}

static bool count_rows(void)
{
    static struct counts counts[ROWS_MOST];
    size_t counted = 0;
    bool all_are_known = true;
    const struct process_options run = {.launch = options.launch,
                                        .folder = run_folder,
                                        .library = results.allocators.list[ALLOCATOR_OURS].library,
                                        .scale = options.scale,
                                        .counts = true};
    for (size_t i = 0; i < row_count; i++) {
        if (!is_chosen(&rows[i]) || rows[i].kind != ROW_ALLOCATOR_BOUND)
            continue;
        counts[counted] = counts_measure(&rows[i], &run, crossing_path);
        all_are_known &= counts[counted++].is_known;
    }
    counts_print(counts, counted);
    counts_print_model(counts, counted);
    if (options.json == NULL || counts_json(counts, counted, options.json))
        return all_are_known;
    perror(options.json);
    return false;
}

/* --- Options --- */

static _Noreturn void usage(const char *what)
{
    fprintf(stderr, "bench: %s\n", what);
    exit(STATUS_USAGE);
}

static void check_row_name(void)
{
    for (size_t i = 0; i < row_count; i++)
        if (is_chosen(&rows[i]))
            return;
    fprintf(stderr, "bench: no workload is called '%s'; there are:", options.only);
    for (size_t i = 0; i < row_count; i++)
        fprintf(stderr, " %s", rows[i].name);
    fputc('\n', stderr);
    exit(STATUS_USAGE);
}

static size_t rounds_from(const char *text)
{
    char *end = NULL;
    unsigned long rounds = strtoul(text, &end, 10);
    if (*end != '\0' || rounds < 1 || rounds > RESULTS_MOST_ROUNDS)
        usage("ROUNDS is a number from 1 to 64");
    return rounds;
}

static void take_option(int letter)
{
    switch (letter) {
    case 'l':
        options.library = optarg;
        break;
    case 'L':
        options.launch = realpath(optarg, launch_path);
        break;
    case 'w':
        options.workloads = optarg;
        break;
    case 'p':
        options.programs = optarg;
        break;
    case 'o':
        options.out = optarg;
        break;
    case 'r':
        results.rounds = rounds_from(optarg);
        break;
    case 'n':
        options.only = optarg;
        break;
    case 'j':
        options.json = optarg;
        break;
    case 's':
        options.scale = optarg;
        break;
    case 'c':
        options.crossing = realpath(optarg, crossing_path);
        break;
    case 'a':
        break; /* after ours and the peers: see add_allocators */
    default:
        usage("what is wrong is said above; make help lists what there is");
    }
}

static const struct option long_options[] = {
    {"library", required_argument, NULL, 'l'},   {"launch", required_argument, NULL, 'L'},
    {"workloads", required_argument, NULL, 'w'}, {"programs", required_argument, NULL, 'p'},
    {"out", required_argument, NULL, 'o'},       {"rounds", required_argument, NULL, 'r'},
    {"only", required_argument, NULL, 'n'},      {"json", required_argument, NULL, 'j'},
    {"scale", required_argument, NULL, 's'},     {"counts", required_argument, NULL, 'c'},
    {"allocator", required_argument, NULL, 'a'}, {NULL, 0, NULL, 0},
};

static void take_options(int count, char **arguments)
{
    int letter = 0;
    while ((letter = getopt_long(count, arguments, "", long_options, NULL)) != -1)
        take_option(letter);
    if (options.library == NULL || options.launch == NULL || options.workloads == NULL ||
        options.programs == NULL || options.out == NULL)
        usage("--library, --launch, --workloads, --programs and --out are needed");
    check_row_name();
}

static bool add_allocators(int count, char **arguments)
{
    if (!allocators_find(&results.allocators, options.library))
        return false;
    int letter = 0;
    optind = 1;
    while ((letter = getopt_long(count, arguments, "", long_options, NULL)) != -1)
        if (letter == 'a' && !allocators_add(&results.allocators, optarg))
            return false;
    return true;
}

int main(int count, char **arguments)
{
    take_options(count, arguments);
    unsetenv("LD_PRELOAD");
    if (!add_allocators(count, arguments))
        return STATUS_USAGE;
    if (!make_folder()) {
        perror(options.out);
        return STATUS_USAGE;
    }
    if (options.crossing != NULL)
        return count_rows() ? EXIT_SUCCESS : STATUS_FAILED;
    bool ours_ended_well = measure();
    return report() && ours_ended_well ? EXIT_SUCCESS : STATUS_FAILED;
}

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
 * Ends with status 0 where all was measured, 1 where a run of our library failed or it was interrupted
 * (what was measured by then is reported), 2 where it was called wrongly. Read order: main, measure_row, results.h, report_table.c. */
#include <errno.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/bench/bench_options.h"
#include "common/bench/counts.h"
#include "common/bench/report.h"
#include "common/bench/results.h"
#include "common/demo/inputs.h"

enum { STATUS_FAILED = 1, SOURCE_FUNCTIONS = 100 };

static struct bench_options options;
static struct results results;
static char run_folder[PATH_MAX];

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

/* Interrupted, it ends the run that it is at and reports the rows that are whole. */
static volatile sig_atomic_t is_interrupted;

static void note_interrupt(int signal)
{
    (void)signal;
    is_interrupted = 1;
}

static void measure_round(struct row_results *row, size_t round)
{
    const struct allocators *allocators = &results.allocators;
    for (size_t turn = 0; turn < allocators->count && !is_interrupted; turn++) {
        size_t which = (turn + round) % allocators->count;
        const struct allocator *allocator = &allocators->list[which];
        const struct process_options run = {.launch = options.launch,
                                            .folder = run_folder,
                                            .library = allocator->library,
                                            .scale = options.scale};
        show_progress(row->row->name, round, allocator->name);
        row->figures[which][round] = process_run(row->row, &run);
        if (!row->figures[which][round].ended_well && !is_interrupted)
            say_failed(row->row, allocator->name, &row->figures[which][round]);
    }
}

/* Returns whether our library did all rows. */
static bool measure(void)
{
    bool ours_ended_well = true;
    for (size_t i = 0; i < row_count; i++) {
        if (!bench_options_choose(&options, &rows[i]))
            continue;
        struct row_results *row = &results.rows[results.row_count++];
        row->row = &rows[i];
        for (size_t round = 0; round < results.rounds && !is_interrupted; round++)
            measure_round(row, round);
        if (is_interrupted) {
            results.row_count--;
            break;
        }
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
        if (!bench_options_choose(&options, &rows[i]) || rows[i].kind != ROW_ALLOCATOR_BOUND)
            continue;
        counts[counted] = counts_measure(&rows[i], &run, options.crossing);
        all_are_known &= counts[counted++].is_known;
    }
    counts_print(counts, counted);
    counts_print_model(counts, counted);
    if (options.json == NULL || counts_json(counts, counted, options.json))
        return all_are_known;
    perror(options.json);
    return false;
}

static bool find_allocators(void)
{
    if (!allocators_find(&results.allocators, options.library))
        return false;
    for (size_t i = 0; i < options.more_count; i++)
        if (!allocators_add(&results.allocators, options.more[i]))
            return false;
    return true;
}

int main(int count, char **arguments)
{
    bench_options_read(count, arguments, &options);
    results.rounds = options.rounds;
    unsetenv("LD_PRELOAD");
    if (!find_allocators())
        return STATUS_USAGE;
    if (!make_folder()) {
        perror(options.out);
        return STATUS_USAGE;
    }
    if (options.crossing[0] != '\0')
        return count_rows() ? EXIT_SUCCESS : STATUS_FAILED;
    (void)signal(SIGINT, note_interrupt);
    (void)signal(SIGTERM, note_interrupt);
    bool ours_ended_well = measure() && !is_interrupted;
    return report() && ours_ended_well ? EXIT_SUCCESS : STATUS_FAILED;
}

/* row: see row.h. That the library was really loaded is seen by its own word: with MEMPOOL_STATS=1
 * each process prints a table on stderr when it ends. No program's result depends on stderr. */
#include "common/demo/row.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#include "common/demo/report.h"
#include "common/demo/run.h"
#include "common/demo/scratch.h"

/* --- What the programs find in their environment --- */

static const char *const fixed_variables[] = {
    "PATH=/usr/bin:/bin",
    "LC_ALL=C",
    "TZ=UTC",
    "PYTHONMALLOC=malloc", /* python's own allocator would hide nearly every object from ours */
    "PYTHONHASHSEED=0",
    "PERL_HASH_SEED=0",
    "PERL_PERTURB_KEYS=0",
    "GIT_CONFIG_GLOBAL=/dev/null",
    "GIT_CONFIG_NOSYSTEM=1",
    "GIT_AUTHOR_DATE=1800000000 +0000",
    "GIT_COMMITTER_DATE=1800000000 +0000",
};

enum {
    FIXED_COUNT = sizeof fixed_variables / sizeof *fixed_variables,
    OWN_COUNT = 7,
    VALUE_BYTES = 4200,
};

struct environment {
    char *list[FIXED_COUNT + OWN_COUNT + 1];
    char values[OWN_COUNT][VALUE_BYTES];
    size_t own_count;
};

static void add_variable(struct environment *to, const char *name, const char *value,
                         const char *value_end)
{
    char *text = to->values[to->own_count];
    snprintf(text, VALUE_BYTES, "%s=%s%s", name, value, value_end);
    to->list[FIXED_COUNT + to->own_count++] = text;
}

static void make_environment(struct environment *out, const char *size, bool with_library)
{
    memset(out, 0, sizeof *out);
    for (size_t i = 0; i < FIXED_COUNT; i++)
        out->list[i] = (char *)fixed_variables[i];
    add_variable(out, "DEMO", scratch_path(), "/programs");
    add_variable(out, "INPUTS", scratch_path(), "/inputs");
    add_variable(out, "HOME", scratch_path(), "/run");
    add_variable(out, "TMPDIR", scratch_path(), "/run");
    add_variable(out, "SIZE", size, "");
    if (with_library) {
        add_variable(out, "MEMPOOL_STATS", "1", "");
        add_variable(out, "LD_PRELOAD", scratch_path(), "/libmempool.so");
    }
}

/* --- One run --- */

static void say(struct row *row, enum verdict verdict, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

static void say(struct row *row, enum verdict verdict, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    row->verdict = verdict;
    vsnprintf(row->detail, sizeof row->detail, format, arguments);
    va_end(arguments);
}

static const char *which(bool with_library)
{
    return with_library ? "with the library" : "without the library";
}

static void say_how_it_failed(struct row *row, const struct run *run, bool with_library)
{
    read_message("run/errors", row->message, sizeof row->message);
    if (WIFSIGNALED(run->wait_status))
        say(row, VERDICT_FAILED, "%s: killed by signal %d", which(with_library),
            WTERMSIG(run->wait_status));
    else
        say(row, VERDICT_FAILED, "%s: exit status %d", which(with_library),
            WEXITSTATUS(run->wait_status));
}

/* Returns whether the run ended well; `row` says it otherwise. */
static bool ended_well(struct row *row, const struct run *run, bool with_library)
{
    switch (run->end) {
    case RUN_DONE:
        return true;
    case RUN_FAILED:
        say_how_it_failed(row, run, with_library);
        return false;
    case RUN_TOOK_LONG:
        say(row, VERDICT_FAILED, "%s: not done after %d seconds", which(with_library),
            RUN_MOST_SECONDS);
        return false;
    case RUN_INTERRUPTED:
        break;
    }
    say(row, VERDICT_STOPPED, "interrupted");
    return false;
}

static bool library_is_right(struct row *row, bool with_library)
{
    size_t tables = count_stats_tables("run/errors");
    if (with_library && tables < row->workload->least_processes)
        say(row, VERDICT_NOT_LOADED, "only %zu of %zu processes loaded the library", tables,
            row->workload->least_processes);
    else if (!with_library && tables != 0)
        say(row, VERDICT_NOT_LOADED, "the library is loaded where it was not asked for");
    else
        return true;
    return false;
}

/* The first result of all is kept, the others are compared with it. */
static bool result_is_same(struct row *row, bool is_first, bool with_library)
{
    size_t offset = 0;
    if (is_first && rename("run/result", "first") != 0) {
        say(row, VERDICT_FAILED, "cannot keep its result: %s", strerror(errno));
        return false;
    }
    if (is_first || files_are_same("first", "run/result", &offset))
        return true;
    say(row, with_library ? VERDICT_DIFFERENT : VERDICT_UNSOUND,
        "%s its result differs from byte %zu on", which(with_library), offset);
    return false;
}

static bool run_once(struct row *row, const char *size, bool is_first, bool with_library,
                     struct run *out)
{
    struct environment environment;
    make_environment(&environment, size, with_library);
    if (!scratch_make_folder("run") ||
        !run_command(row->workload->command, "run", environment.list, RUN_MOST_SECONDS, out)) {
        say(row, VERDICT_FAILED, "cannot be started: %s", strerror(errno));
        return false;
    }
    return ended_well(row, out, with_library) && library_is_right(row, with_library) &&
           result_is_same(row, is_first, with_library);
}

/* --- All runs --- */

static int compare_doubles(const void *left, const void *right)
{
    const double *a = left;
    const double *b = right;
    return (*a > *b) - (*a < *b);
}

static double median(double *values, size_t count)
{
    qsort(values, count, sizeof *values, compare_doubles);
    return (values[(count - 1) / 2] + values[count / 2]) / 2;
}

struct samples {
    double cpu_seconds[ROW_MOST_ROUNDS];
    double peak_bytes[ROW_MOST_ROUNDS];
};

static struct figures medians(struct samples *samples, size_t count)
{
    return (struct figures){.cpu_seconds = median(samples->cpu_seconds, count),
                            .peak_bytes = median(samples->peak_bytes, count)};
}

/* A result was another one with the library: does it come out the same twice without it? */
static void doubt(struct row *row, const char *size)
{
    struct row again = {.workload = row->workload, .verdict = VERDICT_SAME};
    struct run run;
    if (!run_once(&again, size, false, false, &run))
        *row = again;
}

struct row row_measure(const struct workload *workload, size_t rounds, bool quick)
{
    struct row row = {.workload = workload, .verdict = VERDICT_SAME};
    struct samples samples[2]; /* without the library, with it */
    const char *missing = workload_missing_program(workload);
    if (missing != NULL) {
        say(&row, VERDICT_MISSING, "%s is not installed: apt-get install %s", missing,
            workload->package);
        return row;
    }
    const char *size = quick ? workload->quick_size : workload->full_size;
    for (size_t i = 0; i < 2 * rounds; i++) {
        bool with_library = i % 4 == 1 || i % 4 == 2;
        struct run run;
        report_progress(workload->name, i + 1, 2 * rounds);
        if (!run_once(&row, size, i == 0, with_library, &run)) {
            if (row.verdict == VERDICT_DIFFERENT)
                doubt(&row, size);
            return row;
        }
        samples[with_library].cpu_seconds[i / 2] = run.cpu_seconds;
        samples[with_library].peak_bytes[i / 2] = (double)run.peak_bytes;
    }
    row.glibc = medians(&samples[false], rounds);
    row.pool = medians(&samples[true], rounds);
    return row;
}

double row_cpu_ratio(const struct row *row)
{
    return row->pool.cpu_seconds / row->glibc.cpu_seconds;
}

double row_peak_ratio(const struct row *row)
{
    return row->pool.peak_bytes / row->glibc.peak_bytes;
}

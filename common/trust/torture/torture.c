/* torture: the test suites and the hard work of large programs, without the library and with it. Where the two
 * say the same, the program trusts us rightly; where not, it is our bug. Two suites go on at a time.
 *
 *   suites[] ─▶ programs/NAME.sh in a folder of its own, twice ─▶ its stdout, one line a result
 *                  without the library ─────────────────┐
 *                  with it ─────────────────────────────┴─▶ the same lines? the same end?
 *
 * A script ends with status 0 also where tests of its suite fail: these are results. Test suites of this
 * size have tests that depend on the time: where a result differs, that is shown, and both runs are made
 * once more. All must be over in MOST_SECONDS: where the machine is busy, the suites that begin late are
 * made in their quick form, and that is said too. What was printed is kept in --logs. Run and scratch
 * folders are those of common/demo. Exit status: 0 all the same, 1 not so, 2 wrong use, 130 interrupted.
 *
 * Read order: main, try_suite, trial_run; then outcome.c, suites.c. */
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "common/demo/inputs.h"
#include "common/demo/run.h"
#include "common/demo/scratch.h"
#include "common/trust/torture/lanes.h"
#include "common/trust/torture/outcome.h"
#include "common/trust/torture/suites.h"
#include "common/trust/torture/trial.h"

enum { MOST_TEXT = 4096, LANES = 2 };

enum {
    LATE_SECONDS = 600, /* what begins after this is quick */
    MOST_SECONDS = 1140,
};

struct options {
    const char *library;
    const char *programs;
    const char *logs;
    const char *only; /* NULL: all */
    bool quick;
};

/* What a lane is given. */
struct work {
    const struct options *options;
    struct lanes_tally *tally;
};

static time_t start_second;

static unsigned seconds_gone(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (unsigned)(now.tv_sec - start_second);
}

/* --- One suite --- */

static size_t count_lines(const char *name)
{
    size_t lines = 0;
    FILE *file = fopen(name, "r");
    for (int letter = 0; file != NULL && (letter = getc_unlocked(file)) != EOF;)
        lines += letter == '\n';
    if (file != NULL)
        fclose(file);
    return lines;
}

/* What this run may take: no more than is left of the whole. */
static unsigned seconds_for(const struct options *options, const struct suite *suite)
{
    unsigned most = options->quick ? suite->quick_seconds : suite->full_seconds;
    unsigned gone = seconds_gone();
    unsigned left = gone < MOST_SECONDS ? MOST_SECONDS - gone : 1;
    return most < left ? most : left;
}

/* Returns false where it was interrupted or could not be started. */
static bool try_suite(const struct options *options, const struct suite *suite, struct outcome *out)
{
    char command[MOST_TEXT];
    out->quick = !options->quick && seconds_gone() > LATE_SECONDS;
    snprintf(command, sizeof command, "exec sh \"$TORTURE/%s.sh\"", suite->name);
    for (int with = 0; with <= 1; with++) {
        struct run *run = with ? &out->with : &out->without;
        if (!trial_run(command, seconds_for(options, suite), options->quick || out->quick, with,
                       run) ||
            run->end == RUN_INTERRUPTED)
            return false;
        outcome_keep_logs(out, options->logs, suite->name, with ? "with" : "without");
    }
    size_t offset = 0;
    out->lines = count_lines("with");
    out->same = files_are_same("without", "with", &offset) && out->lines != 0 &&
                out->without.end == RUN_DONE && out->with.end == RUN_DONE;
    return true;
}

/* --- All suites --- */

/* The library is in a process that is started with it, or all the rest would prove nothing. */
static bool library_is_loaded(void)
{
    struct run run;
    return trial_run("grep -q libmempool.so /proc/self/maps", 20, true, true, &run) &&
           run.end == RUN_DONE;
}

static bool make_inputs(bool quick)
{
    return chmod(scratch_path(), 0755) == 0 && chmod("libmempool.so", 0755) == 0 &&
           scratch_make_folder("inputs") && chdir("inputs") == 0 &&
           write_source(quick ? 150 : 800) && write_history(quick ? 300 : 4000) &&
           write_commands(quick ? 30000 : 200000) && chdir("..") == 0;
}

static bool is_chosen(const struct suite *suite, const struct options *options)
{
    if (options->only != NULL)
        return strcmp(options->only, suite->name) == 0;
    return !options->quick || suite->quick_seconds != 0;
}

/* Returns false where it was interrupted. */
static bool take_suite(const struct work *work, const struct suite *suite)
{
    struct lanes_tally *tally = work->tally;
    struct outcome outcome = {0};
    if (!suite_is_installed(suite)) {
        printf("%-10s MISSING: make deps-torture installs %s\n", suite->name, suite->package);
        tally->different++;
        return true;
    }
    bool went = try_suite(work->options, suite, &outcome);
    if (went && !outcome.same) {
        outcome_report(&outcome, work->options->logs, suite->name);
        outcome = (struct outcome){.again = true};
        went = try_suite(work->options, suite, &outcome);
    }
    if (!went)
        return false;
    outcome_report(&outcome, work->options->logs, suite->name);
    tally->count++;
    tally->results += outcome.lines;
    tally->different += !outcome.same;
    return true;
}

/* In a process of its own: suites until none is left. */
static bool run_lane(const void *context, unsigned lane)
{
    const struct work *work = context;
    char name[16];
    snprintf(name, sizeof name, "lane-%u", lane);
    if (!trial_enter(name))
        return false;
    for (;;) {
        const struct suite *suite = &suites[work->tally->next++];
        if (suite >= suites_end())
            return true;
        if (is_chosen(suite, work->options) && !take_suite(work, suite))
            return false;
    }
}

/* Returns the exit status. */
static int run_all(const struct options *options)
{
    struct work work = {.options = options, .tally = lanes_tally()};
    if (work.tally == NULL)
        return 2;
    printf("%-10s %-20s %7s %10s %8s   %s\n", "program", "its results are", "results", "CPU s: own",
           "pool", "its end: own, pool");
    if (!lanes_run(LANES, run_lane, &work))
        return 130;
    size_t count = work.tally->count;
    size_t different = work.tally->different;
    printf("torture: %zu programs, %zu results compared in %u s: %zu passed, %zu failed\n", count,
           (size_t)work.tally->results, seconds_gone(),
           count - (different < count ? different : count), different);
    return count != 0 && different == 0 ? 0 : 1;
}

/* --- Options --- */

static const struct option known[] = {
    {"library", required_argument, NULL, 'l'}, {"programs", required_argument, NULL, 'p'},
    {"logs", required_argument, NULL, 'g'},    {"only", required_argument, NULL, 'o'},
    {"quick", no_argument, NULL, 'q'},         {NULL, 0, NULL, 0},
};

static bool parse_options(int count, char **arguments, struct options *out)
{
    for (int letter = 0; (letter = getopt_long(count, arguments, "", known, NULL)) >= 0;) {
        if (letter == 'l')
            out->library = optarg;
        else if (letter == 'p')
            out->programs = optarg;
        else if (letter == 'g')
            out->logs = realpath(optarg, NULL);
        else if (letter == 'o')
            out->only = optarg;
        else if (letter == 'q')
            out->quick = true;
        else
            return false;
    }
    return out->library != NULL && out->programs != NULL && out->logs != NULL;
}

int main(int count, char **arguments)
{
    struct options options = {0};
    if (!parse_options(count, arguments, &options)) {
        fprintf(
            stderr,
            "usage: torture --library FILE --programs DIR --logs DIR [--quick] [--only NAME]\n");
        return 2;
    }
    run_prepare();
    start_second += (time_t)seconds_gone();
    if (!scratch_enter(options.library, options.programs)) {
        fprintf(stderr, "torture: no scratch folder: %s\n", strerror(errno));
        return 2;
    }
    int status = 2;
    if (!make_inputs(options.quick))
        fprintf(stderr, "torture: %s: %s\n", scratch_path(), strerror(errno));
    else if (!library_is_loaded())
        fprintf(stderr, "torture: the library cannot be preloaded\n");
    else
        status = run_all(&options);
    scratch_remove();
    return status;
}

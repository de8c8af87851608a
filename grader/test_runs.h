/* test_runs: runs tests of a program, each as its own process. */
#ifndef GRADER_TEST_RUNS_H
#define GRADER_TEST_RUNS_H

#include <sys/types.h>

#include "grader/calibration.h"
#include "grader/grading.h"

/* How the tests of a phase are run, whoever's program it is. */
struct test_runs {
    const struct grading *grading;
    const struct stage *stage;
    const char *phase;       /* as named to the user, and in the calibration's file */
    const char *environment; /* one more "NAME=value", or NULL */
    size_t memory_bytes;
    bool keeps_folder;      /* what a test writes in its folder stays */
    int exit_passed;        /* see verdict_judge */
    unsigned floor_seconds; /* a limit on processor time is never less */
};

struct test_end {
    enum status status;
    char *message;
    unsigned cpu_ms;
    pid_t pid;
    const char *folder;
};

/* Run the tests that `names` names (of `count`, in order). `ends` has an item for each.
 * `limits` NULL: `program` is the reference's; limits are generous, and how long each test took is
 * remembered. */
void test_runs_do(const struct test_runs *runs, const char *program,
                  const struct calibration *limits, const char *const *names, size_t count,
                  struct test_end *ends);

/* The limits for a phase: what the reference's `program` needs, measured now unless it was. */
void test_runs_calibrate(const struct test_runs *runs, const char *program,
                         const char *const *names, size_t count, struct calibration *limits);

/* The file that a phase's calibration is remembered in. */
const char *calibration_file(const struct grading *grading, const struct stage *stage,
                             const char *phase);

/* How `program` is called to run one test and to report to the grader; NULL last. */
const char *const *test_arguments(const struct grading *grading, const char *program,
                                  const char *name, unsigned cpu_seconds);

/* The environment of a process that runs tests: nothing of the user's, `extra` (or NULL), NULL. */
const char *const *test_environment(const char *extra);

/* A folder for such a process to run in, its own. */
const char *test_folder(void);

#endif

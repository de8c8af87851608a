/* tool_jobs: runs of tools over whole stages, gathered first and then done side by side.
 *
 *   jobs_valgrind, jobs_coverage ──▶ jobs ──▶ phase_tools.c: runs them ──▶ look_at, one after another */
#ifndef GRADER_TOOL_JOBS_H
#define GRADER_TOOL_JOBS_H

#include "grader/grading.h"
#include "grader/process.h"

struct tool_job {
    struct process process;
    struct stage_result *result;
    /* Called when all jobs have ended, in the order in which they were added. */
    void (*look_at)(const struct grading *grading, const struct tool_job *job);
    const void *context; /* the job's own */
};

struct tool_jobs {
    struct tool_job *items;
    size_t count;
};

/* Returns a new job, whose process is still to be filled in; valid until the next is added. */
struct tool_job *tool_jobs_add(struct tool_jobs *jobs, struct stage_result *result,
                               void (*look_at)(const struct grading *grading,
                                               const struct tool_job *job),
                               const void *context);

/* phase_valgrind.c: memcheck, twice, and helgrind on the tests that start threads. */
void jobs_valgrind(const struct grading *grading, struct stage_result *result,
                   struct tool_jobs *jobs);

/* phase_coverage.c: the tests, counted; and in a later round, gcovr over the counters. */
void jobs_coverage(const struct grading *grading, struct stage_result *result,
                   struct tool_jobs *jobs);
void jobs_gcovr(const struct grading *grading, struct stage_result *result, struct tool_jobs *jobs);

#endif

/* phase_tools: Valgrind and coverage, over all stages that have anything to look at.
 *
 * Each run of a tool takes one core for seconds. Those of all stages are done side by side, the
 * longest first, so that no core waits for another. */
#include "grader/keep.h"
#include "grader/phases.h"
#include "grader/progress.h"
#include "grader/tool_jobs.h"

struct tool_job *tool_jobs_add(struct tool_jobs *jobs, struct stage_result *result,
                               void (*look_at)(const struct grading *grading,
                                               const struct tool_job *job),
                               const void *context)
{
    jobs->items = keep_room(jobs->items, jobs->count, sizeof *jobs->items);
    struct tool_job *job = &jobs->items[jobs->count++];
    *job = (struct tool_job){.result = result, .look_at = look_at, .context = context};
    return job;
}

static void do_all(const struct grading *grading, struct tool_jobs *jobs)
{
    struct process *processes = keep_bytes(jobs->count * sizeof *processes);
    struct progress_steps steps = {0, jobs->count};
    for (size_t i = 0; i < jobs->count; i++)
        processes[i] = jobs->items[i].process;
    process_run_all(processes, jobs->count, grading->at_once, progress_count, &steps);
    for (size_t i = 0; i < jobs->count; i++) {
        jobs->items[i].process = processes[i];
        jobs->items[i].look_at(grading, &jobs->items[i]);
    }
}

static void say_what_valgrind_found(struct stage_result *const *stages, size_t count)
{
    size_t errors = 0;
    size_t about_locks = 0;
    for (size_t i = 0; i < count; i++) {
        errors += stages[i]->memcheck.count;
        about_locks += stages[i]->helgrind.count;
        if (stages[i]->memcheck.state == TOOL_BROKEN) {
            progress_end("GRADER_ERROR: %.30s", stages[i]->memcheck.why);
            return;
        }
    }
    progress_end("%zu memory errors, %zu about locks", errors, about_locks);
}

static void say_what_was_covered(struct stage_result *const *stages, size_t count)
{
    unsigned lines = 0;
    unsigned lines_run = 0;
    for (size_t i = 0; i < count; i++) {
        lines += stages[i]->coverage.lines;
        lines_run += stages[i]->coverage.lines_run;
        if (stages[i]->coverage.state == TOOL_BROKEN) {
            progress_end("GRADER_ERROR");
            return;
        }
    }
    progress_end("%u of %u lines", lines_run, lines);
}

void phase_tools(const struct grading *grading, struct stage_result *const *stages, size_t count)
{
    struct tool_jobs runs = {NULL, 0};
    struct tool_jobs gcovr_runs = {NULL, 0};
    progress_start(NULL, "valgrind");
    for (size_t i = count; i-- > 0;) { /* later stages have more to run */
        jobs_valgrind(grading, stages[i], &runs);
        jobs_coverage(grading, stages[i], &runs);
    }
    do_all(grading, &runs);
    say_what_valgrind_found(stages, count);
    progress_start(NULL, "coverage");
    for (size_t i = 0; i < count; i++)
        jobs_gcovr(grading, stages[i], &gcovr_runs);
    do_all(grading, &gcovr_runs);
    say_what_was_covered(stages, count);
}

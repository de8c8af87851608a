/* phase_races: runs the tests that start threads under ThreadSanitizer, each as its own process.
 * ThreadSanitizer knows C11 atomics, so what it reports is a race. */
#include <string.h>

#include "grader/files.h"
#include "grader/keep.h"
#include "grader/phases.h"
#include "grader/process.h"
#include "grader/programs.h"
#include "grader/progress.h"
#include "grader/test_runs.h"
#include "grader/tsan_log.h"

enum {
    RACES_FLOOR_SECONDS = 10,
    RACES_EXIT_STATUS = 66,
    MOST_LOG = 1024 * 1024,
    START_WALL_SECONDS = 30,
};

/* Where ThreadSanitizer cannot start, the reference's program cannot list its tests either.
 * Returns NULL, or what it said. */
static char *try_to_start(const char *program)
{
    const char *arguments[] = {program, "--list", NULL};
    struct process process = {
        .arguments = arguments,
        .environment = test_environment(NULL),
        .folder = test_folder(),
        .jail = jail_with(program, NULL),
        .wall_seconds = START_WALL_SECONDS,
        .fixed_addresses = true,
    };
    process_run(&process);
    if (process_succeeded(&process))
        return NULL;
    char *said = process.start_error != 0 ? process_start_failure(&process)
                                          : tsan_log_fatal(process.output.bytes);
    return keep_format("ThreadSanitizer cannot start here: %s",
                       said == NULL ? process_last_line(&process) : said);
}

/* Builds both programs. Returns NULL, or why the phase cannot be run. */
static char *make_ready(const struct grading *grading, const struct program *reference,
                        const struct program *subject)
{
    char *broken = program_build_reference(grading, reference);
    if (broken == NULL)
        broken = try_to_start(program_to_run(grading, reference));
    if (broken != NULL || subject->subject == SUBJECT_SOLUTION)
        return broken;
    struct build build;
    program_build(grading, subject, &build);
    return build.done ? NULL : build.error;
}

/* The places of the stage's threaded tests; those that time out anyway are left out. */
static size_t choose(const struct stage_result *result, size_t *chosen, const char **names)
{
    size_t count = 0;
    for (size_t i = 0; i < result->test_count; i++) {
        const struct test_result *test = &result->tests[i];
        if (!test->facts.threads || test->status == STATUS_TIMEOUT ||
            test->status == STATUS_MEMORY || test->status == STATUS_OUTPUT ||
            test->status == STATUS_NOT_DONE || test->status == STATUS_SKIPPED)
            continue;
        chosen[count] = i;
        names[count++] = test->facts.name;
    }
    return count;
}

static void run_chosen(const struct grading *grading, const struct program *reference,
                       const struct program *subject, struct stage_result *result)
{
    size_t *chosen = keep_bytes(result->test_count * sizeof *chosen);
    const char **names = keep_bytes(result->test_count * sizeof *names);
    size_t count = choose(result, chosen, names);
    struct test_runs runs = {
        .grading = grading,
        .stage = result->stage,
        .phase = "races",
        .environment = keep_format("TSAN_OPTIONS=exitcode=%d:report_thread_leaks=0:"
                                   "report_signal_unsafe=0:log_path=tsan",
                                   RACES_EXIT_STATUS),
        .keeps_folder = true,
        .exit_passed = RACES_EXIT_STATUS,
        .floor_seconds = RACES_FLOOR_SECONDS,
    };
    struct calibration limits;
    bool is_reference = subject->subject == SUBJECT_SOLUTION;
    if (!is_reference)
        test_runs_calibrate(&runs, program_to_run(grading, reference), names, count, &limits);
    struct test_end *ends = keep_bytes(count * sizeof *ends);
    test_runs_do(&runs, program_to_run(grading, subject), is_reference ? NULL : &limits, names,
                 count, ends);
    for (size_t i = 0; i < count; i++) {
        struct test_result *test = &result->tests[chosen[i]];
        test->passed_races = ends[i].status == STATUS_PASSED;
        char *text = file_read_regular(
            keep_format("%s/tsan.%ld", ends[i].folder, (long)ends[i].pid), MOST_LOG, NULL);
        if (text != NULL)
            tsan_log_read(text, subject->subject, test->facts.name, &result->races);
    }
}

void phase_races(const struct grading *grading, struct stage_result *result)
{
    struct program subject = program_subject(grading, result->stage, "tsan", "");
    struct program reference = program_reference(result->stage, "tsan", "");
    progress_start(result->stage, "races");
    char *broken = make_ready(grading, &reference, &subject);
    if (broken != NULL) {
        tool_broken(&result->races, broken);
        progress_end("GRADER_ERROR");
        return;
    }
    result->races.state = TOOL_RUN;
    run_chosen(grading, &reference, &subject, result);
    progress_end("%zu races", result->races.count);
}

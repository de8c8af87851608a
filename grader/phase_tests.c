/* phase_tests: lists, builds and runs the tests of a stage. */
#include <string.h>

#include "grader/keep.h"
#include "grader/phases.h"
#include "grader/process.h"
#include "grader/programs.h"
#include "grader/progress.h"
#include "grader/test_list.h"
#include "grader/test_runs.h"

enum {
    LIST_WALL_SECONDS = 20,
    LIST_OUTPUT = 1024 * 1024,
    TEST_FLOOR_SECONDS = 2,
};

/* More than any test needs, and less than it takes to bring the machine down. */
static const size_t test_memory_bytes = (size_t)4 << 30;

void phase_list(const struct grading *grading, struct stage_result *result)
{
    struct program reference = program_reference(result->stage, "debug", "");
    result->broken = program_build_reference(grading, &reference);
    if (result->broken != NULL)
        return;
    const char *arguments[] = {program_path(grading, &reference), "--list", NULL};
    struct process process = {
        .arguments = arguments, .wall_seconds = LIST_WALL_SECONDS, .most_output = LIST_OUTPUT};
    process_run(&process);
    if (process_succeeded(&process))
        result->test_count = test_list_parse(process.output.bytes, &result->tests);
    if (result->test_count == 0)
        result->broken =
            keep_format("the reference of stage %u lists no tests", result->stage->number);
}

static void mark_all(struct stage_result *result, enum status status, char *message)
{
    for (size_t i = 0; i < result->test_count; i++) {
        result->tests[i].status = status;
        result->tests[i].message = message;
    }
}

void phase_build(const struct grading *grading, struct stage_result *result)
{
    struct program subject = program_subject(grading, result->stage, "debug", "");
    struct build build;
    progress_start(result->stage, "build");
    phase_list(grading, result);
    if (result->broken != NULL) {
        progress_end("GRADER_ERROR");
        return;
    }
    program_build(grading, &subject, &build);
    if (!build.done) {
        result->compile_error = build.error;
        mark_all(result, build.status, build.error);
    }
    if (*build.diagnostics != '\0')
        result->warnings = build.diagnostics;
    progress_end(build.done ? *build.diagnostics == '\0' ? "done" : "done, with warnings"
                 : build.status == STATUS_FORBIDDEN ? "refused by the gate"
                                                    : "does not compile");
}

static const char **all_names(const struct stage_result *result)
{
    const char **names = keep_bytes(result->test_count * sizeof *names);
    for (size_t i = 0; i < result->test_count; i++)
        names[i] = result->tests[i].facts.name;
    return names;
}

void phase_tests(const struct grading *grading, struct stage_result *result)
{
    struct program subject = program_subject(grading, result->stage, "debug", "");
    struct program reference = program_reference(result->stage, "debug", "");
    struct test_runs runs = {
        .grading = grading,
        .stage = result->stage,
        .phase = "tests",
        .memory_bytes = test_memory_bytes,
        .floor_seconds = TEST_FLOOR_SECONDS,
    };
    const char **names = all_names(result);
    size_t count = result->test_count;
    struct calibration limits;
    bool is_reference = subject.subject == SUBJECT_SOLUTION;
    struct test_end *ends = keep_bytes(count * sizeof *ends);
    progress_start(result->stage, "tests");
    if (!is_reference)
        test_runs_calibrate(&runs, program_to_run(grading, &reference), names, count, &limits);
    test_runs_do(&runs, program_to_run(grading, &subject), is_reference ? NULL : &limits, names,
                 count, ends);
    size_t passed = 0;
    for (size_t i = 0; i < count; i++) {
        result->tests[i].status = ends[i].status;
        result->tests[i].message = ends[i].message;
        result->tests[i].cpu_ms = ends[i].cpu_ms;
        passed += ends[i].status == STATUS_PASSED;
    }
    progress_end("%zu of %zu tests passed", passed, count);
}

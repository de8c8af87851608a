/* phase_tests: lists, builds and runs the tests of a stage.
 *
 *   waves of tests whose needs have passed  ──▶  threaded tests that failed, again  ──▶  verdicts
 *
 * With threads, a test that fails may pass the next time: then neither verdict is the truth, and the
 * test is UNSTABLE. One that passes is not run again: ThreadSanitizer looks at it later. */
#include <string.h>

#include "grader/crash_place.h"
#include "grader/hidden.h"
#include "grader/keep.h"
#include "grader/phases.h"
#include "grader/process.h"
#include "grader/programs.h"
#include "grader/progress.h"
#include "grader/test_list.h"
#include "grader/test_needs.h"
#include "grader/test_runs.h"

enum {
    LIST_WALL_SECONDS = 20,
    LIST_OUTPUT = 1024 * 1024,
    TEST_FLOOR_SECONDS = 2,
    RUNS_AGAIN = 4,         /* of a threaded test that failed */
    RUNS_AGAIN_TIMEOUT = 1, /* of one that took its whole limit to do so */
};

/* More than any test needs, and less than it takes to bring the machine down. */
static const size_t test_memory_bytes = (size_t)1 << 30;

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
    hidden_mark(grading->options->hidden, result);
    if (result->test_count == 0)
        result->broken =
            keep_format("the reference of stage %u lists no tests", result->stage->number);
    else if (test_needs_unknown(result) != NULL)
        result->broken = keep_format("a test of stage %u needs %s, which is none of its tests",
                                     result->stage->number, test_needs_unknown(result));
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

static const char **names_of(const struct stage_result *result, const size_t *places, size_t count)
{
    const char **names = keep_bytes(count * sizeof *names);
    for (size_t i = 0; i < count; i++)
        names[i] = result->tests[places == NULL ? i : places[i]].facts.name;
    return names;
}

/* Run the tests at these places, each once. */
static void run_at(const struct test_runs *runs, const char *program,
                   const struct calibration *limits, struct stage_result *result,
                   const size_t *places, size_t count)
{
    struct test_end *ends = keep_bytes(count * sizeof *ends);
    test_runs_do(runs, program, limits, names_of(result, places, count), count, ends);
    for (size_t i = 0; i < count; i++) {
        struct test_result *test = &result->tests[places == NULL ? i : places[i]];
        test->status = ends[i].status;
        test->message = ends[i].message;
        test->cpu_ms = ends[i].cpu_ms;
    }
}

/* --- Tests that fail now and then --- */

static size_t runs_again(const struct test_result *test)
{
    if (!test->facts.threads)
        return 0;
    switch (test->status) {
    case STATUS_FAILED:
    case STATUS_CRASH:
    case STATUS_MEMORY:
        return RUNS_AGAIN;
    case STATUS_TIMEOUT:
        return RUNS_AGAIN_TIMEOUT;
    default:
        return 0;
    }
}

static void judge_again(const struct grading *grading, const struct test_end *ends, size_t count,
                        struct test_result *test)
{
    test->runs = (unsigned)count + 1;
    for (size_t i = 0; i < count; i++)
        test->passed_runs += ends[i].status == STATUS_PASSED;
    if (test->passed_runs == 0)
        return;
    test->message =
        keep_format("passed %u of %u times (seed %s); the first time %s%s%s", test->passed_runs,
                    test->runs, grading->options->seed, status_name(test->status),
                    test->message == NULL ? "" : ": ", test->message == NULL ? "" : test->message);
    test->status = STATUS_UNSTABLE;
}

static void run_failed_again(const struct test_runs *runs, const char *program,
                             const struct calibration *limits, struct stage_result *result)
{
    for (size_t i = 0; i < result->test_count; i++) {
        struct test_result *test = &result->tests[i];
        size_t count = runs_again(test);
        if (count == 0)
            continue;
        const char *names[RUNS_AGAIN] = {test->facts.name, test->facts.name, test->facts.name,
                                         test->facts.name};
        struct test_end ends[RUNS_AGAIN];
        test_runs_do(runs, program, limits, names, count, ends);
        judge_again(runs->grading, ends, count, test);
    }
}

/* --- All tests of a stage --- */

static void run_in_waves(const struct test_runs *runs, const char *program,
                         const struct calibration *limits, struct stage_result *result)
{
    size_t *wave = keep_bytes(result->test_count * sizeof *wave);
    for (size_t count = test_needs_wave(result, wave); count != 0;
         count = test_needs_wave(result, wave)) {
        run_at(runs, program, limits, result, wave, count);
        run_failed_again(runs, program, limits, result);
    }
}

/* The reference's tests are measured all together: none of them fails. */
void phase_tests(const struct grading *grading, struct stage_result *result)
{
    struct program subject = program_subject(grading, result->stage, "debug", "");
    struct program reference = program_reference(result->stage, "debug", "");
    const char *program = program_to_run(grading, &subject);
    struct test_runs runs = {
        .grading = grading,
        .stage = result->stage,
        .phase = "tests",
        .memory_bytes = test_memory_bytes,
        .floor_seconds = TEST_FLOOR_SECONDS,
    };
    progress_start(result->stage, "tests");
    if (subject.subject == SUBJECT_SOLUTION) {
        run_at(&runs, program, NULL, result, NULL, result->test_count);
    } else {
        struct calibration limits;
        test_runs_calibrate(&runs, program_to_run(grading, &reference),
                            names_of(result, NULL, result->test_count), result->test_count,
                            &limits);
        run_in_waves(&runs, program, &limits, result);
    }
    crash_places(grading, program, result);
    progress_end("%zu of %zu tests passed", stage_passed(result), result->test_count);
}

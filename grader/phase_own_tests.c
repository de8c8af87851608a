/* phase_own_tests: what a student's own tests are worth. Shown, and never scored.
 *
 *   each test, on the reference, a few times   ──▶  fails: it asks for what is not the contract
 *   those that passed, on each planted bug     ──▶  fails: it has exposed that bug
 *
 * The next test is tried on those bugs alone that none before it has exposed, several processes side by
 * side, each in a jail. Tests may loop, wait and flood as they like: each has its limits, and all
 * together a time after which no other is begun. */
#include "grader/keep.h"
#include "grader/own_tests_build.h"
#include "grader/own_tests_run.h"
#include "grader/phases.h"
#include "grader/process.h"
#include "grader/programs.h"
#include "grader/progress.h"

enum {
    RUNS_ON_REFERENCE = 3,
    ALL_SECONDS = 120,         /* for a stage; then no other file and no other chunk is begun */
    CHUNK = OWN_TESTS_AT_ONCE, /* of tests, between two looks at the clock */
};

/* --- On the reference --- */

static void judge(struct own_test *test, const struct trial *trial, bool again)
{
    test->status = again && trial->status != STATUS_PASSED ? STATUS_UNSTABLE : trial->status;
    test->message = trial->message;
}

static bool time_is_up(struct own_tests *own, long long end_ms)
{
    if (now_ms() < end_ms)
        return false;
    own->problem = keep_format("they take too long: after %d s no other was begun", ALL_SECONDS);
    return true;
}

/* Each of them once; or once more, those that passed. */
static void run_on_reference(const struct grading *grading, const char *program,
                             struct own_tests *own, bool again, long long end_ms)
{
    for (size_t at = 0; at < own->test_count && !time_is_up(own, end_ms);) {
        struct trial trials[CHUNK];
        struct own_test *tests[CHUNK];
        size_t count = 0;
        for (; at < own->test_count && count < CHUNK; at++)
            if (!again || own->tests[at].status == STATUS_PASSED) {
                tests[count] = &own->tests[at];
                trials[count++] = (struct trial){.program = program, .name = own->tests[at].name};
            }
        own_tests_run(grading, trials, count);
        for (size_t i = 0; i < count; i++)
            judge(tests[i], &trials[i], again);
    }
}

static size_t count_passed(const struct own_tests *own)
{
    size_t passed = 0;
    for (size_t i = 0; i < own->test_count; i++)
        passed += own->tests[i].status == STATUS_PASSED;
    return passed;
}

/* --- On the planted bugs --- */

/* The reference first (bug NULL), then each bug. */
struct code {
    const struct planted_bug **bugs;
    const char **programs;
    const char **exposed_by; /* a test's name, or NULL */
    size_t count;
};

static bool exposes(enum status status)
{
    return status != STATUS_PASSED && status != STATUS_NOT_DONE && status != STATUS_GRADER_ERROR;
}

static void try_test(const struct grading *grading, const char *name, const struct code *code,
                     struct own_tests *own, long long end_ms)
{
    for (size_t at = 1; at < code->count && !time_is_up(own, end_ms);) {
        struct trial trials[CHUNK];
        size_t places[CHUNK];
        size_t count = 0;
        for (; at < code->count && count < CHUNK; at++)
            if (code->exposed_by[at] == NULL) {
                places[count] = at;
                trials[count++] = (struct trial){.program = code->programs[at], .name = name};
            }
        own_tests_run(grading, trials, count);
        for (size_t i = 0; i < count; i++)
            if (exposes(trials[i].status))
                code->exposed_by[places[i]] = name;
    }
}

static void note_exposed(const struct code *code, struct own_tests *own)
{
    own->bug_count = code->count - 1;
    own->exposed = keep_bytes(code->count * sizeof *own->exposed);
    for (size_t i = 1; i < code->count; i++)
        if (code->exposed_by[i] != NULL)
            own->exposed[own->exposed_count++] =
                (struct exposed_bug){code->bugs[i]->row, code->bugs[i]->bug, code->exposed_by[i]};
}

/* --- All of it --- */

static struct code all_code(const struct stage *stage)
{
    struct planted_bugs planted = planted_of_stage(stage);
    struct code code = {.count = planted.count + 1};
    code.bugs = keep_bytes(code.count * sizeof(void *));
    code.programs = keep_bytes(code.count * sizeof *code.programs);
    code.exposed_by = keep_bytes(code.count * sizeof *code.exposed_by);
    for (size_t i = 0; i < planted.count; i++)
        code.bugs[i + 1] = &planted.list[i];
    return code;
}

static void run_all(const struct grading *grading, struct stage_result *result)
{
    struct own_tests *own = &result->own_tests;
    struct code code = all_code(result->stage);
    char *broken = program_make(grading, keep_format("planted-stage%u", result->stage->number));
    long long end_ms = now_ms() + ALL_SECONDS * 1000LL;
    if (broken != NULL)
        own->problem = keep_format("GRADER_ERROR: %s", broken);
    else if (own_tests_compile(grading, result, end_ms) == 0)
        own->problem = "none of the files can be used";
    else
        own->problem = own_tests_link(grading, result, code.bugs, code.count, code.programs);
    if (own->problem != NULL)
        return;
    own_tests_list(grading, code.programs[0], own);
    for (unsigned runs = 0; runs < RUNS_ON_REFERENCE; runs++)
        run_on_reference(grading, code.programs[0], own, runs > 0, end_ms);
    own->passed = count_passed(own);
    for (size_t i = 0; i < own->test_count; i++)
        if (own->tests[i].status == STATUS_PASSED)
            try_test(grading, own->tests[i].name, &code, own, end_ms);
    note_exposed(&code, own);
}

void phase_own_tests(const struct grading *grading, struct stage_result *result)
{
    struct own_tests *own = &result->own_tests;
    own->were_tried = own->file_count != 0;
    if (!own->were_tried)
        return;
    progress_start(result->stage, "own tests");
    run_all(grading, result);
    progress_end("%zu of %zu pass the reference, %zu bugs exposed", own->passed, own->test_count,
                 own->exposed_count);
}

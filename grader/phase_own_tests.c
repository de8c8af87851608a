/* phase_own_tests: what a student's own tests are worth. Shown, and never scored.
 *
 *   each test, on the reference, a few times   ──▶  fails: it asks for what is not the contract
 *   those that passed, on each planted bug     ──▶  fails: it has exposed that bug
 *
 * The next test is tried on those bugs alone that none before it has exposed, several processes side by
 * side, each in a jail. Tests may loop, wait and flood as they like: each has its limits, and all
 * together a time after which no other is begun. */
#include <string.h>

#include "grader/keep.h"
#include "grader/own_tests_build.h"
#include "grader/phases.h"
#include "grader/process.h"
#include "grader/programs.h"
#include "grader/progress.h"
#include "grader/test_list.h"
#include "grader/test_runs.h"
#include "grader/verdict.h"

enum {
    RUNS_ON_REFERENCE = 3,
    MOST_TESTS = 64,
    CPU_SECONDS = 4,
    WALL_SECONDS = 20,
    ALL_SECONDS = 90, /* for a stage; then no other chunk is begun */
    CHUNK = 8,        /* processes between two looks at the clock */
    LIST_OUTPUT = 64 * 1024,
};

static const size_t memory_bytes = (size_t)1 << 30;

/* A test on one program, and how it ended. */
struct trial {
    const char *program;
    const char *name;
    enum status status;
    char *message;
};

static struct process prepare(const struct grading *grading, const struct trial *trial)
{
    const char *const arguments[] = {trial->program,
                                     "--run",
                                     trial->name,
                                     "--report-fd",
                                     "3",
                                     "--token-fd",
                                     "4",
                                     "--cpu-limit",
                                     keep_format("%d", CPU_SECONDS),
                                     "--seed",
                                     grading->options->seed,
                                     NULL};
    void *copy = keep_bytes(sizeof arguments);
    return (struct process){
        .arguments = memcpy(copy, arguments, sizeof arguments),
        .environment = test_environment(NULL),
        .folder = test_folder(),
        .token = verdict_token(),
        .jail = jail_with(trial->program, NULL),
        .cpu_seconds = CPU_SECONDS,
        .wall_seconds = WALL_SECONDS,
        .memory_bytes = memory_bytes,
        .fixed_addresses = true,
    };
}

/* At most CHUNK of them. */
static void run(const struct grading *grading, struct trial *trials, size_t count)
{
    struct process processes[CHUNK];
    for (size_t i = 0; i < count; i++)
        processes[i] = prepare(grading, &trials[i]);
    process_run_all(processes, count, grading->at_once, NULL, NULL);
    for (size_t i = 0; i < count; i++)
        trials[i].status =
            verdict_judge(&processes[i], trials[i].name, 0, "own tests", &trials[i].message);
}

/* --- On the reference --- */

/* What the program says that its tests are; it is the student's code that says so. */
static void list(const struct grading *grading, const char *program, struct own_tests *own)
{
    struct trial nothing = {.program = program, .name = ""};
    struct process process = prepare(grading, &nothing);
    const char *const arguments[] = {program, "--list", NULL};
    struct test_result *found = NULL;
    process.arguments = arguments;
    process.token = NULL;
    process.most_output = LIST_OUTPUT;
    process_run(&process);
    size_t count = process_succeeded(&process) ? test_list_parse(process.output.bytes, &found) : 0;
    own->tests = keep_bytes((count + 1) * sizeof *own->tests);
    for (size_t i = 0; i < count && i < MOST_TESTS; i++)
        own->tests[own->test_count++] = (struct own_test){.name = found[i].facts.name};
    if (count == 0)
        own->problem = "there is no TEST in them that can be listed";
    else if (count > MOST_TESTS)
        own->problem = keep_format("of %zu tests, the first %d were tried", count, MOST_TESTS);
}

static void judge(struct own_test *test, const struct trial *runs, size_t count)
{
    test->status = STATUS_PASSED;
    for (size_t i = 0; i < count && test->status == STATUS_PASSED; i++)
        if (runs[i].status != STATUS_PASSED) {
            test->status = i == 0 ? runs[i].status : STATUS_UNSTABLE;
            test->message = runs[i].message;
        }
}

static bool time_is_up(struct own_tests *own, long long started_ms)
{
    if (now_ms() - started_ms < ALL_SECONDS * 1000LL)
        return false;
    own->problem = keep_format("they take too long: after %d s no other was begun", ALL_SECONDS);
    return true;
}

static void run_on_reference(const struct grading *grading, const char *program,
                             struct own_tests *own, long long started_ms)
{
    enum { AT_A_TIME = CHUNK / RUNS_ON_REFERENCE };
    for (size_t i = 0; i < own->test_count && !time_is_up(own, started_ms); i += AT_A_TIME) {
        struct trial trials[CHUNK];
        size_t count = 0;
        for (size_t at = i; at < i + AT_A_TIME && at < own->test_count; at++)
            for (unsigned times = 0; times < RUNS_ON_REFERENCE; times++)
                trials[count++] = (struct trial){.program = program, .name = own->tests[at].name};
        run(grading, trials, count);
        for (size_t at = 0; at < count; at += RUNS_ON_REFERENCE) {
            struct own_test *test = &own->tests[i + at / RUNS_ON_REFERENCE];
            judge(test, &trials[at], RUNS_ON_REFERENCE);
            own->passed += test->status == STATUS_PASSED;
        }
    }
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
                     struct own_tests *own, long long started_ms)
{
    for (size_t at = 1; at < code->count && !time_is_up(own, started_ms);) {
        struct trial trials[CHUNK];
        size_t places[CHUNK];
        size_t count = 0;
        for (; at < code->count && count < CHUNK; at++)
            if (code->exposed_by[at] == NULL) {
                places[count] = at;
                trials[count++] = (struct trial){.program = code->programs[at], .name = name};
            }
        run(grading, trials, count);
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
    code.bugs = keep_bytes(code.count * sizeof *code.bugs);
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
    if (own_tests_compile(grading, result) == 0) {
        own->problem = "none of the files can be used";
        return;
    }
    own->problem = program_make(grading, keep_format("planted-stage%u", result->stage->number));
    if (own->problem == NULL)
        own->problem = own_tests_link(grading, result, code.bugs, code.count, code.programs);
    if (own->problem != NULL)
        return;
    long long started_ms = now_ms();
    list(grading, code.programs[0], own);
    run_on_reference(grading, code.programs[0], own, started_ms);
    for (size_t i = 0; i < own->test_count; i++)
        if (own->tests[i].status == STATUS_PASSED)
            try_test(grading, own->tests[i].name, &code, own, started_ms);
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

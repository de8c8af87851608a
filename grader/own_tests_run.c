/* own_tests_run: see own_tests_run.h. */
#include "grader/own_tests_run.h"

#include "grader/keep.h"
#include "grader/process.h"
#include "grader/test_list.h"
#include "grader/test_runs.h"
#include "grader/verdict.h"

enum { MOST_TESTS = 100, CPU_SECONDS = 4, WALL_SECONDS = 20, LIST_OUTPUT = 64 * 1024 };

static const size_t memory_bytes = (size_t)1 << 30;

static struct process prepare(const struct grading *grading, const struct trial *trial)
{
    return (struct process){
        .arguments = test_arguments(grading, trial->program, trial->name, CPU_SECONDS),
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

void own_tests_run(const struct grading *grading, struct trial *trials, size_t count)
{
    struct process processes[OWN_TESTS_AT_ONCE];
    for (size_t i = 0; i < count; i++)
        processes[i] = prepare(grading, &trials[i]);
    process_run_all(processes, count, grading->at_once, NULL, NULL);
    for (size_t i = 0; i < count; i++)
        trials[i].status =
            verdict_judge(&processes[i], trials[i].name, 0, "own tests", &trials[i].message);
}

void own_tests_list(const struct grading *grading, const char *program, struct own_tests *own)
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

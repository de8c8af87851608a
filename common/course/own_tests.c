/* own_tests: what the student's own tests are worth.
 *
 *   1. the .c files in stageN/student/tests/ are built on the reference: there each test must pass;
 *   2. then on the reference with each planted bug of the stage in turn: a test that fails there has
 *      exposed that bug. The others are named only by a question: it leads to a test. */
#include <stdio.h>
#include <string.h>

#include "common/course/command.h"
#include "common/course/course.h"
#include "common/course/planted.h"
#include "common/course/stage_tests.h"
#include "grader/keep.h"
#include "grader/text.h"

enum { CPU_SECONDS = 5, WALL_SECONDS = 20 };

struct own_run {
    const char *program;
    const char *build_errors;
    char *said;
    bool passed;
};

/* Build the own tests on the code in `root` and run them all. */
static struct own_run run_on(const struct course_options *options, const struct stage *stage,
                             const char *root)
{
    struct course_options at = *options;
    at.student_root = root;
    at.student_build = keep_format("%s/own-tests/out", options->build);
    struct own_run run = {.program = keep_format("%s-own-tests", stage_tests_program(&at, stage))};
    run.build_errors = stage_tests_build(&at, run.program);
    if (run.build_errors != NULL)
        return run;
    const char *const arguments[] = {run.program, "--cpu-limit", keep_format("%d", CPU_SECONDS),
                                     NULL};
    struct command tests = {.arguments = arguments, .wall_seconds = 10 * WALL_SECONDS};
    command_run(&tests);
    run.said = tests.output;
    run.passed = command_succeeded(&tests);
    return run;
}

/* The first test that failed or crashed, in a program's output: "suite/name". */
static const char *first_failure(const char *said)
{
    static const char *const words[] = {"FAILED ", "CRASHED "};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        const char *at = strstr(said, words[i]);
        if (at == NULL)
            continue;
        at += strcspn(at, " ");
        at += strspn(at, " ");
        return keep_part(at, strcspn(at, ":\n"));
    }
    return "the program";
}

static void run_on_reference(const struct course_options *options, const struct stage *stage)
{
    const struct planted_bug nothing = {.path = "/dev/null", .stage = stage};
    const char *root = keep_format("%s/own-tests/tree", options->build);
    if (!planted_make_tree(&nothing, root))
        course_wrong("cannot write to %s", root);
    struct own_run run = run_on(options, stage, root);
    if (run.build_errors != NULL && strstr(run.build_errors, "No rule to make") != NULL)
        course_wrong(
            "you have no tests of your own yet: write them in %s/student/tests/*.c, in the "
            "form of %s/tests/*.c",
            stage->folder, stage->folder);
    if (run.build_errors != NULL)
        course_wrong("your tests do not compile:\n%s", run.build_errors);
    printf("%s", run.said);
    if (!run.passed)
        course_wrong("on the reference each of your tests must pass: what they ask for is not the "
                     "contract");
    printf("They pass on the reference.\n\n");
}

int command_own_tests(const struct course_options *options)
{
    const struct stage *stage = course_stage(options, "own-tests");
    struct planted_bugs bugs = planted_read();
    const char *root = keep_format("%s/own-tests/tree", options->build);
    unsigned exposed = 0;
    unsigned tried = 0;
    run_on_reference(options, stage);
    for (size_t i = 0; i < bugs.count; i++) {
        const struct planted_bug *bug = &bugs.list[i];
        if (bug->stage != stage || strcmp(bug->detector, "tests") != 0 ||
            !planted_make_tree(bug, root))
            continue;
        struct own_run run = run_on(options, stage, root);
        bool is_exposed = run.build_errors == NULL && !run.passed;
        tried++;
        exposed += is_exposed;
        if (is_exposed)
            printf("  bug %2u  exposed by %s\n", tried, first_failure(run.said));
        else
            text_wrap(stdout, 2, keep_format("bug %2u  not yet. ", tried),
                      text_printable(bug->hint));
    }
    printf("\nYour tests expose %u of %u planted bugs of stage %u.\n", exposed, tried,
           stage->number);
    return 0;
}

/* own_tests: what the student's own tests are worth.
 *
 *   1. the .c files in stageN/student/tests/ are linked with the reference: there each test must pass;
 *   2. then with the reference with each planted bug of the stage: a test that fails there has exposed
 *      that bug. The others are named only by a question: it leads to a test.
 *
 * make builds the programs (grader/known_bugs/known_bugs.mk). The grader does the same with tests that
 * are handed in, in a jail: grader/phase_own_tests.c. */
#include <glob.h>
#include <stdio.h>
#include <string.h>

#include "common/course/command.h"
#include "common/course/course.h"
#include "grader/keep.h"
#include "grader/planted.h"
#include "grader/text.h"

enum { CPU_SECONDS = 5, WALL_SECONDS = 20 };

static bool has_own_tests(const struct stage *stage)
{
    glob_t found;
    bool any = glob(keep_format("%s/student/tests/*.c", stage->folder), 0, NULL, &found) == 0;
    if (any)
        globfree(&found);
    return any;
}

static void build(const struct course_options *options, const struct stage *stage)
{
    const char *const arguments[] = {"make",
                                     "-s",
                                     "-j2",
                                     "V=",
                                     "IMPL=solution",
                                     "VARIANT=debug",
                                     keep_format("BUILD=%s", options->build),
                                     keep_format("own-programs-stage%u", stage->number),
                                     NULL};
    struct command make = {.arguments = arguments};
    command_run(&make);
    if (!command_succeeded(&make))
        course_wrong("your tests do not compile:\n%s", make.output);
}

/* All tests on one code; `bug` NULL: on the reference as it is. */
static struct command run_of(const struct course_options *options, const struct stage *stage,
                             const struct planted_bug *bug)
{
    const char **arguments = keep_bytes(4 * sizeof *arguments);
    arguments[0] = keep_format("%s/debug/own-tests/stage%u/%s", options->build, stage->number,
                               bug == NULL ? "reference" : bug->name);
    arguments[1] = "--cpu-limit";
    arguments[2] = keep_format("%d", CPU_SECONDS);
    return (struct command){.arguments = arguments, .wall_seconds = 10 * WALL_SECONDS};
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
    struct command run = run_of(options, stage, NULL);
    command_run(&run);
    printf("%s", run.output);
    if (!command_succeeded(&run))
        course_wrong("on the reference each of your tests must pass: what they ask for is not the "
                     "contract");
    printf("They pass on the reference.\n\n");
}

int command_own_tests(const struct course_options *options)
{
    const struct stage *stage = course_stage(options, "own-tests");
    struct planted_bugs bugs = planted_of_stage(stage);
    unsigned exposed = 0;
    if (!has_own_tests(stage))
        course_wrong(
            "you have no tests of your own yet: write them in %s/student/tests/*.c, in the "
            "form of %s/tests/*.c",
            stage->folder, stage->folder);
    if (bugs.count == 0)
        course_wrong(
            "this tree has no planted bugs: hand your tests in, and the grader shows which they "
            "expose; make check STAGE=%u runs them on your own code",
            stage->number);
    build(options, stage);
    run_on_reference(options, stage);
    for (size_t i = 0; i < bugs.count; i++) {
        struct command run = run_of(options, stage, &bugs.list[i]);
        command_run(&run);
        bool is_exposed = !command_succeeded(&run);
        exposed += is_exposed;
        if (is_exposed)
            printf("  bug %2zu  exposed by %s\n", i + 1, first_failure(run.output));
        else
            text_wrap(stdout, 2, keep_format("bug %2zu  not yet. ", i + 1),
                      text_printable(bugs.list[i].hint));
    }
    printf("\nYour tests expose %u of %zu planted bugs of stage %u.\n", exposed, bugs.count,
           stage->number);
    return 0;
}

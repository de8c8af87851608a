/* debug: a test in gdb, stopped where it fails.
 *
 * A failing check calls test_fail, and a crash stops by itself. Then gdb goes up to the test's own
 * frame. Without a terminal gdb runs in batch mode: it shows the stack and the variables, and ends. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "common/course/course.h"
#include "common/course/stage_tests.h"
#include "grader/files.h"
#include "grader/keep.h"

/* The test that is meant: all of its name was given, or a part that only it has, or, where none was,
 * the first that is open. */
static const struct course_test *find_test(const struct course_options *options,
                                           struct stage_tests *tests)
{
    const struct course_test *found = NULL;
    if (options->test == NULL) {
        stage_tests_run(options, tests);
        found = stage_tests_first_open(tests);
        if (found == NULL)
            course_wrong("all tests of stage %u pass; name one to debug: TEST=part_of_a_name",
                         tests->stage->number);
        return found;
    }
    for (size_t i = 0; i < tests->count; i++) {
        const char *name = tests->tests[i].name;
        const char *slash = strchr(name, '/');
        if (strcmp(name, options->test) == 0 ||
            (slash != NULL && strcmp(slash + 1, options->test) == 0))
            return &tests->tests[i];
        if (strstr(name, options->test) == NULL)
            continue;
        if (found != NULL)
            course_wrong("TEST=%s could be %s or %s: give more of the name", options->test,
                         found->name, name);
        found = &tests->tests[i];
    }
    if (found == NULL)
        course_wrong("stage %u has no test \"%s\"; make next names the one to look at",
                     tests->stage->number, options->test);
    return found;
}

int command_debug(const struct course_options *options)
{
    const struct stage *stage = course_stage(options, "debug");
    struct stage_tests tests = stage_tests_load(options, stage);
    if (tests.build_errors != NULL)
        course_wrong("stage %u does not compile yet: make next shows where", stage->number);
    const struct course_test *test = find_test(options, &tests);
    if (!file_in_path("gdb"))
        course_wrong("gdb is not installed: make deps installs it");
    bool is_batch = isatty(STDIN_FILENO) != 1 || isatty(STDOUT_FILENO) != 1;
    const char *const arguments[] = {"gdb",
                                     "-q",
                                     "-nx",
                                     "-iex",
                                     "set debuginfod enabled off",
                                     "-x",
                                     "common/course/debug.gdb",
                                     is_batch ? "-batch" : "-q",
                                     "--args",
                                     tests.program,
                                     "--run",
                                     test->name,
                                     NULL};
    printf("%s in gdb, stopped where it fails\n", test->name);
    fflush(stdout);
    execvp("gdb", (char *const *)arguments);
    course_wrong("cannot start gdb: %s", strerror(errno));
}

/* end_to_end: see end_to_end.h. */
#include "grader/tests/end_to_end.h"

#include <criterion/criterion.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#include "grader/keep.h"
#include "grader/process.h"
#include "grader/scratch.h"

enum { MOST_ARGUMENTS = 16, WALL_SECONDS = 900, MOST_OUTPUT = 256 * 1024 };

static json_t *report;

static void free_report(void)
{
    json_decref(report);
}

struct graded grade_with(const char *argument, ...)
{
    const char *program = getenv("GRADE_PROGRAM");
    const char *arguments[MOST_ARGUMENTS + 6] = {program == NULL ? "build/grade" : program};
    size_t count = 1;
    bool is_class = false; /* which writes its reports itself */
    va_list more;
    va_start(more, argument);
    for (; argument != NULL && count < MOST_ARGUMENTS; argument = va_arg(more, const char *)) {
        arguments[count++] = argument;
        is_class |= strcmp(argument, "--class") == 0;
    }
    va_end(more);
    scratch_make();
    if (getenv("GRADE_BUILD") != NULL) {
        arguments[count++] = "--build";
        arguments[count++] = getenv("GRADE_BUILD");
    }
    if (!is_class) {
        arguments[count++] = "--json";
        arguments[count++] = scratch_path("report.json");
    }
    struct process process = {
        .arguments = arguments, .wall_seconds = WALL_SECONDS, .most_output = MOST_OUTPUT};
    process_prepare();
    process_run(&process);
    struct graded graded = {.text = process.output.bytes};
    cr_assert(WIFEXITED(process.wait_status), "the grader was killed: %s", graded.text);
    graded.status = WEXITSTATUS(process.wait_status);
    graded.report = report = json_load_file(scratch_path("report.json"), 0, NULL);
    atexit(free_report);
    return graded;
}

struct graded grade_fixture(const char *name, const char *option)
{
    struct graded graded = grade_with("--stage", "1", "--submission",
                                      keep_format("grader/fixtures/%s", name), option, NULL);
    cr_assert_eq(graded.status, 0, "%s", graded.text);
    cr_assert_not_null(graded.report);
    return graded;
}

json_t *stage_at(const struct graded *graded, size_t place)
{
    json_t *stage = json_array_get(json_object_get(graded->report, "stages"), place);
    cr_assert_not_null(stage, "no such stage in the report: %s", graded->text);
    return stage;
}

/* -1: it could not be graded. */
long long stage_points(const struct graded *graded, size_t place)
{
    json_t *points = json_object_get(stage_at(graded, place), "points");
    return json_is_integer(points) ? json_integer_value(points) : -1;
}

static json_t *tests_of(const struct graded *graded, size_t place)
{
    return json_object_get(stage_at(graded, place), "tests");
}

json_t *find_test(const struct graded *graded, const char *name)
{
    size_t index = 0;
    json_t *test = NULL;
    json_array_foreach(tests_of(graded, 0), index, test)
    {
        if (strcmp(json_string_value(json_object_get(test, "name")), name) == 0)
            return test;
    }
    cr_assert_fail("there is no test %s", name);
    return NULL;
}

const char *test_status(const struct graded *graded, const char *name)
{
    return json_string_value(json_object_get(find_test(graded, name), "status"));
}

size_t count_status(const struct graded *graded, size_t place, const char *status)
{
    size_t count = 0;
    size_t index = 0;
    json_t *test = NULL;
    json_array_foreach(tests_of(graded, place), index, test)
    {
        count += strcmp(json_string_value(json_object_get(test, "status")), status) == 0;
    }
    return count;
}

size_t count_tests(const struct graded *graded, size_t place)
{
    return json_array_size(tests_of(graded, place));
}

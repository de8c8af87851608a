/* Points, and how results are shown. */
#include <criterion/criterion.h>
#include <jansson.h>
#include <string.h>

#include "grader/keep.h"
#include "grader/report.h"
#include "grader/results.h"
#include "grader/score.h"
#include "grader/text.h"

/* Two tests of 60 and 30 points; the second starts threads. */
static struct stage_result make_result(struct test_result tests[2])
{
    struct test_facts facts = {.name = (char[]){""}, .points = 60};
    tests[0] =
        (struct test_result){.facts = facts, .status = STATUS_PASSED, .passed_memcheck = true};
    tests[0].facts.name = keep_text("a/first");
    tests[1] = tests[0];
    tests[1].facts =
        (struct test_facts){.name = keep_text("a/second"), .points = 30, .threads = true};
    tests[1].passed_races = true;
    struct stage_result result = {.stage = &all_stages[0], .tests = tests, .test_count = 2};
    result.memcheck.state = TOOL_RUN;
    result.races.state = TOOL_RUN;
    return result;
}

Test(score, gives_full_points_for_all_tests_and_no_errors)
{
    struct test_result tests[2];
    struct stage_result result = make_result(tests);
    score_stage(&result, false);
    cr_assert_eq(result.points, 110);
    cr_assert_eq(result.max_points, 110);
}

Test(score, earns_tool_points_in_proportion_to_what_was_tested)
{
    struct test_result tests[2];
    struct stage_result result = make_result(tests);
    tests[1].status = STATUS_FAILED;
    score_stage(&result, false);
    cr_assert_eq(result.memcheck.points, 6);
    cr_assert_eq(result.races.points, 0);
    cr_assert_eq(result.points, 66);
}

Test(score, takes_two_points_for_each_distinct_error)
{
    struct test_result tests[2];
    struct stage_result result = make_result(tests);
    struct finding finding = {.kind = keep_text("InvalidRead"), .line = 1};
    for (unsigned i = 0; i < 3; i++)
        finding_add(&result.memcheck, &finding);
    for (unsigned i = 0; i < 7; i++) {
        finding.line = i;
        finding_add(&result.races, &finding);
    }
    score_stage(&result, false);
    cr_assert_eq(result.memcheck.points, 8);
    cr_assert_eq(result.races.points, 0);
}

Test(score, gives_nothing_for_nothing)
{
    struct test_result tests[2];
    struct stage_result result = make_result(tests);
    tests[0].status = tests[1].status = STATUS_NOT_DONE;
    score_stage(&result, false);
    cr_assert_eq(result.points, 0);
    cr_assert_eq(result.max_points, 110);
}

Test(score, leaves_the_tools_out_when_quick)
{
    struct test_result tests[2];
    struct stage_result result = make_result(tests);
    score_stage(&result, true);
    cr_assert_eq(result.points, 90);
    cr_assert_eq(result.max_points, 90);
}

Test(report, gives_no_score_where_the_grader_failed)
{
    struct test_result tests[2];
    struct stage_result result = make_result(tests);
    tool_broken(&result.races, keep_text("cannot start"));
    score_stage(&result, false);
    cr_assert(stage_is_broken(&result));
    json_t *root = json_loads(report_json(&result, 1), 0, NULL);
    cr_assert(json_is_null(json_object_get(root, "points")));
    json_t *stage = json_array_get(json_object_get(root, "stages"), 0);
    cr_assert(json_is_null(json_object_get(stage, "points")));
    cr_assert(json_is_null(json_object_get(json_object_get(stage, "valgrind"), "races")));
    json_decref(root);
}

Test(report, writes_JSON_whatever_a_test_said)
{
    struct test_result tests[2];
    struct stage_result result = make_result(tests);
    tests[0].status = STATUS_FAILED;
    tests[0].message = keep_text("\033[2J\xff\"</script>\n");
    score_stage(&result, false);
    json_t *root = json_loads(report_json(&result, 1), 0, NULL);
    cr_assert_not_null(root);
    json_t *stage = json_array_get(json_object_get(root, "stages"), 0);
    json_t *test = json_array_get(json_object_get(stage, "tests"), 0);
    cr_assert_str_eq(json_string_value(json_object_get(test, "status")), "FAILED");
    cr_assert_str_eq(json_string_value(json_object_get(test, "message")),
                     "\\x1b[2J\\xff\"</script> ");
    json_decref(root);
}

Test(text, escapes_all_that_is_not_printable)
{
    cr_assert_str_eq(text_printable("a\tb\nc"), "a b c");
    cr_assert_str_eq(text_printable("\033[31m\r\x7f\xc3\xa9"), "\\x1b[31m\\x0d\\x7f\\xc3\\xa9");
}

Test(text, wraps_at_80_columns)
{
    char *wrapped = NULL;
    size_t length = 0;
    FILE *out = open_memstream(&wrapped, &length);
    text_wrap(out, 2, "hint ",
              "one two three four five six seven eight nine ten eleven twelve thirteen fourteen");
    text_wrap(
        out, 0, "",
        "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa");
    text_wrap(out, 0, "none ", "");
    fclose(out);
    cr_assert_str_eq(
        wrapped,
        "  hint one two three four five six seven eight nine ten eleven twelve thirteen\n"
        "       fourteen\n"
        "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\n"
        "aaaaaa\n"
        "none \n");
    free(wrapped);
}

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
/* 90 points for the tests, ten for each tool; two for an error. */
static struct rubric make_rubric(void)
{
    struct rubric rubric = {.half_points_per_memory_error = 4,
                            .half_points_per_race = 4,
                            .unstable = 0.5,
                            .full_up_to = 2,
                            .half_up_to = 4};
    for (unsigned i = 0; i < STAGE_COUNT; i++)
        rubric.stages[i] = (struct rubric_stage){220, {90, 10, 10, 0}};
    return rubric;
}

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
    struct rubric rubric = make_rubric();
    struct test_result tests[2];
    struct stage_result result = make_result(tests);
    score_stage(&result, &rubric, false);
    cr_assert_eq(result.score.earned, 220);
    cr_assert_eq(result.score.most, 220);
}

Test(score, earns_tool_points_in_proportion_to_what_was_tested)
{
    struct rubric rubric = make_rubric();
    struct test_result tests[2];
    struct stage_result result = make_result(tests);
    tests[1].status = STATUS_FAILED;
    score_stage(&result, &rubric, false);
    cr_assert_str_eq(score_text(result.memcheck.score.earned), "6.5");
    cr_assert_eq(result.races.score.earned, 0);
    cr_assert_str_eq(score_text(result.score.earned), "66.5");
}

Test(score, takes_two_points_for_each_distinct_error)
{
    struct rubric rubric = make_rubric();
    struct test_result tests[2];
    struct stage_result result = make_result(tests);
    struct finding finding = {.kind = keep_text("InvalidRead"), .line = 1};
    for (unsigned i = 0; i < 3; i++)
        finding_add(&result.memcheck, &finding);
    for (unsigned i = 0; i < 7; i++) {
        finding.line = i;
        finding_add(&result.races, &finding);
    }
    score_stage(&result, &rubric, false);
    cr_assert_eq(result.memcheck.score.earned, 16);
    cr_assert_eq(result.races.score.earned, 0);
}

Test(score, gives_nothing_for_nothing)
{
    struct rubric rubric = make_rubric();
    struct test_result tests[2];
    struct stage_result result = make_result(tests);
    tests[0].status = tests[1].status = STATUS_NOT_DONE;
    score_stage(&result, &rubric, false);
    cr_assert_eq(result.score.earned, 0);
    cr_assert_eq(result.score.most, 220);
}

Test(score, leaves_the_tools_out_when_quick)
{
    struct rubric rubric = make_rubric();
    struct test_result tests[2];
    struct stage_result result = make_result(tests);
    score_stage(&result, &rubric, true);
    cr_assert_eq(result.score.earned, 180);
    cr_assert_eq(result.score.most, 180);
}

/* 7 points over three equal tests: 2, 2.5 and 2.5. */
Test(score, splits_points_so_that_they_add_up)
{
    struct rubric rubric = make_rubric();
    struct test_result tests[3];
    struct stage_result result = make_result(tests);
    tests[0].facts.points = tests[1].facts.points = 1;
    tests[2] = tests[1];
    result.test_count = 3;
    rubric.stages[0] = (struct rubric_stage){14, {1, 0, 0, 0}};
    score_stage(&result, &rubric, false);
    cr_assert_eq(result.score.most, 14);
    cr_assert_eq(result.score.earned, 14);
    for (unsigned i = 0; i < 3; i++)
        cr_assert_eq(tests[i].score.most, i == 0 ? 4 : 5);
}

Test(score, gives_the_races_points_to_the_rest_where_there_are_no_threads)
{
    struct rubric rubric = make_rubric();
    struct test_result tests[2];
    struct stage_result result = make_result(tests);
    tests[1].facts.threads = false;
    score_stage(&result, &rubric, false);
    cr_assert_eq(result.score.most, 220);
    cr_assert_eq(result.races.score.most, 0);
    cr_assert_eq(result.memcheck.score.most, 22);
}

Test(score, gives_an_unstable_test_the_share_that_the_rubric_says)
{
    struct rubric rubric = make_rubric();
    struct test_result tests[2];
    struct stage_result result = make_result(tests);
    tests[0].status = STATUS_UNSTABLE;
    score_stage(&result, &rubric, true);
    cr_assert_str_eq(score_text(tests[0].score.earned), "30");
    rubric.unstable = 0;
    score_stage(&result, &rubric, true);
    cr_assert_eq(tests[0].score.earned, 0);
}

Test(score, compares_counts_with_the_reference)
{
    struct rubric rubric = make_rubric();
    struct test_result tests[2];
    struct stage_result result = make_result(tests);
    struct count_result counts[] = {{.name = keep_text("full"), .value = 20, .reference = 10},
                                    {.name = keep_text("half"), .value = 21, .reference = 10},
                                    {.name = keep_text("none"), .value = 41, .reference = 10},
                                    {.name = keep_text("zero"), .value = 1, .reference = 0}};
    static const unsigned expected[] = {10, 5, 0, 0};
    rubric.stages[0].weights[PHASE_COUNTS] = 20; /* of 130 */
    rubric.stages[0].half_points = 260;
    result.counts = counts;
    result.count_count = 4;
    score_stage(&result, &rubric, false);
    for (unsigned i = 0; i < 4; i++)
        cr_assert_eq(counts[i].score.earned, expected[i], "%s", counts[i].name);
    tests[0].status = tests[1].status = STATUS_NOT_DONE;
    score_stage(&result, &rubric, false);
    cr_assert_eq(counts[0].score.earned, 0);
}

Test(score, keeps_the_stage_s_points_where_nothing_was_counted)
{
    struct rubric rubric = make_rubric();
    struct test_result tests[2];
    struct stage_result result = make_result(tests);
    tests[0].status = tests[1].status = STATUS_COMPILE;
    rubric.stages[0].weights[PHASE_COUNTS] = 20;
    score_stage(&result, &rubric, false);
    cr_assert_eq(result.score.earned, 0);
    cr_assert_eq(result.score.most, 220);
}

Test(score, takes_points_for_low_coverage)
{
    struct rubric rubric = make_rubric();
    struct test_result tests[2];
    struct stage_result result = make_result(tests);
    result.coverage = (struct coverage){.state = TOOL_RUN, .lines = 100, .lines_run = 79};
    rubric.least_lines = 80;
    rubric.half_points_for_low_coverage = 5;
    score_stage(&result, &rubric, false);
    cr_assert_eq(result.score.earned, 215);
    result.coverage = (struct coverage){.state = TOOL_RUN, .lines = 100, .lines_run = 80};
    score_stage(&result, &rubric, false);
    cr_assert_eq(result.score.earned, 220);
}

static const char *as_json(const struct stage_result *result)
{
    struct options options = {.seed = "1"};
    struct rubric rubric = {.name = "x.cfg"};
    struct grading grading = {.options = &options, .rubric = &rubric};
    struct report report = {.grading = &grading, .stages = result, .count = 1, .subject = "x"};
    return report_json(&report);
}

Test(report, gives_no_score_where_the_grader_failed)
{
    struct rubric rubric = make_rubric();
    struct test_result tests[2];
    struct stage_result result = make_result(tests);
    tool_broken(&result.races, keep_text("cannot start"));
    score_stage(&result, &rubric, false);
    cr_assert(stage_is_broken(&result));
    json_t *root = json_loads(as_json(&result), 0, NULL);
    cr_assert(json_is_null(json_object_get(root, "points")));
    json_t *stage = json_array_get(json_object_get(root, "stages"), 0);
    cr_assert(json_is_null(json_object_get(stage, "points")));
    cr_assert(json_is_null(json_object_get(json_object_get(stage, "valgrind"), "races")));
    json_decref(root);
}

Test(report, writes_JSON_whatever_a_test_said)
{
    struct rubric rubric = make_rubric();
    struct test_result tests[2];
    struct stage_result result = make_result(tests);
    tests[0].status = STATUS_FAILED;
    tests[0].message = keep_text("\033[2J\xff\"</script>\n");
    score_stage(&result, &rubric, false);
    json_t *root = json_loads(as_json(&result), 0, NULL);
    cr_assert_not_null(root);
    json_t *stage = json_array_get(json_object_get(root, "stages"), 0);
    json_t *test = json_array_get(json_object_get(stage, "tests"), 0);
    cr_assert_str_eq(json_string_value(json_object_get(test, "status")), "FAILED");
    cr_assert_str_eq(json_string_value(json_object_get(test, "message")),
                     "\\x1b[2J\\xff\"</script>\n");
    json_decref(root);
}

Test(text, escapes_all_that_is_not_printable)
{
    cr_assert_str_eq(text_printable("a\tb\nc"), "a b c");
    cr_assert_str_eq(text_printable("\033[31m\r\x7f\xc3\xa9"), "\\x1b[31m\\x0d\\x7f\\xc3\\xa9");
}

Test(text, shows_the_start_of_what_is_long)
{
    cr_assert_str_eq(text_start("abc", 3), "abc");
    cr_assert_str_eq(text_start("abcde", 3), "abc... (and 2 bytes more)");
    cr_assert_str_eq(text_start("a\xc3\xa9z", 2), "a... (and 3 bytes more)");
    cr_assert_str_eq(text_start("\x80\x80", 1), "... (and 2 bytes more)");
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

/* score: see score.h. */
#include "grader/score.h"

unsigned score_test(const struct test_result *test)
{
    return test->status == STATUS_PASSED ? test->facts.points : 0;
}

/* `watched` and `passed`: the points of the tests that the tool is there for, and of those that
 * passed, with the tool too. */
static void score_tool(struct tool_result *tool, unsigned watched, unsigned passed)
{
    tool->max_points = TOOL_POINTS;
    tool->points = 0;
    if (tool->state != TOOL_RUN || watched == 0)
        return;
    unsigned earned = TOOL_POINTS * passed / watched;
    size_t lost = POINTS_PER_FINDING * tool->count;
    tool->points = lost < earned ? earned - (unsigned)lost : 0;
}

static void score_tools(struct stage_result *result)
{
    unsigned all = 0;
    unsigned all_passed = 0;
    unsigned threaded = 0;
    unsigned threaded_passed = 0;
    for (size_t i = 0; i < result->test_count; i++) {
        const struct test_result *test = &result->tests[i];
        all += test->facts.points;
        all_passed += test->passed_memcheck ? score_test(test) : 0;
        threaded += test->facts.threads ? test->facts.points : 0;
        threaded_passed += test->facts.threads && test->passed_races ? score_test(test) : 0;
    }
    score_tool(&result->memcheck, all, all_passed);
    if (stage_has_threads(result))
        score_tool(&result->races, threaded, threaded_passed);
}

void score_stage(struct stage_result *result, bool quick)
{
    if (!quick)
        score_tools(result);
    result->points = result->memcheck.points + result->races.points;
    result->max_points = result->memcheck.max_points + result->races.max_points;
    for (size_t i = 0; i < result->test_count; i++) {
        result->points += score_test(&result->tests[i]);
        result->max_points += result->tests[i].facts.points;
    }
}

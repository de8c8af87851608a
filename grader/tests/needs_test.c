/* Tests that need others: waves, and what is skipped. */
#include <criterion/criterion.h>

#include "grader/test_needs.h"

static struct test_result tests[4];
static size_t wave[4];

/* a; b needs a; c needs b; d needs nothing. */
static struct stage_result chain(void)
{
    static char *const names[] = {"s/a", "s/b", "s/c", "s/d"};
    static char *const needs[] = {NULL, "s/a", "s/b", NULL};
    for (size_t i = 0; i < 4; i++)
        tests[i] = (struct test_result){.facts = {.name = names[i], .needs = needs[i]}};
    return (struct stage_result){.tests = tests, .test_count = 4};
}

Test(needs, tests_run_when_what_they_need_has_passed)
{
    struct stage_result result = chain();
    cr_assert_eq(test_needs_wave(&result, wave), 2);
    cr_assert(wave[0] == 0 && wave[1] == 3);
    tests[0].status = tests[3].status = STATUS_PASSED;
    cr_assert_eq(test_needs_wave(&result, wave), 1);
    cr_assert_eq(wave[0], 1);
    tests[1].status = STATUS_UNSTABLE;
    cr_assert_eq(test_needs_wave(&result, wave), 1);
    tests[2].status = STATUS_FAILED;
    cr_assert_eq(test_needs_wave(&result, wave), 0);
}

Test(needs, all_that_hangs_on_a_failed_test_is_skipped_and_says_because_of_which)
{
    struct stage_result result = chain();
    tests[0].status = STATUS_CRASH;
    tests[3].status = STATUS_PASSED;
    cr_assert_eq(test_needs_wave(&result, wave), 0);
    cr_assert_eq(tests[1].status, STATUS_SKIPPED);
    cr_assert_eq(tests[2].status, STATUS_SKIPPED);
    cr_assert_str_eq(tests[2].message, "skipped: s/a failed (CRASH)");
}

Test(needs, what_is_not_done_yet_holds_nobody_up)
{
    struct stage_result result = chain();
    tests[0].status = tests[3].status = STATUS_NOT_DONE;
    cr_assert_eq(test_needs_wave(&result, wave), 1);
    cr_assert_eq(wave[0], 1);
}

Test(needs, a_need_must_name_a_test_and_lead_to_an_end)
{
    struct stage_result result = chain();
    cr_assert_null(test_needs_unknown(&result));
    tests[0].facts.needs = "s/c";
    cr_assert_not_null(test_needs_unknown(&result));
    tests[0].facts.needs = "s/nobody";
    cr_assert_str_eq(test_needs_unknown(&result), "s/nobody");
}

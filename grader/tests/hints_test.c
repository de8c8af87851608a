/* What no test reached, in sentences. */
#include <criterion/criterion.h>

#include "grader/coverage_hints.h"

static const char source[] = "static void put_back(struct span *span)\n"        /* 1 */
                             "{\n"                                              /* 2 */
                             "    span->live_count--;\n"                        /* 3 */
                             "    if (span->live_count == 0)\n"                 /* 4 */
                             "        give_down(span); /* it is empty now */\n" /* 5 */
                             "    if (first && (second || third)) {\n"          /* 6 */
                             "        do_this();\n"                             /* 7 */
                             "        do_that();\n"                             /* 8 */
                             "    }\n"                                          /* 9 */
                             "    if (always)\n"                                /* 10 */
                             "        go_on();\n"                               /* 11 */
                             "}\n"                                              /* 12 */
                             "bool never_called(void)\n"                        /* 13 */
                             "{\n"                                              /* 14 */
                             "    return true;\n"                               /* 15 */
                             "}\n";                                             /* 16 */

static unsigned char marks[] = {
    0,           LINE_RUN,   LINE_NOT_CODE, LINE_RUN,   LINE_PARTLY, LINE_NEVER,
    LINE_PARTLY, LINE_NEVER, LINE_NEVER,    0,          LINE_PARTLY, LINE_RUN,
    LINE_RUN,    LINE_NEVER, LINE_NOT_CODE, LINE_NEVER, LINE_NEVER,
};

Test(hints, tell_of_branches_functions_and_conditions)
{
    struct coverage coverage = {.hints = NULL};
    struct covered_file file = {"stage3_centralcache/student/central_cache.c", marks, 16};
    coverage_hint(&file, source, &coverage);
    cr_assert_eq(coverage.hint_count, 4);
    cr_assert_str_eq(coverage.hints[0],
                     "the branch at central_cache.c:5 (it is empty now) never ran in any test");
    cr_assert_str_eq(coverage.hints[1], "the branch at central_cache.c:7 (first && (second || "
                                        "third)) never ran in any test");
    cr_assert_str_eq(coverage.hints[2],
                     "the function never_called at central_cache.c:13 never ran in any test");
    cr_assert_str_eq(coverage.hints[3],
                     "the condition at central_cache.c:10 (always) always went the same way");
}

Test(hints, there_are_only_a_few)
{
    struct coverage coverage = {.hints = NULL};
    struct covered_file file = {"stage3_centralcache/student/central_cache.c", marks, 16};
    for (int i = 0; i < 3; i++)
        coverage_hint(&file, source, &coverage);
    cr_assert_eq(coverage.hint_count, MOST_COVERAGE_HINTS);
}

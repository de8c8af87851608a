/* Which lines count for coverage, and what gcovr writes, as the grader reads it. */
#include <criterion/criterion.h>
#include <string.h>

#include "grader/coverage_lines.h"

static const char source[] = "static int work(int x)\n"       /* 1 */
                             "{\n"                            /* 2 */
                             "    assert(x > 0);\n"           /* 3 */
                             "    assert(x <\n"               /* 4 */
                             "           9);\n"               /* 5 */
                             "    return x;\n"                /* 6 */
                             "}\n"                            /* 7 */
                             "static int check_all(void);\n"  /* 8 */
                             "static bool check_one(int x,\n" /* 9 */
                             "                      int y)\n" /* 10 */
                             "{\n"                            /* 11 */
                             "    return x == y;\n"           /* 12 */
                             "}\n"                            /* 13 */
                             "int recheck(int x)\n"           /* 14 */
                             "{\n"                            /* 15 */
                             "    return x;\n"                /* 16 */
                             "}\n"                            /* 17 */
                             "unsigned pool_check(void)\n"    /* 18 */
                             "{\n"                            /* 19 */
                             "}";                             /* 20 */

Test(coverage, leaves_out_asserts_and_check_functions)
{
    static const bool expected[] = {0, 0, 0, 1, 1, 1, 0, 0, 0, 1, 1, 1, 1, 1, 0, 0, 0, 0, 1, 1, 1};
    size_t count = 0;
    bool *left_out = coverage_left_out(source, &count);
    cr_assert_eq(count, 20);
    for (size_t line = 1; line <= count; line++)
        cr_assert_eq(left_out[line], expected[line], "line %zu", line);
}

static const char json[] =
    "{\"files\": [{\"file\": \"x/student/pool.c\", \"lines\": ["
    " {\"line_number\": 1, \"count\": 5, \"gcovr/noncode\": false, \"branches\": []},"
    " {\"line_number\": 2, \"count\": 0, \"gcovr/noncode\": true, \"branches\": []},"
    " {\"line_number\": 3, \"count\": 1, \"gcovr/noncode\": false, \"branches\": [{\"count\": 0}]},"
    " {\"line_number\": 6, \"count\": 0, \"gcovr/noncode\": false,"
    "  \"branches\": [{\"count\": 3}, {\"count\": 0}]},"
    " {\"line_number\": 99, \"count\": 0, \"gcovr/noncode\": false, \"branches\": []}]},"
    " {\"file\": \"common/free_list.h\", \"lines\": ["
    " {\"line_number\": 1, \"count\": 5, \"gcovr/noncode\": false, \"branches\": []}]}]}";

Test(coverage, counts_lines_and_branches_of_one_file)
{
    size_t count = 0;
    bool *left_out = coverage_left_out(source, &count);
    struct coverage coverage = {.lines = 0};
    cr_assert_null(
        coverage_add(json, sizeof json - 1, "student/pool.c", left_out, count, &coverage));
    cr_assert_eq(coverage.lines, 2);
    cr_assert_eq(coverage.lines_run, 1);
    cr_assert_eq(coverage.branches, 2);
    cr_assert_eq(coverage.branches_run, 1);
}

Test(coverage, says_what_is_wrong_with_its_input)
{
    struct coverage coverage = {.lines = 0};
    cr_assert_not_null(coverage_add("{", 1, "x", NULL, 0, &coverage));
    cr_assert_not_null(coverage_add("[]", 2, "x", NULL, 0, &coverage));
    cr_assert_not_null(coverage_add("", 0, "x", NULL, 0, &coverage));
}

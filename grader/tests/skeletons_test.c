/* Every skeleton compiles without a warning and scores 0 with "not done yet", and every solution
 * passes every test (make check-skeletons). */
#include <criterion/criterion.h>
#include <string.h>

#include "grader/tests/end_to_end.h"

static struct graded grade_quick(const char *stage, const char *subject)
{
    struct graded graded = grade_with("--quick", "--stage", stage, "--impl", subject, NULL);
    cr_assert_eq(graded.status, 0, "%s", graded.text);
    cr_assert_gt(count_tests(&graded, 0), 0);
    return graded;
}

static void check_skeleton(const char *stage)
{
    struct graded graded = grade_quick(stage, "student");
    cr_assert_eq(stage_points(&graded, 0), 0, "%s", graded.text);
    cr_assert_eq(count_status(&graded, 0, "NOT_DONE"), count_tests(&graded, 0), "%s", graded.text);
    cr_assert(json_is_null(json_object_get(stage_at(&graded, 0), "warnings")), "%s", graded.text);
}

/* Tests of the stage are worth 90 points, or 80 where races count too. */
static void check_solution(const char *stage)
{
    struct graded graded = grade_quick(stage, "solution");
    cr_assert_eq(count_status(&graded, 0, "PASSED"), count_tests(&graded, 0), "%s", graded.text);
    long long points = stage_points(&graded, 0);
    cr_assert_eq(points, strcmp(stage, "1") == 0 ? 90 : 80, "%s", graded.text);
}

Test(skeletons, stage1)
{
    check_skeleton("1");
}
Test(skeletons, stage2)
{
    check_skeleton("2");
}
Test(skeletons, stage3)
{
    check_skeleton("3");
}
Test(skeletons, stage4)
{
    check_skeleton("4");
}
Test(solutions, stage1)
{
    check_solution("1");
}
Test(solutions, stage2)
{
    check_solution("2");
}
Test(solutions, stage3)
{
    check_solution("3");
}
Test(solutions, stage4)
{
    check_solution("4");
}

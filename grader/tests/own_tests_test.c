/* Tests of the student's own: what they expose is shown, and nothing they do has points. */
#include <criterion/criterion.h>
#include <string.h>

#include "grader/files.h"
#include "grader/keep.h"
#include "grader/scratch.h"
#include "grader/tests/end_to_end.h"

#define STUDENT "stage1_objectpool/student"

/* A skeleton, so that nothing but the own tests takes time, and these of fixtures/own_tests/. */
static const char *hand_in(const char *const *files)
{
    scratch_make();
    const char *folder = scratch_path("handed-in");
    folder_make(keep_format("%s/" STUDENT "/tests", folder));
    file_copy(STUDENT "/object_pool.c", keep_format("%s/" STUDENT "/object_pool.c", folder));
    for (; *files != NULL; files++)
        cr_assert(file_copy(keep_format("grader/fixtures/own_tests/%s", *files),
                            keep_format("%s/" STUDENT "/tests/%s", folder, *files)));
    return folder;
}

static json_t *own_of(const struct graded *graded)
{
    cr_assert_eq(graded->status, 0, "%s", graded->text);
    return json_object_get(stage_at(graded, 0), "own_tests");
}

static long long number(const struct graded *graded, const char *name)
{
    return json_integer_value(json_object_get(own_of(graded), name));
}

/* One of the details begins with these words. */
static void expect_detail(const struct graded *graded, const char *words)
{
    size_t index = 0;
    json_t *line = NULL;
    json_array_foreach(json_object_get(own_of(graded), "details"), index, line)
    {
        if (strncmp(json_string_value(line), words, strlen(words)) == 0)
            return;
    }
    cr_assert_fail("nothing begins with \"%s\": %s", words, graded->text);
}

Test(own_tests, shows_which_bugs_they_expose)
{
    const char *files[] = {"good_test.c", NULL};
    struct graded graded = grade_with("--stage", "1", "--submission", hand_in(files), NULL);
    cr_assert_eq(number(&graded, "tests"), 2, "%s", graded.text);
    cr_assert_eq(number(&graded, "pass_the_reference"), 2);
    cr_assert_geq(number(&graded, "planted_bugs"), 6);
    cr_assert_eq(number(&graded, "exposed"), 2);
    expect_detail(&graded, "exposed by mine/never_hands_out_an_object_twice: row 18, ");
    cr_assert_not_null(strstr(graded.text, "2 tests, all pass the reference; they expose 2"));
    cr_assert_eq(stage_points(&graded, 0), 0);
}

Test(own_tests, says_why_the_others_show_nothing)
{
    const char *files[] = {"good_test.c", "wrong_test.c", "does_not_compile_test.c", "exits_test.c",
                           NULL};
    struct graded graded = grade_with("--stage", "1", "--submission", hand_in(files), NULL);
    cr_assert_eq(number(&graded, "tests"), 3, "%s", graded.text);
    cr_assert_eq(number(&graded, "pass_the_reference"), 2);
    cr_assert_eq(number(&graded, "exposed"), 2);
    expect_detail(&graded, "FAILED wrong/objects_lie_side_by_side, on the reference, ");
    expect_detail(&graded, "COMPILE: " STUDENT "/tests/does_not_compile_test.c:4:5: error:");
    expect_detail(&graded, "FORBIDDEN: " STUDENT "/tests/exits_test.c:7: it uses exit");
}

Test(own_tests, are_neither_believed_nor_shown_as_they_are)
{
    const char *files[] = {"wrong_test.c", "loops_test.c", NULL};
    scratch_make();
    const char *page = scratch_path("page.html");
    struct graded graded =
        grade_with("--stage", "1", "--submission", hand_in(files), "--html", page, NULL);
    cr_assert_eq(number(&graded, "pass_the_reference"), 0, "%s", graded.text);
    cr_assert_eq(number(&graded, "exposed"), 0);
    expect_detail(&graded, "TIMEOUT hostile/loops_for_ever, ");
    expect_detail(&graded, "FAILED hostile/forges_what_the_grader_says, ");
    cr_assert_null(strchr(graded.text, '\033'));
    const char *text = file_read(page, 1 << 20, NULL);
    cr_assert_not_null(strstr(text, "&lt;script&gt;alert(1)"));
    cr_assert_null(strstr(text, "<script>alert(1)"));
    cr_assert_null(strchr(text, '\033'));
    cr_assert_eq(stage_points(&graded, 0), 0);
}

Test(own_tests, are_left_out_of_a_quick_grading)
{
    const char *files[] = {"good_test.c", NULL};
    struct graded graded =
        grade_with("--quick", "--stage", "1", "--submission", hand_in(files), NULL);
    cr_assert(json_is_null(own_of(&graded)));
    cr_assert_null(strstr(graded.text, "own tests"));
}

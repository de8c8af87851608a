/* Files that are the reference in another dress; and hidden tests. */
#include <criterion/criterion.h>
#include <string.h>

#include "grader/copies.h"
#include "grader/files.h"
#include "grader/hidden.h"
#include "grader/keep.h"
#include "grader/scratch.h"

static const char reference[] = "/* sums */\n#include \"x.h\"\nint sum(int a, int b)\n{\n"
                                "    return a + b; // both\n}\n";

Test(copies, are_equal_whatever_their_comments_layout_and_names)
{
    cr_assert(copies_are_equal(reference, reference));
    cr_assert(copies_are_equal("#include \"x.h\"\nint sum(int a,int b){return a+b;}", reference));
    cr_assert(copies_are_equal("#include \"x.h\"\nint add(int one, int two)\n{ return one + two; }",
                               reference));
}

Test(copies, are_none_where_anything_else_differs)
{
    static const char *const others[] = {
        "#include \"x.h\"\nint sum(int a, int b) { return b + a; }",
        "#include \"x.h\"\nint sum(int a, int b) { return a - b; }",
        "#include \"x.h\"\nlong sum(int a, int b) { return a + b; }",
        "#include \"y.h\"\nint sum(int a, int b) { return a + b; }",
        "#include \"x.h\"\nint sum(int a, int b) { return a + a; }",
        "#include \"x.h\"\nint sum(int a, int b) { return a + b; } int more;",
        "",
    };
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        cr_assert_not(copies_are_equal(others[i], reference), "%s", others[i]);
    cr_assert_not(copies_are_equal("", ""));
}

Test(copies, are_flagged_and_cost_nothing)
{
    scratch_make();
    struct stage_result result = {.stage = &all_stages[0]};
    const char *text = file_read("stage1_objectpool/solution/object_pool.c", 1 << 20, NULL);
    folder_make(scratch_path("in/stage1_objectpool/student"));
    file_write(scratch_path("in/stage1_objectpool/student/object_pool.c"), text, strlen(text));
    copies_flag(scratch_path("in"), &result, 1);
    cr_assert_eq(result.flag_count, 1);
    cr_assert_not_null(strstr(result.flags[0], "object_pool.c is the reference"));
}

Test(hidden, says_what_is_wrong_with_its_folder)
{
    scratch_make();
    folder_make(scratch_path("kept/hidden"));
    cr_assert_not_null(strstr(hidden_check(scratch_path("kept")), "holds no tests"));
    cr_assert_not_null(strstr(hidden_check("/tmp/a b"), "letters, digits"));
    file_write(scratch_path("kept/hidden/stage1_more.c"), "", 0);
    cr_assert_null(hidden_check(scratch_path("kept")));
}

Test(hidden, takes_the_visibility_from_the_folder)
{
    struct test_result tests[] = {
        {.facts = {.file = keep_text("/kept/after_published/stage1_x.c")}},
        {.facts = {.file = keep_text("stage1_objectpool/tests/object_pool_test.c")}},
    };
    struct stage_result result = {.tests = tests, .test_count = 2};
    hidden_mark("/kept", &result);
    cr_assert_str_eq(tests[0].facts.visibility, "after_published");
    cr_assert_str_eq(tests[0].facts.file, "after_published/stage1_x.c");
    cr_assert_null(tests[1].facts.visibility);
}

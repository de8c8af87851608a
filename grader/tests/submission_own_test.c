/* What is taken from a submission, and what is not: tests of the student's own. */
#include <criterion/criterion.h>
#include <unistd.h>

#include "grader/files.h"
#include "grader/handins.h"
#include "grader/keep.h"
#include "grader/scratch.h"
#include "grader/tests/submission_support.h"

#define TESTS "stage1_objectpool/student/tests/"

static const struct own_tests *own(const struct taken *taken)
{
    cr_assert_null(taken->wrong, "%s", taken->wrong);
    return &taken->results[0].own_tests;
}

Test(submission, takes_own_tests_in_the_order_of_their_names)
{
    const char *folder = new_folder();
    write_text(keep_format("%s/" POOL, folder), "/* mine */\n");
    write_text(keep_format("%s/" TESTS "b_test.c", folder), "/* b */\n");
    write_text(keep_format("%s/" TESTS "a-1.c", folder), "/* a */\n");
    struct taken taken = take(folder);
    cr_assert_eq(own(&taken)->file_count, 2);
    cr_assert_str_eq(own(&taken)->files[0].name, "a-1.c");
    cr_assert_str_eq(file_read(scratch_path("taken/" TESTS "b_test.c"), 100, NULL), "/* b */\n");
}

Test(submission, takes_own_tests_out_of_archives_of_either_layout)
{
    const struct archive_item tree[] = {
        {.name = "hw/" POOL, .text = "x\n"}, {.name = "hw/" TESTS "mine.c", .text = "y\n"}, {0}};
    struct taken taken = take_archive(".tar.gz", tree);
    cr_assert_eq(own(&taken)->file_count, 1);
    const struct archive_item flat[] = {{.name = "object_pool.c", .text = "x\n"},
                                        {.name = "tests/stage1_mine.c", .text = "y\n"},
                                        {.name = "tests/stage2_mine.c", .text = "y\n"},
                                        {.name = "tests/mine.c", .text = "y\n"},
                                        {0}};
    taken = take_archive(".zip", flat);
    cr_assert_eq(own(&taken)->file_count, 1);
    cr_assert_str_eq(own(&taken)->files[0].name, "stage1_mine.c");
    cr_assert_eq(taken.results[1].own_tests.file_count, 1);
}

Test(submission, takes_no_own_test_by_a_link_or_an_odd_name)
{
    const char *folder = new_folder();
    write_text(keep_format("%s/" POOL, folder), "/* mine */\n");
    write_text(keep_format("%s/" TESTS "a b.c", folder), "x\n");
    write_text(keep_format("%s/" TESTS "$(id).c", folder), "x\n");
    write_text(keep_format("%s/" TESTS "notes.txt", folder), "x\n");
    cr_assert_eq(symlink("/etc/passwd", keep_format("%s/" TESTS "link.c", folder)), 0);
    struct taken taken = take(folder);
    cr_assert_eq(own(&taken)->file_count, 1);
    cr_assert_str_eq(own(&taken)->files[0].problem, "is a symbolic link");
    cr_assert_not(file_exists(scratch_path("taken/" TESTS "link.c")));
}

Test(submission, takes_so_many_own_tests_and_no_more)
{
    const char *folder = new_folder();
    write_text(keep_format("%s/" POOL, folder), "/* mine */\n");
    for (unsigned i = 0; i <= MOST_OWN_FILES; i++)
        write_text(keep_format("%s/" TESTS "t%u.c", folder, i), "x\n");
    struct taken taken = take(folder);
    cr_assert_eq(own(&taken)->file_count, MOST_OWN_FILES);
    expect_note(&taken, "20 files of own tests are enough");
}

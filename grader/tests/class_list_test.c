/* The list of a class: folders and rosters as people have them. */
#include <criterion/criterion.h>
#include <string.h>

#include "grader/class.h"
#include "grader/files.h"
#include "grader/keep.h"
#include "grader/scratch.h"

static struct class list_roster(const char *text)
{
    struct class class = {.students = NULL};
    scratch_make();
    cr_assert(file_write(scratch_path("roster.csv"), text, strlen(text)));
    class_list(&class, scratch_path("roster.csv"));
    return class;
}

static void expect_ada_and_bob(const char *roster)
{
    struct class class = list_roster(roster);
    cr_assert_eq(class.count, 2, "%zu students", class.count);
    cr_assert_str_eq(class.students[0].name, "Lovelace, Ada");
    cr_assert_str_eq(class.students[0].submission, scratch_path("a/ada"));
    cr_assert_str_eq(class.students[1].name, "bob");
    cr_assert_str_eq(class.students[1].submission, "/b/bob");
}

Test(class_list, reads_a_roster_without_a_header_or_a_last_line_end)
{
    expect_ada_and_bob("\"Lovelace, Ada\",a/ada\nbob,/b/bob");
}

Test(class_list, passes_over_a_header_however_its_letters_are_cased)
{
    expect_ada_and_bob("Student,Submission\n\"Lovelace, Ada\",a/ada\nbob,/b/bob\n");
}

Test(class_list, passes_over_rows_that_hold_nothing)
{
    expect_ada_and_bob("\r\n\"Lovelace, Ada\",a/ada\r\n \r\n,\r\nbob,/b/bob\r\n,,\r\n\r\n");
}

/* A spreadsheet's "CSV UTF-8". */
Test(class_list, passes_over_a_byte_order_mark)
{
    expect_ada_and_bob("\xef\xbb\xbf"
                       "student,submission\r\n\"Lovelace, Ada\",a/ada\r\nbob,/b/bob\r\n");
    expect_ada_and_bob("\xef\xbb\xbf\"Lovelace, Ada\",a/ada\r\nbob,/b/bob\r\n");
}

Test(class_list, refuses_a_row_without_a_submission, .exit_code = 1)
{
    list_roster("ada,a/ada\nbob,\n");
}

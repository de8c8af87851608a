/* The list of a class: folders and rosters as people have them, and the names of folders in OUT. */
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

static void expect_ids(const char *roster, const char *const *ids)
{
    struct class class = list_roster(roster);
    for (size_t i = 0; ids[i] != NULL && i < class.count; i++)
        cr_expect_str_eq(class.students[i].id, ids[i], "%s, not %s", class.students[i].id, ids[i]);
}

/* The class writes files of its own beside the students' folders. */
Test(class_list, gives_no_student_the_name_of_a_file_of_the_class)
{
    expect_ids("lock,a\njobs,b\njobs.log,c\nresults.csv,d\nsummary.txt,e\nindex.html,f\n"
               "prepared.host,g\nreference.host.txt,h\nsettings,i\njobs.12.part,j\njobson,k\n",
               (const char *const[]){"_lock", "_jobs", "_jobs.log", "_results.csv", "_summary.txt",
                                     "_index.html", "_prepared.host", "_reference.host.txt",
                                     "_settings", "_jobs.12.part", "jobson", NULL});
}

Test(class_list, gives_each_student_a_folder_that_is_safe_and_nobody_elses)
{
    expect_ids("..,a\n-rf,b\na/../b;c,c\nAda Lovelace,d\nAda_Lovelace,e\nada,f\nada,g\n",
               (const char *const[]){"_.", "_rf", "a_.._b_c", "Ada_Lovelace", "Ada_Lovelace_2",
                                     "ada", "ada_2", NULL});
}

/* Who is in the class besides, or in which row, changes nothing. */
Test(class_list, keeps_letters_of_all_languages)
{
    expect_ids("张小强,a\n王小明,b\nMüller,c\nMöller,d\n",
               (const char *const[]){"张小强", "王小明", "Müller", "Möller", NULL});
}

/* Not UTF-8; a mark that turns the direction of writing. */
Test(class_list, keeps_nothing_else_that_is_not_plain)
{
    expect_ids("M\xfcller,a\nada\u202egpj,b\n",
               (const char *const[]){"M_xfcller", "ada_xe2_x80_xaegpj", NULL});
}

Test(class_list, cuts_long_names_between_letters)
{
    expect_ids("一二三四五六七八九十一二三四五六七八九十一二三,a\n"
               "x一二三四五六七八九十一二三四五六七八九十,b\n",
               (const char *const[]){"一二三四五六七八九十一二三四五六七八九十",
                                     "x一二三四五六七八九十一二三四五六七八九", NULL});
}

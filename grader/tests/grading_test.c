/* The grader end to end: the reference, the skeleton, and submissions with something wrong. */
#include <criterion/criterion.h>
#include <dirent.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "grader/files.h"
#include "grader/keep.h"
#include "grader/scratch.h"
#include "grader/tests/end_to_end.h"

static const char *make_submission(const char *stage)
{
    scratch_make();
    const char *folder = scratch_path("handed-in");
    folder_make(keep_format("%s/%s/student", folder, stage));
    return folder;
}

static json_t *valgrind_of(const struct graded *graded)
{
    return json_object_get(stage_at(graded, 0), "valgrind");
}

Test(grading, gives_the_reference_full_points)
{
    struct graded graded = grade_with("--stage", "1", NULL);
    cr_assert_eq(graded.status, 0, "%s", graded.text);
    cr_assert_eq(stage_points(&graded, 0), 100);
    cr_assert_eq(json_integer_value(json_object_get(valgrind_of(&graded), "errors")), 0);
    json_t *coverage = json_object_get(stage_at(&graded, 0), "coverage");
    cr_assert_geq(json_real_value(json_object_get(coverage, "lines")), 95);
    cr_assert_geq(json_real_value(json_object_get(coverage, "branches")), 85);
}

Test(grading, gives_the_skeleton_nothing_and_calls_it_not_done)
{
    struct graded graded = grade_with("--stage", "1", "--impl", "student", NULL);
    cr_assert_eq(graded.status, 0);
    cr_assert_eq(stage_points(&graded, 0), 0);
    cr_assert_eq(count_status(&graded, 0, "NOT_DONE"), count_tests(&graded, 0));
}

Test(grading, names_the_error_that_does_not_compile)
{
    struct graded graded = grade_fixture("does_not_compile", NULL);
    cr_assert_eq(stage_points(&graded, 0), 0);
    cr_assert_eq(count_status(&graded, 0, "COMPILE"), count_tests(&graded, 0));
    cr_assert_not_null(strstr(graded.text, "object_pool.c:6:"));
    cr_assert_not_null(strstr(graded.text, "no_such_field"));
}

Test(grading, names_the_signal_of_a_crash)
{
    struct graded graded = grade_fixture("crashes", NULL);
    cr_assert_eq(stage_points(&graded, 0), 0);
    cr_assert_str_eq(test_status(&graded, "object_pool/hands_out_an_object"), "CRASH");
    cr_assert_not_null(strstr(graded.text, "signal 11 (Segmentation fault)"));
}

Test(grading, stops_an_endless_loop_and_names_the_phase)
{
    struct graded graded = grade_fixture("loops_for_ever", "--quick");
    cr_assert_str_eq(test_status(&graded, "object_pool/hands_out_an_object"), "TIMEOUT");
    json_t *test = find_test(&graded, "object_pool/hands_out_an_object");
    const char *message = json_string_value(json_object_get(test, "message"));
    cr_assert_not_null(strstr(message, "in the phase \"tests\""), "%s", message);
    cr_assert_eq(count_status(&graded, 0, "GRADER_ERROR"), 0);
}

Test(grading, refuses_what_ends_the_process_and_says_what_to_do)
{
    struct graded graded = grade_fixture("exits", NULL);
    cr_assert_eq(stage_points(&graded, 0), 0);
    cr_assert_eq(count_status(&graded, 0, "FORBIDDEN"), count_tests(&graded, 0));
    cr_assert_not_null(strstr(graded.text, "object_pool.c:15: it uses exit"));
    cr_assert_not_null(strstr(graded.text, "caller_bug"));
}

Test(grading, names_the_line_that_writes_into_a_live_object)
{
    struct graded graded = grade_fixture("writes_into_live_objects", NULL);
    cr_assert_eq(count_status(&graded, 0, "PASSED"), count_tests(&graded, 0));
    cr_assert_eq(stage_points(&graded, 0), 96);
    cr_assert_not_null(strstr(graded.text, "Invalid write of size 1"));
    cr_assert_not_null(strstr(graded.text, "object_pool.c:49 in"));
    json_t *coverage = json_object_get(stage_at(&graded, 0), "coverage");
    cr_assert_geq(json_real_value(json_object_get(coverage, "lines")), 85);
}

Test(grading, names_the_line_that_reads_what_was_never_set)
{
    struct graded graded = grade_fixture("reads_uninitialised", NULL);
    cr_assert_lt(stage_points(&graded, 0), 100); /* one error or two, as the compiler has it */
    cr_assert_not_null(strstr(graded.text, "object_pool.c:48 in"));
    cr_assert_not_null(strstr(graded.text, "warning: unused variable"));
}

/* A counter that all threads increment, and none guards. */
Test(grading, names_the_line_of_a_race)
{
    const char *folder = make_submission("stage3_centralcache");
    const char *whole = file_read("stage3_centralcache/solution/central_cache.c", 1 << 20, NULL);
    const char *body = strstr(strstr(whole, "\nsize_t central_cache_fetch("), "{\n") + 2;
    const char *spoiled = keep_format("%.*s    static unsigned long calls;\n    calls++;\n%s",
                                      (int)(body - whole), whole, body);
    file_write(keep_format("%s/stage3_centralcache/student/central_cache.c", folder), spoiled,
               strlen(spoiled));
    struct graded graded = grade_with("--stage", "3", "--submission", folder, NULL);
    cr_assert_eq(graded.status, 0, "%s", graded.text);
    cr_assert_eq(count_status(&graded, 0, "PASSED"), count_tests(&graded, 0), "%s", graded.text);
    cr_assert_eq(json_integer_value(json_object_get(valgrind_of(&graded), "races")), 1);
    cr_assert_eq(json_integer_value(json_object_get(valgrind_of(&graded), "races_points")), 8);
    cr_assert_not_null(
        strstr(graded.text, "data race, stage3_centralcache/student/central_cache.c"));
}

/* A file that looks whether others have been preprocessed before it, and would be another the second time. */
Test(grading, compiles_the_text_that_the_gate_has_read)
{
    static const char looks[] =
        "#define PASTE(a, b) a##b\n"
        "#define HAS(file) PASTE(__has_, include)(<../compiled/debug/stage2_threadcache/file>)\n"
        "#if HAS(thread_cache.i) && !HAS(size_class.tsan.i)\n"
        "#error the second time\n"
        "#endif\n";
    const char *folder = make_submission("stage2_threadcache");
    const char *solution = file_read("stage2_threadcache/solution/size_class.c", 1 << 20, NULL);
    const char *file = keep_format("%s/stage2_threadcache/student/size_class.c", folder);
    file_write(file, keep_format("%s%s", looks, solution), strlen(looks) + strlen(solution));
    file_copy("stage2_threadcache/solution/thread_cache.c",
              keep_format("%s/stage2_threadcache/student/thread_cache.c", folder));
    struct graded graded = grade_with("--stage", "2", "--quick", "--submission", folder, NULL);
    cr_assert_eq(count_status(&graded, 0, "PASSED"), count_tests(&graded, 0), "%s", graded.text);
}

/* --- What is taken from a submission --- */

Test(submission, takes_no_symbolic_link)
{
    char root[4096];
    const char *folder = make_submission("stage1_objectpool");
    const char *link = keep_format("%s/stage1_objectpool/student/object_pool.c", folder);
    cr_assert_not_null(getcwd(root, sizeof root));
    cr_assert_eq(symlink(keep_format("%s/stage1_objectpool/solution/object_pool.c", root), link),
                 0);
    folder_make(keep_format("%s/stage2_threadcache/student", folder));
    file_write(keep_format("%s/stage2_threadcache/student/size_class.c", folder), "x\n", 2);
    struct graded graded = grade_with("--stage", "1", "--submission", folder, NULL);
    cr_assert_eq(graded.status, 0, "%s", graded.text);
    cr_assert_eq(stage_points(&graded, 0), 0);
    cr_assert_eq(count_status(&graded, 0, "NOT_DONE"), count_tests(&graded, 0));
    cr_assert_not_null(strstr(graded.text, "is a symbolic link"));
}

/* The Makefile, the header and the test would each give full points. */
Test(submission, takes_nothing_but_the_hand_in_files)
{
    const char *folder = make_submission("stage1_objectpool");
    folder_make(keep_format("%s/stage1_objectpool/tests", folder));
    file_write(keep_format("%s/stage1_objectpool/tests/object_pool_test.c", folder), "x\n", 2);
    file_write(keep_format("%s/stage1_objectpool/object_pool.h", folder), "x\n", 2);
    file_write(keep_format("%s/Makefile", folder), "x\n", 2);
    const char *skeleton = file_read("stage1_objectpool/student/object_pool.c", 1 << 20, NULL);
    file_write(keep_format("%s/stage1_objectpool/student/object_pool.c", folder), skeleton,
               strlen(skeleton));
    struct graded graded = grade_with("--stage", "1", "--submission", folder, NULL);
    cr_assert_eq(graded.status, 0);
    cr_assert_eq(count_status(&graded, 0, "NOT_DONE"), count_tests(&graded, 0));
}

Test(submission, counts_a_file_larger_than_its_limit_as_not_done)
{
    const char *folder = make_submission("stage1_objectpool");
    const char *file = keep_format("%s/stage1_objectpool/student/object_pool.c", folder);
    file_write(file, "", 0);
    cr_assert_eq(truncate(file, (off_t)1 << 30), 0);
    struct graded graded = grade_with("--stage", "1", "--submission", folder, NULL);
    cr_assert_eq(graded.status, 0);
    cr_assert_eq(count_status(&graded, 0, "NOT_DONE"), count_tests(&graded, 0));
    cr_assert_not_null(strstr(graded.text, "is larger than 256 KiB"));
}

/* --- Wrong use: one line, status 1 --- */

static void expect_refusal(const struct graded *graded, const char *words)
{
    cr_assert_eq(graded->status, 1);
    cr_assert_not_null(strstr(graded->text, words), "%s", graded->text);
    cr_assert_eq(strchr(graded->text, '\n') + 1, graded->text + strlen(graded->text));
    cr_assert_null(graded->report);
}

Test(wrong_use, stage_that_does_not_exist)
{
    struct graded graded = grade_with("--stage", "9", NULL);
    expect_refusal(&graded, "choose one of 1 to 4");
}

Test(wrong_use, folder_that_does_not_exist)
{
    struct graded graded = grade_with("--submission", "/no/such/folder", NULL);
    expect_refusal(&graded, "/no/such/folder: there is no such folder or archive");
}

Test(wrong_use, folder_with_none_of_the_files)
{
    struct graded graded = grade_with("--submission", make_submission("stage1_objectpool"), NULL);
    expect_refusal(&graded, "none of the hand-in files");
}

Test(wrong_use, option_that_does_not_exist)
{
    struct graded graded = grade_with("--all", NULL);
    expect_refusal(&graded, "there is no option --all");
}

Test(wrong_use, report_that_cannot_be_written)
{
    struct graded graded = grade_with("--junit", "/no/such/folder/x.xml", NULL);
    expect_refusal(&graded, "cannot write /no/such/folder/x.xml: No such file or directory");
}

Test(wrong_use, rubric_with_an_error)
{
    scratch_make();
    const char *rubric = scratch_path("my.cfg");
    file_write(rubric, "version = 1;\nstage1 = 5;\n", 25);
    struct graded graded = grade_with("--rubric", rubric, NULL);
    expect_refusal(&graded, "my.cfg:2: stage1 must be there, as in  stage1 = { points");
}

Test(wrong_use, tool_that_is_missing)
{
    setenv("PATH", "/nowhere", 1);
    struct graded graded = grade_with("--stage", "1", NULL);
    expect_refusal(&graded, "apt install make");
}

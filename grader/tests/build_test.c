/* The list of tests, what make prints, and time limits. */
#include <criterion/criterion.h>
#include <string.h>
#include <unistd.h>

#include "grader/calibration.h"
#include "grader/files.h"
#include "grader/make_output.h"
#include "grader/own_tests_build.h"
#include "grader/scratch.h"
#include "grader/test_list.h"

/* --- The list of tests --- */

Test(test_list, reads_every_field)
{
    struct test_result *tests = NULL;
    size_t count = test_list_parse("a/b\t4\t0\tI1\t1.2\tx_test.c\t29\tA hint.\t\n"
                                   "a/c\t0\t1\tI2\t1.3\ty_test.c\t7\tAnother, longer\ta/b\n",
                                   &tests);
    cr_assert_eq(count, 2);
    cr_assert_str_eq(tests[0].facts.name, "a/b");
    cr_assert_eq(tests[0].facts.points, 4);
    cr_assert_not(tests[0].facts.threads);
    cr_assert(tests[1].facts.threads);
    cr_assert_str_eq(tests[1].facts.section, "1.3");
    cr_assert_eq(tests[1].facts.line, 7);
    cr_assert_str_eq(tests[1].facts.hint, "Another, longer");
}

Test(test_list, takes_nothing_from_a_list_that_is_not_whole)
{
    struct test_result *tests = NULL;
    cr_assert_eq(test_list_parse("", &tests), 0);
    cr_assert_eq(test_list_parse("a/b\t4\t0\tI1\n", &tests), 0);
    cr_assert_eq(test_list_parse("a/b\tmany\t0\tI1\t1.2\tx.c\t29\thint\t\n", &tests), 0);
    cr_assert_eq(test_list_parse("a/b\t4\t0\tI1\t1.2\tx.c\t29\thint\t", &tests), 0);
    cr_assert_eq(test_list_parse("a/b\t4\t0\tI1\t1.2\tx.c\t29\thint\t\nrubbish\n", &tests), 0);
}

/* --- What make prints --- */

Test(build, finds_the_first_error_and_hides_makes_own_lines)
{
    static const char output[] = "  CC    build/x.o\n"
                                 "x.c: In function 'f':\n"
                                 "x.c:3:5: error: expected ';'\n"
                                 "x.c:9:5: error: another\n"
                                 "make: *** [Makefile:97: x.o] Error 1\n";
    cr_assert_str_eq(build_first_error(output), "x.c:3:5: error: expected ';'");
    cr_assert_null(strstr(build_diagnostics(output), "Makefile"));
    cr_assert_not_null(strstr(build_diagnostics(output), "another"));
    cr_assert_str_eq(build_first_error("  CC  x\n"), "");
}

/* --- Calibration --- */

Test(calibration, is_ten_times_the_reference_and_never_below_the_floor)
{
    struct calibration calibration = {NULL, 0};
    calibration_add(&calibration, "slow", 1510);
    calibration_add(&calibration, "quick", 3);
    cr_assert_eq(calibration_limit(&calibration, "slow", 2, 60), 16);
    cr_assert_eq(calibration_limit(&calibration, "quick", 2, 60), 2);
    cr_assert_eq(calibration_limit(&calibration, "unknown", 2, 60), 60);
}

Test(calibration, holds_for_one_program_file_only)
{
    scratch_make();
    const char *file = scratch_path("calibration");
    const char *program = scratch_path("program");
    struct calibration calibration = {NULL, 0};
    struct calibration loaded;
    file_write(program, "one", 3);
    calibration_add(&calibration, "a/b", 70);
    calibration_save(&calibration, file, program);
    cr_assert(calibration_load(&loaded, file, program));
    cr_assert_eq(loaded.timings[0].ms, 70);
    cr_assert_str_eq(loaded.timings[0].name, "a/b");
    file_write(program, "another", 7);
    cr_assert_not(calibration_load(&loaded, file, program));
    cr_assert_not(calibration_load(&loaded, scratch_path("none"), program));
}

/* What runs is a copy: it must be known by what was measured of it in an earlier grading. */
Test(calibration, knows_a_program_by_its_copy)
{
    scratch_make();
    const char *program = scratch_path("program");
    const char *copy = scratch_path("copy");
    const char *file = scratch_path("calibration");
    cr_assert(file_write(program, "code", 4));
    struct calibration measured = {NULL, 0};
    calibration_add(&measured, "a/b", 1);
    calibration_save(&measured, file, program);
    usleep(20000); /* a copy made later has another time, unless it is given that of the program */
    cr_assert(file_copy(program, copy));
    cr_assert(calibration_load(&measured, file, copy));
}

/* --- Tests of the student's own --- */

Test(own_tests_build, begins_no_file_when_the_time_is_up)
{
    struct own_file files[] = {{.name = "a_test.c"}, {.name = "b_test.c"}};
    struct stage_result result = {.stage = &all_stages[0],
                                  .own_tests = {.files = files, .file_count = 2}};
    const struct grading grading = {.student_root = "/no/such/folder"};
    scratch_make();
    cr_assert_eq(own_tests_compile(&grading, &result, 0), 0);
    cr_assert_eq(files[0].status, STATUS_TIMEOUT);
    cr_assert_str_eq(files[1].problem, "the time was up before it was compiled");
}

/* What Valgrind and ThreadSanitizer write, as the grader reads it. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "grader/files.h"
#include "grader/keep.h"
#include "grader/scratch.h"
#include "grader/tsan_log.h"
#include "grader/valgrind_xml.h"

/* --- Valgrind's XML --- */

Test(valgrind_xml, names_the_place_in_the_students_file)
{
    struct tool_result tool = {.count = 0};
    cr_assert(valgrind_xml_read("grader/tests/data/memcheck.xml", SUBJECT_STUDENT, NULL,
                                valgrind_counts_memcheck, &tool));
    cr_assert_eq(tool.count, 3);
    cr_assert_str_eq(tool.findings[0].kind, "InvalidWrite");
    cr_assert_str_eq(tool.findings[0].what, "Invalid write of size 8");
    cr_assert_str_eq(tool.findings[0].file, "stage1_objectpool/student/object_pool.c");
    cr_assert_eq(tool.findings[0].line, 49);
    cr_assert_str_eq(tool.findings[0].function, "spoil");
}

Test(valgrind_xml, counts_duplicates_and_passes_over_what_may_be_no_leak)
{
    struct tool_result tool = {.count = 0};
    valgrind_xml_read("grader/tests/data/memcheck.xml", SUBJECT_STUDENT, NULL,
                      valgrind_counts_memcheck, &tool);
    cr_assert_eq(tool.findings[0].count, 2);
    cr_assert_str_eq(tool.findings[1].kind, "UninitCondition");
    cr_assert_str_eq(tool.findings[1].file, "/src/tests/some_test.c");
    cr_assert_str_eq(tool.findings[2].kind, "Leak_DefinitelyLost");
    cr_assert_str_eq(tool.findings[2].function, "add_chunk");
}

Test(valgrind_xml, reads_what_there_is_of_a_report_cut_short)
{
    size_t length = 0;
    struct tool_result tool = {.count = 0};
    char *whole = file_read("grader/tests/data/memcheck.xml", 1 << 20, &length);
    scratch_make();
    const char *path = scratch_path("cut.xml");
    const char *second = strstr(strstr(whole, "<error>") + 1, "<error>");
    cr_assert(file_write(path, whole, (size_t)(second - whole) + 20));
    cr_assert(valgrind_xml_read(path, SUBJECT_STUDENT, NULL, valgrind_counts_memcheck, &tool));
    cr_assert_eq(tool.findings[0].line, 49);
    cr_assert_not(
        valgrind_xml_read("/no/such.xml", SUBJECT_STUDENT, NULL, valgrind_counts_memcheck, &tool));
}

/* Code in the jail may put anything in the place of the file that Valgrind writes. A pipe nobody writes to
 * is not waited for, a link is not followed. */
Test(valgrind_xml, opens_nothing_but_a_file, .timeout = 60)
{
    struct tool_result tool = {.count = 0};
    struct finding place;
    scratch_make();
    const char *pipe = scratch_path("pipe.xml");
    const char *link = scratch_path("link.xml");
    cr_assert_eq(mkfifo(pipe, 0600), 0);
    cr_assert_eq(symlink(realpath("grader/tests/data/memcheck.xml", NULL), link), 0);
    cr_assert_not(valgrind_xml_read(pipe, SUBJECT_STUDENT, NULL, valgrind_counts_memcheck, &tool));
    cr_assert_not(valgrind_xml_read(link, SUBJECT_STUDENT, NULL, valgrind_counts_memcheck, &tool));
    cr_assert_not(valgrind_xml_crash(pipe, SUBJECT_STUDENT, &place));
    cr_assert_eq(tool.count, 0);
}

static bool read_text(const char *text, struct tool_result *tool)
{
    scratch_make();
    const char *path = scratch_path("some.xml");
    cr_assert(file_write(path, text, strlen(text)));
    return valgrind_xml_read(path, SUBJECT_STUDENT, NULL, valgrind_counts_memcheck, tool);
}

Test(valgrind_xml, refuses_entities)
{
    struct tool_result tool = {.count = 0};
    cr_assert_not(read_text("<!DOCTYPE a [<!ENTITY much 'much of it'>]><a><error>"
                            "<kind>&much;&much;</kind></error></a>",
                            &tool));
    cr_assert_eq(tool.count, 0);
}

Test(valgrind_xml, keeps_no_more_than_valgrind_would_write)
{
    enum { MANY = 5000, LONG = 10000 };
    struct tool_result tool = {.count = 0};
    char *text = keep_bytes(MANY * 60 + LONG + 100);
    char *at = text + sprintf(text, "<a><error><kind>%0*d</kind></error>", LONG, 1);
    for (int i = 0; i < MANY; i++)
        at += sprintf(at, "<error><kind>%d</kind></error>", i);
    strcpy(at, "</a>");
    cr_assert(read_text(text, &tool));
    cr_assert_eq(tool.count, 2000);
    cr_assert_eq(strlen(tool.findings[0].kind), 1000);
}

Test(valgrind_xml, leaves_races_to_ThreadSanitizer)
{
    static char race[] = "Race";
    static char order[] = "LockOrder";
    static char file[] = "stage3_centralcache/student/central_cache.c";
    static char what[] = "Thread #1: lock order violated";
    static char end[] = "Thread #2: Exiting thread still holds 1 lock";
    struct finding finding = {.kind = race, .what = what, .file = file};
    cr_assert_not(valgrind_counts_helgrind(&finding, SUBJECT_STUDENT));
    finding.kind = order;
    cr_assert(valgrind_counts_helgrind(&finding, SUBJECT_STUDENT));
    cr_assert_not(valgrind_counts_helgrind(&finding, SUBJECT_SOLUTION));
    finding.what = end;
    cr_assert_not(valgrind_counts_helgrind(&finding, SUBJECT_STUDENT));
    finding.what = what;
    finding.file = NULL;
    cr_assert_not(valgrind_counts_helgrind(&finding, SUBJECT_STUDENT));
}

/* --- ThreadSanitizer's log --- */

static const char race[] =
    "==================\n"
    "WARNING: ThreadSanitizer: data race (pid=11)\n"
    "  Write of size 8 at 0x7b0400000800 by thread T2:\n"
    "    #0 free_list_push common/free_list.h:30 (prog+0x12)\n"
    "    #1 central_cache_release /tmp/s/stage3_centralcache/student/central_cache.c:88:9 "
    "(prog+0x1)\n"
    "    #2 body /src/tests/x_test.c:5 (prog+0x2)\n"
    "\n"
    "  Previous write of size 8 at 0x7b0400000800 by thread T1:\n"
    "    #0 central_cache_fetch /tmp/s/stage3_centralcache/student/central_cache.c:44 (prog+0x1)\n"
    "SUMMARY: ThreadSanitizer: data race common/free_list.h:30 in free_list_push\n"
    "==================\n";

Test(tsan_log, names_the_place_in_the_students_file)
{
    struct tool_result tool = {.count = 0};
    tsan_log_read(race, SUBJECT_STUDENT, NULL, &tool);
    cr_assert_eq(tool.count, 1);
    cr_assert_str_eq(tool.findings[0].kind, "data race");
    cr_assert_str_eq(tool.findings[0].file, "stage3_centralcache/student/central_cache.c");
    cr_assert_str_eq(tool.findings[0].function, "central_cache_release");
    cr_assert_eq(tool.findings[0].line, 88);
}

Test(tsan_log, takes_the_first_place_where_none_is_the_students)
{
    struct tool_result tool = {.count = 0};
    tsan_log_read(race, SUBJECT_SOLUTION, NULL, &tool);
    cr_assert_str_eq(tool.findings[0].file, "common/free_list.h");
    cr_assert_eq(tool.findings[0].line, 30);
}

Test(tsan_log, counts_duplicates_and_reports_cut_short)
{
    struct tool_result tool = {.count = 0};
    tsan_log_read(race, SUBJECT_STUDENT, NULL, &tool);
    tsan_log_read("WARNING: ThreadSanitizer: data race (pid=1)\n"
                  "    #0 central_cache_release "
                  "/tmp/s/stage3_centralcache/student/central_cache.c:88 (p+0)\n",
                  SUBJECT_STUDENT, NULL, &tool);
    cr_assert_eq(tool.count, 1);
    cr_assert_eq(tool.findings[0].count, 2);
}

Test(tsan_log, knows_when_it_could_not_start)
{
    cr_assert_null(tsan_log_fatal(race));
    cr_assert_str_eq(
        tsan_log_fatal("x\nFATAL: ThreadSanitizer: unexpected memory mapping 0x1-0x2\ny\n"),
        "FATAL: ThreadSanitizer: unexpected memory mapping 0x1-0x2");
}

/* Each report format, made from results full of markup, escapes and broken UTF-8, is read by a
 * parser that is not ours and held against a schema (grader/tests/formats/). */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "grader/files.h"
#include "grader/html.h"
#include "grader/keep.h"
#include "grader/report.h"
#include "grader/scratch.h"

/* What a hostile submission may bring into a report. */
static char hostile[] = "</testcase>]]><script>alert('x')</script>&amp;\"\033[2J\x07\r\n"
                        "\xff\xfe\xc0\x80 \xe2\x80\xae %s %n";

static struct options options = {.seed = "1"};
static struct rubric rubric = {.name = "x.cfg"};
static struct grading grading = {.options = &options, .rubric = &rubric};

/* A stage with a test of each status, each tool with a finding, a count, all of it hostile. */
static struct stage_result make_stage(void)
{
    struct finding finding = {
        .kind = hostile, .what = hostile, .function = hostile, .file = hostile};
    struct stage_result result = {.stage = &all_stages[1], .score = {13, 200}};
    result.test_count = STATUS_GRADER_ERROR;
    result.tests = keep_bytes(result.test_count * sizeof *result.tests);
    for (enum status status = 0; status < STATUS_GRADER_ERROR; status++)
        result.tests[status] =
            (struct test_result){.facts = {.name = keep_format("suite/test_%u", status),
                                           .points = 3,
                                           .file = hostile,
                                           .invariant = keep_text("I1"),
                                           .section = keep_text("2.1"),
                                           .hint = keep_text("look")},
                                 .status = status,
                                 .message = hostile,
                                 .score = {1, 7}};
    result.memcheck = result.races = (struct tool_result){.state = TOOL_RUN, .score = {5, 20}};
    for (finding.line = 1; finding.line < 8; finding.line++) {
        finding_add(&result.memcheck, &finding);
        finding_add(&result.races, &finding);
    }
    result.counts = keep_bytes(sizeof *result.counts);
    *result.counts = (struct count_result){.name = hostile, .value = 3, .reference = 1.5};
    result.count_count = 1;
    static struct own_file file = {hostile, STATUS_COMPILE, hostile};
    static struct own_test test = {hostile, STATUS_FAILED, hostile};
    static struct exposed_bug exposed = {18, hostile, hostile};
    result.own_tests = (struct own_tests){&file, 1, true, &test, 1, 1, &exposed, 1, 2, hostile};
    result.notes = keep_bytes(sizeof *result.notes);
    result.notes[0] = result.warnings = hostile;
    result.note_count = 1;
    return result;
}

static struct report make_report(const struct stage_result *result)
{
    return (struct report){
        .grading = &grading, .stages = result, .count = 1, .subject = hostile, .seconds = 1.25};
}

/* Whether `command` (a printf format with the file's path in it) accepts the text. */
static void expect_accepted(const char *text, const char *command)
{
    scratch_make();
    const char *file = scratch_path("report");
    file_write(file, text, strlen(text));
    const char *call = keep_format("%s %s >%s 2>&1", command, file, scratch_path("said"));
    int status = system(call);
    cr_assert(WIFEXITED(status) && WEXITSTATUS(status) == 0, "%s: %s", call,
              file_read(scratch_path("said"), 4096, NULL));
}

static void expect_json(const char *text, const char *schema)
{
    cr_assert_null(strpbrk(text, "\033\x07\r\xff"));
    expect_accepted(text, "python3 -m json.tool");
    expect_accepted(text, keep_format("python3 -W ignore -m jsonschema "
                                      "grader/tests/formats/%s.schema.json -i",
                                      schema));
}

/* Whether `expression` is true of the text. */
static void expect_jq(const char *text, const char *expression)
{
    expect_accepted(text, keep_format("jq -e '%s'", expression));
}

Test(formats, JSON_holds_to_its_schema)
{
    struct stage_result result = make_stage();
    struct report report = make_report(&result);
    const char *text = report_json(&report);
    expect_json(text, "result");
    expect_jq(text, ".points == 6.5 and .max_points == 100");
}

Test(formats, JUnit_holds_to_its_schema)
{
    struct stage_result result = make_stage();
    struct report report = make_report(&result);
    const char *text = report_junit(&report);
    expect_accepted(text, "xmllint --noout --schema grader/tests/formats/junit.xsd");
    cr_assert_null(strstr(text, "<script"));
    cr_assert_null(strstr(text, "]]>"));
}

Test(formats, JUnit_tells_of_a_stage_that_was_not_graded)
{
    struct stage_result result = {.stage = &all_stages[0], .broken = hostile};
    struct report report = make_report(&result);
    const char *text = report_junit(&report);
    expect_accepted(text, "xmllint --noout --schema grader/tests/formats/junit.xsd");
    cr_assert_not_null(strstr(text, "<error type=\"GRADER_ERROR\""));
}

Test(formats, Gradescope_holds_to_its_schema)
{
    struct stage_result result = make_stage();
    result.tests[1].facts.visibility = "after_published";
    struct report report = make_report(&result);
    const char *text = report_gradescope(&report);
    expect_json(text, "gradescope");
    expect_jq(text, ".tests | length == 16"); /* with the own tests, which have no score */
    expect_jq(text, "[.tests[] | select(has(\"score\") | not) | .output | length > 20] == [true]");
    expect_jq(text, ".score == 6.5 and .tests[0].max_score == 3.5");
    expect_jq(text, ".tests[1].visibility == \"after_published\"");
    expect_jq(text, ".leaderboard | length == 2");
}

Test(formats, Gradescope_gets_no_score_where_the_grader_failed)
{
    struct stage_result result = make_stage();
    tool_broken(&result.races, hostile);
    struct report report = make_report(&result);
    const char *text = report_gradescope(&report);
    expect_json(text, "gradescope");
    expect_jq(text, "has(\"score\") or has(\"tests\") | not");
}

Test(formats, GitHub_Classroom_holds_to_its_schema)
{
    struct stage_result result = make_stage();
    result.tests[1].facts.visibility = "hidden";
    struct report report = make_report(&result);
    const char *text = report_github_classroom(&report);
    expect_json(text, "github_classroom");
    expect_jq(text, ".tests | length == 15");
    expect_jq(text, ".status == \"fail\" and .max_score == 100");
    expect_jq(text, ".tests[1] | .filename == \"\" and .message == \"PASSED\"");
    tool_broken(&result.races, hostile);
    text = report_github_classroom(&report);
    expect_json(text, "github_classroom");
    expect_jq(text, ".status == \"error\" and .tests == []");
}

Test(formats, Autolab_gets_one_line_or_none)
{
    struct stage_result result = make_stage();
    struct report report = make_report(&result);
    const char *text = report_autolab(&report);
    expect_json(text, "autolab");
    cr_assert_eq(strchr(text, '\n'), text + strlen(text) - 1);
    cr_assert_not_null(strstr(text, "\"stage2\":6.5"));
    tool_broken(&result.races, hostile);
    cr_assert_null(report_autolab(&report));
}

/* A page is well-formed XML: nothing hostile broke out of its place. */
Test(formats, page_keeps_hostile_text_in_its_place)
{
    struct stage_result result = make_stage();
    struct covered_file file = {hostile, keep_bytes(3), 2};
    result.coverage = (struct coverage){.state = TOOL_RUN, .files = &file, .file_count = 1};
    result.broken = result.compile_error = hostile;
    char *hints[] = {hostile};
    struct blame blame = {.test = result.tests, .own = 1, .status = STATUS_CRASH, hostile};
    result.coverage.hints = hints;
    result.coverage.hint_count = 1;
    result.mixes[0] = (struct mix){.own = 1, .why = hostile};
    result.mix_count = 1;
    result.blames = &blame;
    result.blame_count = 1;
    struct options with_matrix = {.seed = "1", .matrix = true};
    struct grading of = {.options = &with_matrix, .rubric = &rubric};
    struct report report = make_report(&result);
    report.grading = &of;
    const char *text = report_html(&report);
    expect_accepted(text, "xmllint --noout");
    cr_assert_null(strstr(text, "<script"));
    cr_assert_null(strpbrk(text, "\033\x07\r\xff"));
    cr_assert_not_null(strstr(text, "&lt;/testcase&gt;]]&gt;&lt;script&gt;alert(&#39;x&#39;)"));
    cr_assert_not_null(strstr(text, "default-src 'none'"));
    cr_assert_not_null(strstr(text, "over your stage 1"));
}

/* The source of a finding is shown, with its markup as text. */
Test(formats, page_shows_a_finding_at_its_line)
{
    scratch_make();
    const char *source = "first\n/* </pre><img src=x onerror=alert(1)> */\nthird\n";
    const char *name = "stage1_objectpool/student/object_pool.c";
    folder_make(scratch_path("student/stage1_objectpool/student"));
    file_write(scratch_path("student/%s", name), source, strlen(source));
    struct finding finding = {
        .what = hostile, .file = keep_text(name), .line = 2, .function = hostile};
    struct stage_result result = {.stage = &all_stages[0]};
    finding_add(&result.memcheck, &finding);
    struct options of_student = {.subject = SUBJECT_STUDENT, .seed = "1"};
    struct grading of = {
        .options = &of_student, .rubric = &rubric, .student_root = scratch_path("student")};
    struct report report = {.grading = &of, .stages = &result, .count = 1, .subject = hostile};
    const char *text = report_html(&report);
    expect_accepted(text, "xmllint --noout");
    cr_assert_not_null(strstr(text, "&lt;/pre&gt;&lt;img src=x onerror=alert(1)&gt; */</span>"));
}

Test(formats, text_is_printable_and_80_columns_wide)
{
    struct stage_result result = make_stage();
    char *text = NULL;
    size_t length = 0;
    FILE *out = open_memstream(&text, &length);
    report_stage(out, &result);
    report_summary(out, &result, 1);
    fclose(out);
    for (const char *line = text; *line != '\0';) {
        size_t columns = strcspn(line, "\n");
        cr_assert_leq(columns, 80, "%.*s", (int)columns, line);
        for (size_t i = 0; i < columns; i++)
            cr_assert(line[i] >= ' ' && line[i] <= '~', "at byte %zu", i);
        line += columns + 1;
    }
    free(text);
}

Test(formats, a_file_is_written_whole_or_not_at_all)
{
    scratch_make();
    const char *file = scratch_path("no/such/folder/report");
    cr_assert_not(file_write(file, "x", 1));
    cr_assert_not(file_exists(file));
    file = scratch_path("report");
    cr_assert(file_write(file, "old", 3));
    cr_assert(file_write(file, "new", 3));
    cr_assert_str_eq(file_read(file, 10, NULL), "new");
    cr_assert_not(file_exists(keep_format("%s.%ld.part", file, (long)getpid())));
}

/* Files in /proc say that they are empty. */
Test(formats, a_file_that_does_not_say_its_length_is_read_to_its_end)
{
    size_t length = 0;
    const char *name = file_read("/proc/self/comm", 100, &length);
    cr_assert_gt(length, 1);
    cr_assert_eq(name[length - 1], '\n');
}

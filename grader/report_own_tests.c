/* report_own_tests: what a student's own tests are worth (phase_own_tests.c), as a line that sums it up
 * and a list of what else there is to say. All formats show these same lines.
 *
 *     Your own tests (not scored): 5 tests, 4 pass the reference; they expose 2 of 14 planted bugs
 *       - FAILED mine/is_fair: on the reference, so it shows nothing: ...
 *       - exposed by mine/never_twice: row 18, the head of the list is never advanced
 *
 * Bugs that are not exposed are not named: finding them is the student's. */
#include <string.h>

#include "grader/keep.h"
#include "grader/report.h"
#include "grader/text.h"

static const char *count_words(size_t count, const char *what)
{
    return keep_format("%zu %s%s", count, what, count == 1 ? "" : "s");
}

char *report_own_tests_sum(const struct own_tests *own)
{
    const char *passed = own->passed == own->test_count
                             ? "all pass the reference"
                             : keep_format("%zu of them pass the reference", own->passed);
    if (own->test_count == 0)
        return keep_format("%s, no test that could be run", count_words(own->file_count, "file"));
    if (own->passed == 0)
        return keep_format("%s, none passes the reference", count_words(own->test_count, "test"));
    return keep_format("%s, %s; they expose %zu of %zu planted bugs",
                       count_words(own->test_count, "test"), passed, own->exposed_count,
                       own->bug_count);
}

static void add(struct own_lines *lines, char *line)
{
    lines->items = keep_room(lines->items, lines->count, sizeof *lines->items);
    lines->items[lines->count++] = line;
}

/* The compiler names the file, and the gate. */
static char *file_line(const struct own_file *file)
{
    bool is_named = strstr(file->problem, file->name) != NULL;
    return keep_format("%s%s%s: %s", status_name(file->status), is_named ? "" : " ",
                       is_named ? "" : file->name, file->problem);
}

struct own_lines report_own_tests_lines(const struct stage_result *result)
{
    const struct own_tests *own = &result->own_tests;
    struct own_lines lines = {NULL, 0};
    if (own->problem != NULL)
        add(&lines, keep_text(own->problem));
    for (size_t i = 0; i < own->file_count; i++)
        if (own->files[i].problem != NULL)
            add(&lines, file_line(&own->files[i]));
    for (size_t i = 0; i < own->test_count; i++)
        if (own->tests[i].status != STATUS_PASSED && own->tests[i].status != STATUS_UNKNOWN)
            add(&lines, keep_format("%s %s, on the reference, so it shows nothing: %s",
                                    status_name(own->tests[i].status), own->tests[i].name,
                                    own->tests[i].message == NULL ? "" : own->tests[i].message));
    for (size_t i = 0; i < own->exposed_count; i++)
        add(&lines, keep_format("exposed by %s: row %u, \"%s\"", own->exposed[i].test,
                                own->exposed[i].row, own->exposed[i].bug));
    if (own->passed != 0 && own->exposed_count < own->bug_count)
        add(&lines, keep_format("make own-tests STAGE=%u asks a question about each of the others",
                                result->stage->number));
    return lines;
}

void report_own_tests(FILE *out, const struct stage_result *result)
{
    if (!result->own_tests.were_tried)
        return;
    struct own_lines lines = report_own_tests_lines(result);
    fprintf(out, "\n");
    text_wrap(out, 2, "Your own tests (not scored): ", report_own_tests_sum(&result->own_tests));
    for (size_t i = 0; i < lines.count; i++)
        text_wrap(out, 4, "- ", text_printable(lines.items[i]));
}

json_t *report_own_tests_json(const struct stage_result *result)
{
    const struct own_tests *own = &result->own_tests;
    if (!own->were_tried)
        return json_null();
    struct own_lines lines = report_own_tests_lines(result);
    json_t *rows = json_array();
    json_t *said = json_array();
    for (size_t i = 0; i < own->exposed_count; i++)
        report_append(rows, json_integer((json_int_t)own->exposed[i].row));
    for (size_t i = 0; i < lines.count; i++)
        report_append(said, json_string(text_clean(lines.items[i])));
    return json_pack("{s:I, s:I, s:I, s:I, s:o, s:s, s:o}", "tests", (json_int_t)own->test_count,
                     "pass_the_reference", (json_int_t)own->passed, "planted_bugs",
                     (json_int_t)own->bug_count, "exposed", (json_int_t)own->exposed_count, "rows",
                     rows, "summary", report_own_tests_sum(own), "details", said);
}

/* A test without points and without a verdict: Gradescope shows its text. */
void report_own_tests_gradescope(json_t *tests, const struct stage_result *result)
{
    if (!result->own_tests.were_tried)
        return;
    struct own_lines lines = report_own_tests_lines(result);
    const char *text = report_own_tests_sum(&result->own_tests);
    for (size_t i = 0; i < lines.count; i++)
        text = keep_format("%s\n- %s", text, lines.items[i]);
    report_append(
        tests,
        json_pack("{s:s, s:s, s:s, s:s}", "name",
                  keep_format("stage %u: your own tests (not scored)", result->stage->number),
                  "output", text_clean(text), "output_format", "text", "visibility", "visible"));
}

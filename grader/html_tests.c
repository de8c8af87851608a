/* html_tests: each test of a stage: a row with how it went, and for what did not pass the story: what
 * happened, what should hold, a hint, and where to read. */
#include <string.h>

#include "grader/html.h"
#include "grader/keep.h"
#include "grader/score.h"

/* A long name may break at its underscores. */
static void put_name(FILE *out, const char *name)
{
    while (*name != '\0') {
        size_t length = strcspn(name, "_");
        length += name[length] == '_';
        html_format(out, "%s<wbr/>", keep_part(name, length));
        name += length;
    }
}

static void put_row(FILE *out, const char *element, const struct test_result *test)
{
    const char *slash = strchr(test->facts.name, '/');
    html_format(out, "<%s class=\"row\"><span class=\"pill %s\">%s</span><span class=\"name\">",
                element, html_class_of(test->status), status_name(test->status));
    put_name(out, slash == NULL ? test->facts.name : slash + 1);
    html_format(out, "</span><span class=\"number\">%s</span></%s>\n",
                test->score.most == 0 ? "not scored"
                                      : keep_format("%s / %s", score_text(test->score.earned),
                                                    score_text(test->score.most)),
                element);
}

static void put_line(FILE *out, const char *term, const char *text)
{
    if (text != NULL && *text != '\0')
        html_format(out, "<dt>%s</dt><dd>%s</dd>\n", term, text);
}

static void put_story(FILE *out, const struct stage_result *result, const struct test_result *test)
{
    const struct test_facts *facts = &test->facts;
    fprintf(out, "<div class=\"story\"><dl>\n");
    put_line(out, "what", test->message);
    if (test->runs > 1 && test->status != STATUS_UNSTABLE) /* whose message says so */
        put_line(out, "runs", keep_format("passed none of %u times", test->runs));
    put_line(out, "invariant", facts->invariant);
    put_line(out, "hint", facts->hint);
    put_line(out, "read",
             keep_format("%s/README.md, task %s", result->stage->folder, facts->section));
    put_line(out, "test", keep_format("%s:%u", facts->file, facts->line));
    fprintf(out, "</dl></div>\n");
}

static void put_test(FILE *out, const struct stage_result *result, const struct test_result *test)
{
    bool told = test->facts.visibility == NULL || test->facts.visibility[0] == 'v';
    if (test->status == STATUS_PASSED || !told) {
        fprintf(out, "<div class=\"test\">");
        put_row(out, "div", test);
        fprintf(out, "</div>\n");
        return;
    }
    fprintf(out, "<details class=\"test\"%s>",
            report_color(test->status) == TEXT_BAD ? " open=\"open\"" : "");
    put_row(out, "summary", test);
    put_story(out, result, test);
    fprintf(out, "</details>\n");
}

void html_tests(FILE *out, const struct stage_result *result)
{
    const char *before = "";
    size_t before_length = 0;
    for (size_t i = 0; i < result->test_count; i++) {
        const char *name = result->tests[i].facts.name;
        size_t length = strcspn(name, "/");
        if (length != before_length || strncmp(name, before, length) != 0)
            html_format(out, "<h3>%s</h3>\n", keep_part(name, length));
        put_test(out, result, &result->tests[i]);
        before = name;
        before_length = length;
    }
}

/* --- The student's own --- */

void html_own_tests(FILE *out, const struct stage_result *result)
{
    if (!result->own_tests.were_tried)
        return;
    struct own_lines lines = report_own_tests_lines(result);
    html_format(out, "<h3>Your own tests</h3>\n<p>Not scored: %s.</p>\n",
                report_own_tests_sum(&result->own_tests));
    if (lines.count == 0)
        return;
    fprintf(out, "<ul class=\"own\">\n");
    for (size_t i = 0; i < lines.count; i++)
        html_format(out, "<li>%s</li>\n", lines.items[i]);
    fprintf(out, "</ul>\n");
}

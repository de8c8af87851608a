/* html_source: the code under test, line by line: excerpts around what Valgrind and ThreadSanitizer
 * found, and whole files with what ran in the tests and what never did. */
#include <string.h>

#include "grader/files.h"
#include "grader/html.h"
#include "grader/keep.h"

enum { MOST_SOURCE = 256 * 1024, MOST_LINE = 400, AROUND = 3, MOST_FINDINGS = 5, FROM_START = 1 };

static const char *read_source(const struct report *report, const char *name)
{
    const struct grading *grading = report->grading;
    bool reference = grading->options->subject == SUBJECT_SOLUTION;
    return file_read(keep_format("%s/%s", reference ? "." : grading->student_root, name),
                     MOST_SOURCE, NULL);
}

static const char *class_of(const struct covered_file *file, size_t number)
{
    static const char *const classes[] = {[LINE_NOT_CODE] = "",
                                          [LINE_RUN] = " run",
                                          [LINE_PARTLY] = " partly",
                                          [LINE_NEVER] = " never"};
    bool known = file != NULL && number <= file->line_count;
    return classes[known ? file->marks[number] : LINE_NOT_CODE];
}

/* Lines `first` to `last` of `source`; `marked` is the line with a finding and `remark` what was
 * found there, or 0 and NULL. */
static void put_lines(FILE *out, const char *source, const struct covered_file *file, size_t first,
                      size_t last, size_t marked, const char *remark)
{
    fprintf(out, "<pre class=\"source\" tabindex=\"0\"><code>");
    for (size_t number = 1; *source != '\0' && number <= last; number++) {
        size_t length = strcspn(source, "\n");
        size_t shown = length < MOST_LINE ? length : MOST_LINE;
        if (number >= first) {
            html_format(out, "<span class=\"l%s%s\"><span class=\"n\">%zu</span>",
                        class_of(file, number), number == marked ? " found" : "", number);
            html_text(out, keep_part(source, shown));
            fprintf(out, "%s</span>", shown < length ? " [...]" : "");
        }
        if (number == marked)
            html_format(out, "<span class=\"remark\">%s</span>", remark);
        source += length + (source[length] == '\n');
    }
    fprintf(out, "</code></pre>\n");
}

static const char *times(unsigned count)
{
    return count == 1 ? "once" : keep_format("%u times", count);
}

static void put_finding(FILE *out, const struct report *report, const struct finding *finding)
{
    const char *remark = keep_format("%s, %s%s%s", finding->what, times(finding->count),
                                     finding->test == NULL ? "" : ", first in the test ",
                                     finding->test == NULL ? "" : finding->test);
    const char *source = NULL;
    if (finding->file != NULL)
        source = read_source(report, finding->file);
    html_format(out, "<p><strong>%s</strong> %s%s</p>\n",
                finding->file == NULL ? "at an unknown place"
                                      : keep_format("%s:%u", finding->file, finding->line),
                finding->function == NULL ? "" : "in ",
                finding->function == NULL ? "" : finding->function);
    if (source == NULL || finding->line == 0) {
        html_format(out, "<p class=\"note bad\">%s</p>\n", remark);
        return;
    }
    size_t first = finding->line > AROUND ? finding->line - AROUND : FROM_START;
    put_lines(out, source, NULL, first, finding->line + AROUND, finding->line, remark);
}

static void put_tool(FILE *out, const struct report *report, const char *title,
                     const struct tool_result *tool)
{
    if (tool->state == TOOL_BROKEN)
        html_format(out, "<p class=\"note bad\">%s: GRADER_ERROR: %s</p>\n", title, tool->why);
    if (tool->count == 0)
        return;
    html_format(out, "<h3>%s</h3>\n", title);
    for (size_t i = 0; i < tool->count && i < MOST_FINDINGS; i++)
        put_finding(out, report, &tool->findings[i]);
    if (tool->count > MOST_FINDINGS)
        html_format(out, "<p class=\"soft\">and %zu more</p>\n", tool->count - MOST_FINDINGS);
}

void html_findings(FILE *out, const struct report *report, const struct stage_result *result)
{
    put_tool(out, report, "Memory errors, found by Valgrind", &result->memcheck);
    put_tool(out, report, "Races, found by ThreadSanitizer", &result->races);
    put_tool(out, report, "Locks, as helgrind sees them (not scored)", &result->helgrind);
}

static size_t count_marks(const struct covered_file *file, enum line_mark mark)
{
    size_t count = 0;
    for (size_t number = 1; number <= file->line_count; number++)
        count += file->marks[number] == mark;
    return count;
}

static void put_hints(FILE *out, const struct coverage *coverage)
{
    if (coverage->hint_count == 0)
        return;
    fprintf(out, "<ul>\n");
    for (size_t i = 0; i < coverage->hint_count; i++)
        html_format(out, "<li>%s</li>\n", coverage->hints[i]);
    fprintf(out, "</ul>\n");
}

static void put_file(FILE *out, const struct report *report, const struct covered_file *file)
{
    const char *source = read_source(report, file->name);
    const char *slash = strrchr(file->name, '/');
    if (source == NULL)
        return;
    html_format(out,
                "<details class=\"more\"><summary>%s: %zu lines never ran, %zu ran in part"
                "</summary>\n",
                slash == NULL ? file->name : slash + 1, count_marks(file, LINE_NEVER),
                count_marks(file, LINE_PARTLY));
    put_lines(out, source, file, FROM_START, file->line_count, 0, NULL);
    fprintf(out, "</details>\n");
}

void html_coverage(FILE *out, const struct report *report, const struct stage_result *result)
{
    const struct coverage *coverage = &result->coverage;
    if (coverage->state == TOOL_BROKEN)
        html_format(out, "<p class=\"note bad\">Coverage: GRADER_ERROR: %s</p>\n", coverage->why);
    if (coverage->state != TOOL_RUN)
        return;
    html_format(out,
                "<h3>What the tests reach</h3>\n<p>%u of %u lines and %u of %u branches ran. What "
                "never ran was never tested: look there first.</p>\n",
                coverage->lines_run, coverage->lines, coverage->branches_run, coverage->branches);
    put_hints(out, coverage);
    fprintf(out,
            "<p class=\"key\"><span class=\"run\">ran</span><span class=\"partly\">some branch "
            "never taken</span><span class=\"never\">never ran</span></p>\n");
    for (size_t i = 0; i < coverage->file_count; i++)
        put_file(out, report, &coverage->files[i]);
}

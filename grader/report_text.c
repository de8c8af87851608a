/* report_text: the report as people read it, in 80 columns. */
#include <stdio.h>
#include <string.h>

#include "grader/keep.h"
#include "grader/report.h"
#include "grader/score.h"
#include "grader/text.h"

enum { MOST_FINDINGS = 5, MOST_WARNING_LINES = 12, NAME_WIDTH = 55 };

static const char rule[] =
    "--------------------------------------------------------------------------------";

static enum text_color status_color(enum status status)
{
    if (status == STATUS_PASSED)
        return TEXT_GOOD;
    return status == STATUS_NOT_DONE || status == STATUS_UNKNOWN ? TEXT_UNDONE : TEXT_BAD;
}

/* A row of a table: what, how it went, and points if there are any to have. */
static void print_row(FILE *out, const char *name, const char *outcome, enum text_color color,
                      unsigned points, unsigned max_points)
{
    fprintf(out, "  %-*s %s%-12s%s", NAME_WIDTH, name, text_color(out, color), outcome,
            text_color(out, TEXT_PLAIN));
    if (max_points != 0)
        fprintf(out, " %3u /%3u", points, max_points);
    fprintf(out, "\n");
}

static void print_tests(FILE *out, const struct stage_result *result)
{
    for (size_t i = 0; i < result->test_count; i++) {
        const struct test_result *test = &result->tests[i];
        print_row(out, test->facts.name, status_name(test->status), status_color(test->status),
                  score_test(test), test->facts.points);
    }
}

static void print_tool_row(FILE *out, const char *name, const struct tool_result *tool)
{
    const char *outcome = keep_format("%zu found", tool->count);
    enum text_color color = tool->count == 0 ? TEXT_GOOD : TEXT_BAD;
    if (tool->state != TOOL_RUN) {
        outcome = tool->state == TOOL_BROKEN ? "GRADER_ERROR" : "not run";
        color = tool->state == TOOL_BROKEN ? TEXT_BAD : TEXT_UNDONE;
    }
    print_row(out, name, outcome, color, tool->points, tool->max_points);
}

static double percent(unsigned part, unsigned whole)
{
    return whole == 0 ? 0 : 100.0 * part / whole;
}

static void print_coverage(FILE *out, const struct coverage *coverage)
{
    if (coverage->state == TOOL_RUN)
        fprintf(out, "  coverage (not scored): lines %.1f %%, branches %.1f %%\n",
                percent(coverage->lines_run, coverage->lines),
                percent(coverage->branches_run, coverage->branches));
    else if (coverage->state == TOOL_BROKEN)
        text_wrap(out, 2, "coverage: GRADER_ERROR: ", text_printable(coverage->why));
}

/* --- What went wrong --- */

static void print_failure(FILE *out, const struct stage *stage, const struct test_result *test)
{
    fprintf(out, "\n  %s%-8s%s %s\n", text_color(out, status_color(test->status)),
            status_name(test->status), text_color(out, TEXT_PLAIN), test->facts.name);
    if (test->message != NULL)
        text_wrap(out, 4, "what       ", text_printable(test->message));
    fprintf(out, "    invariant  %s\n", test->facts.invariant);
    text_wrap(out, 4, "hint       ", test->facts.hint);
    fprintf(out, "    read       %s/README.md, task %s\n", stage->folder, test->facts.section);
    fprintf(out, "    test       %s:%u\n", test->facts.file, test->facts.line);
}

static bool is_failure(enum status status)
{
    return status == STATUS_FAILED || status == STATUS_CRASH || status == STATUS_TIMEOUT ||
           status == STATUS_GRADER_ERROR;
}

/* Not a word of blame for what is not there yet: only where to go on. */
static void print_not_done(FILE *out, const struct stage_result *result)
{
    unsigned count = 0;
    const struct test_result *first = NULL;
    for (size_t i = 0; i < result->test_count; i++) {
        if (result->tests[i].status != STATUS_NOT_DONE)
            continue;
        count++;
        if (first == NULL || strcmp(result->tests[i].message, first->message) < 0)
            first = &result->tests[i];
    }
    if (first != NULL)
        fprintf(out, "\n  Not done yet: %u tests. Go on with: %s (%s/README.md).\n", count,
                text_printable(first->message), result->stage->folder);
}

static void print_failures(FILE *out, const struct stage_result *result)
{
    for (size_t i = 0; i < result->test_count; i++)
        if (is_failure(result->tests[i].status))
            print_failure(out, result->stage, &result->tests[i]);
    print_not_done(out, result);
    if (result->compile_error != NULL) {
        fprintf(out, "\n");
        text_wrap(out, 2, "Does not compile: ", text_printable(result->compile_error));
    }
}

static void print_finding(FILE *out, const struct finding *finding)
{
    const char *place = finding->file == NULL
                            ? "at an unknown place"
                            : keep_format("%s:%u in %s", finding->file, finding->line,
                                          finding->function == NULL ? "?" : finding->function);
    text_wrap(
        out, 4, "- ",
        text_printable(keep_format("%s, %s (%u times)", finding->what, place, finding->count)));
    if (finding->test != NULL)
        fprintf(out, "      in the test %s\n", finding->test);
}

static void print_findings(FILE *out, const char *title, const struct tool_result *tool)
{
    if (tool->state == TOOL_BROKEN) {
        fprintf(out, "\n");
        text_wrap(out, 2, keep_format("%s: GRADER_ERROR: ", title), text_printable(tool->why));
    }
    if (tool->count == 0)
        return;
    fprintf(out, "\n  %s:\n", title);
    for (size_t i = 0; i < tool->count && i < MOST_FINDINGS; i++)
        print_finding(out, &tool->findings[i]);
    if (tool->count > MOST_FINDINGS)
        fprintf(out, "    and %zu more\n", tool->count - MOST_FINDINGS);
}

static void print_warnings(FILE *out, const struct stage_result *result)
{
    const char *at = result->warnings;
    if (at == NULL)
        return;
    fprintf(out, "\n  The compiler says%s:\n",
            result->compile_error == NULL ? " (it costs no points)" : "");
    for (unsigned lines = 0; *at != '\0' && lines < MOST_WARNING_LINES; lines++) {
        size_t length = strcspn(at, "\n");
        text_wrap(out, 4, "", text_printable(keep_part(at, length)));
        at += length + (at[length] == '\n');
    }
    if (*at != '\0')
        fprintf(out, "    ...\n");
}

static void print_total(FILE *out, const char *name, const struct totals *totals)
{
    if (totals->broken)
        fprintf(out, "  %-*s %sGRADER_ERROR%s\n", NAME_WIDTH, name, text_color(out, TEXT_BAD),
                text_color(out, TEXT_PLAIN));
    else
        fprintf(out, "  %s%-*s %12s %3u /%3u%s\n", text_color(out, TEXT_STRONG), NAME_WIDTH, name,
                "", totals->points, totals->max_points, text_color(out, TEXT_PLAIN));
}

void report_stage(FILE *out, const struct stage_result *result)
{
    fprintf(out, "\n%sStage %u: %s%s\n%s\n", text_color(out, TEXT_STRONG), result->stage->number,
            result->stage->title, text_color(out, TEXT_PLAIN), rule);
    if (result->broken != NULL)
        text_wrap(out, 2, "GRADER_ERROR: ", text_printable(result->broken));
    for (size_t i = 0; i < result->note_count; i++)
        text_wrap(out, 2, "note: ", text_printable(result->notes[i]));
    print_tests(out, result);
    if (result->memcheck.max_points != 0)
        print_tool_row(out, "memory errors (Valgrind memcheck)", &result->memcheck);
    if (result->races.max_points != 0)
        print_tool_row(out, "races (ThreadSanitizer)", &result->races);
    print_coverage(out, &result->coverage);
    struct totals totals = report_totals(result, 1);
    fprintf(out, "%s\n", rule);
    print_total(out, keep_format("stage %u", result->stage->number), &totals);
    print_failures(out, result);
    print_findings(out, "Memory errors, found by Valgrind", &result->memcheck);
    print_findings(out, "Races, found by ThreadSanitizer", &result->races);
    print_findings(out, "Locks, as helgrind sees them (not scored)", &result->helgrind);
    print_warnings(out, result);
}

struct totals report_totals(const struct stage_result *results, size_t count)
{
    struct totals totals = {0, 0, false};
    for (size_t i = 0; i < count; i++) {
        totals.points += results[i].points;
        totals.max_points += results[i].max_points;
        totals.broken |= stage_is_broken(&results[i]);
    }
    return totals;
}

void report_summary(FILE *out, const struct stage_result *results, size_t count)
{
    fprintf(out, "\nSummary\n%s\n", rule);
    for (size_t i = 0; i < count; i++) {
        struct totals totals = report_totals(&results[i], 1);
        print_total(out,
                    keep_format("stage %u: %s", results[i].stage->number, results[i].stage->title),
                    &totals);
    }
    struct totals totals = report_totals(results, count);
    fprintf(out, "%s\n", rule);
    print_total(out, "total", &totals);
}

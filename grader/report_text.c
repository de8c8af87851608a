/* report_text: the report as people read it, in 80 columns. */
#include <stdio.h>
#include <string.h>

#include "grader/keep.h"
#include "grader/report.h"
#include "grader/score.h"
#include "grader/text.h"

enum { NAME_WIDTH = 53, OUTCOME_WIDTH = 12, POINTS_WIDTH = 5 };

static const char rule[] =
    "--------------------------------------------------------------------------------";

enum text_color report_color(enum status status)
{
    if (status == STATUS_PASSED)
        return TEXT_GOOD;
    return status == STATUS_NOT_DONE || status == STATUS_UNKNOWN ? TEXT_UNDONE : TEXT_BAD;
}

/* Length of the suite's name at the start of a test's. */
static size_t suite_length(const char *name)
{
    return strcspn(name, "/");
}

static void print_score(FILE *out, const struct score *score)
{
    fprintf(out, "%*s /%*s", POINTS_WIDTH, score_text(score->earned), POINTS_WIDTH,
            score_text(score->most));
}

/* A row of a table: what, how it went, and points if there are any to have. */
static void print_row(FILE *out, const char *name, const char *outcome, enum text_color color,
                      const struct score *score)
{
    bool is_scored = score->most != 0;
    fprintf(out, "  %-*.*s %s%-*s%s", NAME_WIDTH, NAME_WIDTH, name, text_color(out, color),
            is_scored ? OUTCOME_WIDTH : 0, outcome, text_color(out, TEXT_PLAIN));
    if (is_scored)
        print_score(out, score);
    fprintf(out, "\n");
}

/* A line for each suite, then its tests. */
static void print_tests(FILE *out, const struct stage_result *result)
{
    const char *before = "";
    for (size_t i = 0; i < result->test_count; i++) {
        const struct test_result *test = &result->tests[i];
        const char *name = test->facts.name;
        size_t suite = suite_length(name);
        if (suite != suite_length(before) || strncmp(name, before, suite) != 0)
            fprintf(out, "  %.*s\n", (int)suite, name);
        print_row(out, keep_format("  %s", name + suite + 1), status_name(test->status),
                  report_color(test->status), &test->score);
        before = name;
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
    print_row(out, name, outcome, color, &tool->score);
}

/* Each with how many times the reference's it is. */
static void print_counts(FILE *out, const struct stage_result *result)
{
    if (result->count_count > 0)
        fprintf(out, "  counted, and as many times the reference's\n");
    for (size_t i = 0; i < result->count_count; i++) {
        const struct count_result *count = &result->counts[i];
        bool full = count->score.earned == count->score.most;
        print_row(out, keep_format("  %s", text_printable(count->name)), count_ratio(count),
                  full ? TEXT_GOOD : TEXT_BAD, &count->score);
    }
}

static double percent(unsigned part, unsigned whole)
{
    return whole == 0 ? 0 : 100.0 * part / whole;
}

static void print_coverage(FILE *out, const struct coverage *coverage)
{
    if (coverage->state == TOOL_RUN)
        fprintf(out, "  coverage: lines %.1f %%, branches %.1f %%\n",
                percent(coverage->lines_run, coverage->lines),
                percent(coverage->branches_run, coverage->branches));
    for (size_t i = 0; i < coverage->hint_count; i++)
        text_wrap(out, 4, "- ", text_printable(coverage->hints[i]));
    if (coverage->state == TOOL_BROKEN)
        text_wrap(out, 2, "coverage: GRADER_ERROR: ", text_printable(coverage->why));
    if (coverage->lost_half_points != 0)
        fprintf(out, "  the tests reach less than the rubric asks for: -%s\n",
                score_text(coverage->lost_half_points));
}

static void print_total(FILE *out, const char *name, const struct totals *totals)
{
    const char *plain = text_color(out, TEXT_PLAIN);
    if (totals->broken) {
        fprintf(out, "  %-*s %sGRADER_ERROR%s\n", NAME_WIDTH, name, text_color(out, TEXT_BAD),
                plain);
        return;
    }
    fprintf(out, "  %s%-*s %12s", text_color(out, TEXT_STRONG), NAME_WIDTH, name, "");
    print_score(out, &totals->score);
    fprintf(out, "%s\n", plain);
}

void report_stage(FILE *out, const struct stage_result *result)
{
    fprintf(out, "\n%sStage %u: %s%s\n%s\n", text_color(out, TEXT_STRONG), result->stage->number,
            result->stage->title, text_color(out, TEXT_PLAIN), rule);
    if (result->broken != NULL)
        text_wrap(out, 2, "GRADER_ERROR: ", text_printable(result->broken));
    for (size_t i = 0; i < result->note_count; i++)
        text_wrap(out, 2, "note: ", text_printable(result->notes[i]));
    for (size_t i = 0; i < result->flag_count; i++)
        text_wrap(out, 2, "to look at: ", text_printable(result->flags[i]));
    print_tests(out, result);
    if (result->memcheck.score.most != 0)
        print_tool_row(out, "memory errors (Valgrind memcheck)", &result->memcheck);
    if (result->races.score.most != 0)
        print_tool_row(out, "races (ThreadSanitizer)", &result->races);
    print_counts(out, result);
    if (stage_share_note(result) != NULL)
        fprintf(out, "  (%s)\n", stage_share_note(result));
    print_coverage(out, &result->coverage);
    struct totals totals = report_totals(result, 1);
    fprintf(out, "%s\n", rule);
    print_total(out, keep_format("stage %u", result->stage->number), &totals);
    report_details(out, result);
    report_own_tests(out, result);
}

struct totals report_totals(const struct stage_result *results, size_t count)
{
    struct totals totals = {{0, 0}, false};
    for (size_t i = 0; i < count; i++) {
        totals.score.earned += results[i].score.earned;
        totals.score.most += results[i].score.most;
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

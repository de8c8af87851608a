/* html_report: the page of one submission: points by stage, then each stage with its tests'
 * stories, what the tools found, counts beside the reference's, and coverage on the source. */
#include <stdlib.h>
#include <string.h>

#include "grader/die.h"
#include "grader/html.h"
#include "grader/keep.h"
#include "grader/score.h"

static double points(unsigned half_points)
{
    return half_points / 2.0;
}

/* "72.5 of 100", or that there are none. */
static const char *score_words(const struct score *score, bool broken)
{
    return broken ? "GRADER_ERROR: no score"
                  : keep_format("%s of %s", score_text(score->earned), score_text(score->most));
}

static void put_overview(FILE *out, const struct report *report)
{
    fprintf(out,
            "<table class=\"overview\"><thead><tr><th scope=\"col\">Stage</th>"
            "<th scope=\"col\" class=\"wide\"><span class=\"soft\">share of the points</span></th>"
            "<th scope=\"col\" class=\"number\">Points</th></tr></thead><tbody>\n");
    for (size_t i = 0; i < report->count; i++) {
        const struct stage_result *result = &report->stages[i];
        const char *words = score_words(&result->score, stage_is_broken(result));
        html_format(out, "<tr><td><a href=\"#stage%u\">%u %s</a></td><td class=\"wide\">",
                    result->stage->number, result->stage->number, result->stage->title);
        html_bar(out, words, points(result->score.earned), points(result->score.most));
        html_format(out, "</td><td class=\"number\">%s</td></tr>\n", words);
    }
    fprintf(out, "</tbody></table>\n");
}

static void put_tool_row(FILE *out, const char *name, const struct tool_result *tool)
{
    bool broken = tool->state == TOOL_BROKEN;
    const char *words = broken                        ? "GRADER_ERROR"
                        : tool->state == TOOL_NOT_RUN ? "not run"
                                                      : keep_format("%zu found", tool->count);
    const char *class = tool->state == TOOL_NOT_RUN ? "undone"
                        : broken || tool->count > 0 ? "bad"
                                                    : "good";
    if (tool->score.most == 0)
        return;
    html_format(out,
                "<div class=\"test\"><div class=\"row\"><span class=\"pill %s\">%s</span>"
                "<span class=\"name\">%s</span><span class=\"number\">%s / %s</span></div></div>\n",
                class, words, name, score_text(tool->score.earned), score_text(tool->score.most));
}

static void put_counts(FILE *out, const struct stage_result *result)
{
    if (result->count_count == 0)
        return;
    fprintf(out,
            "<h3>Counted, beside the reference</h3>\n<div class=\"scroll\" tabindex=\"0\" "
            "role=\"group\" "
            "aria-label=\"Counts\"><table class=\"data\">"
            "<thead><tr><th scope=\"col\">Count</th><th scope=\"col\" class=\"number\">yours</th>"
            "<th scope=\"col\" class=\"number\">reference</th><th scope=\"col\" class=\"number\">"
            "ratio</th><th scope=\"col\" class=\"number\">points</th></tr></thead><tbody>\n");
    for (size_t i = 0; i < result->count_count; i++) {
        const struct count_result *count = &result->counts[i];
        html_format(out,
                    "<tr><td>%s</td><td class=\"number\">%s</td><td class=\"number\">%s</td>"
                    "<td class=\"number\">%s</td><td class=\"number\">%s / %s</td></tr>\n",
                    count->name, count->is_missing ? "-" : keep_format("%.5g", count->value),
                    keep_format("%.5g", count->reference), count_ratio(count),
                    score_text(count->score.earned), score_text(count->score.most));
    }
    fprintf(out, "</tbody></table></div>\n");
}

static void put_notes(FILE *out, const struct stage_result *result)
{
    if (result->broken != NULL)
        html_format(out, "<p class=\"note bad\">GRADER_ERROR: %s</p>\n", result->broken);
    for (size_t i = 0; i < result->note_count; i++)
        html_format(out, "<p class=\"note\">%s</p>\n", result->notes[i]);
    if (result->compile_error != NULL)
        html_format(out, "<p class=\"note bad\">Does not compile: %s</p>\n", result->compile_error);
    if (result->warnings != NULL)
        html_format(out,
                    "<details class=\"more\"><summary>What the compiler says</summary>"
                    "<pre class=\"source\" tabindex=\"0\"><code>%s</code></pre></details>\n",
                    result->warnings);
}

static void put_stage(FILE *out, const struct report *report, const struct stage_result *result)
{
    const char *words = score_words(&result->score, stage_is_broken(result));
    html_format(out,
                "<section class=\"stage\" id=\"stage%u\">\n<header><h2>Stage %u: %s</h2>"
                "<span class=\"number\">%s</span></header>\n",
                result->stage->number, result->stage->number, result->stage->title, words);
    html_bar(out, words, points(result->score.earned), points(result->score.most));
    put_notes(out, result);
    html_tests(out, result);
    if (result->memcheck.score.most + result->races.score.most != 0)
        fprintf(out, "<h3>Tools</h3>\n");
    put_tool_row(out, "memory errors (Valgrind)", &result->memcheck);
    put_tool_row(out, "races (ThreadSanitizer)", &result->races);
    if (result->coverage.lost_half_points != 0)
        html_format(out,
                    "<p class=\"note\">The tests reach less than the rubric asks for: -%s</p>\n",
                    score_text(result->coverage.lost_half_points));
    html_findings(out, report, result);
    put_counts(out, result);
    if (stage_share_note(result) != NULL)
        html_format(out, "<p>%s</p>\n", stage_share_note(result));
    html_coverage(out, report, result);
    html_own_tests(out, result);
    fprintf(out, "</section>\n");
}

/* The last part of the path, which is what a student knows it by. */
static const char *short_name(const char *subject)
{
    size_t length = strlen(subject);
    while (length > 1 && subject[length - 1] == '/')
        length--;
    const char *name = keep_part(subject, length);
    const char *slash = strrchr(name, '/');
    return slash == NULL || slash[1] == '\0' ? name : slash + 1;
}

static void put_page(FILE *out, const struct report *report)
{
    struct totals totals = report_totals(report->stages, report->count);
    const char *name = short_name(report->subject);
    html_start(out, keep_format("Grade report: %s", name), NULL);
    html_format(out,
                "<header><h1>Grade report: %s</h1>\n<p class=\"total\">%s</p></header>\n<main>\n",
                name, score_words(&totals.score, totals.broken));
    put_overview(out, report);
    html_matrix(out, report);
    for (size_t i = 0; i < report->count; i++)
        put_stage(out, report, &report->stages[i]);
    fprintf(out, "</main>\n");
    html_format(out, "<footer>Seed %s, rubric %s, graded in %s s.</footer>\n",
                report->grading->options->seed, report->grading->rubric->name,
                keep_format("%.1f", report->seconds));
    html_end(out);
}

char *report_html(const struct report *report)
{
    char *text = NULL;
    size_t length = 0;
    FILE *out = open_memstream(&text, &length);
    if (out == NULL)
        die_broken("no memory for the page");
    put_page(out, report);
    fclose(out);
    char *kept = keep_text(text);
    free(text);
    return kept;
}

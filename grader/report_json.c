/* report_json: the report as a JSON object, by jansson.
 *
 *     {"points", "max_points", "stages": [{"stage", "points", "max_points", "error", "notes": [],
 *       "tests": [{"name", "status", "points", "max_points", "message", ...}],
 *       "valgrind": {"errors", "races", "points", ..., "findings": []},
 *       "coverage": {"lines", "branches"}}]}
 *
 * `errors`, `races` and `coverage` are null where the tool did not run. */
#include <string.h>

#include "grader/keep.h"
#include "grader/report.h"
#include "grader/score.h"
#include "grader/text.h"

static json_t *text_or_null(const char *text)
{
    return text == NULL ? json_null() : json_string(text_clean(text));
}

static json_t *points_or_null(bool broken, unsigned half_points)
{
    return broken ? json_null() : report_points(half_points);
}

static json_t *make_test(const struct test_result *test)
{
    bool broken = test->status == STATUS_GRADER_ERROR;
    const char *message = test->message == NULL ? "" : test->message;
    return json_pack("{s:s, s:s, s:o, s:o, s:o, s:i, s:s}", "name", test->facts.name, "status",
                     status_name(test->status), "points",
                     points_or_null(broken, test->score.earned), "max_points",
                     report_points(test->score.most), "message", text_or_null(message), "cpu_ms",
                     (int)test->cpu_ms, "visibility",
                     test->facts.visibility == NULL ? "visible" : test->facts.visibility);
}

static void add_findings(json_t *list, const char *tool, const struct tool_result *result)
{
    for (size_t i = 0; i < result->count; i++) {
        const struct finding *finding = &result->findings[i];
        report_append(list,
                      json_pack("{s:s, s:o, s:o, s:o, s:i, s:o, s:o, s:i}", "tool", tool, "kind",
                                text_or_null(finding->kind), "what", text_or_null(finding->what),
                                "file", text_or_null(finding->file), "line", (int)finding->line,
                                "function", text_or_null(finding->function), "test",
                                text_or_null(finding->test), "count", (int)finding->count));
    }
}

static json_t *count_or_null(const struct tool_result *tool)
{
    return tool->state == TOOL_RUN ? json_integer((json_int_t)tool->count) : json_null();
}

static json_t *make_valgrind(const struct stage_result *result)
{
    json_t *findings = json_array();
    add_findings(findings, "memcheck", &result->memcheck);
    add_findings(findings, "tsan", &result->races);
    add_findings(findings, "helgrind", &result->helgrind);
    bool no_memcheck = result->memcheck.state == TOOL_BROKEN;
    bool no_races = result->races.state == TOOL_BROKEN;
    return json_pack("{s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "errors",
                     count_or_null(&result->memcheck), "races", count_or_null(&result->races),
                     "errors_points", points_or_null(no_memcheck, result->memcheck.score.earned),
                     "errors_max_points", report_points(result->memcheck.score.most),
                     "races_points", points_or_null(no_races, result->races.score.earned),
                     "races_max_points", report_points(result->races.score.most), "findings",
                     findings);
}

static json_t *percent(unsigned part, unsigned whole)
{
    double share = whole == 0 ? 0 : (double)part / whole;
    return json_real((double)(long)(share * 1000) / 10); /* to a tenth, never up to 100 */
}

static json_t *make_coverage(const struct coverage *coverage)
{
    if (coverage->state != TOOL_RUN)
        return json_pack("{s:n, s:n, s:[]}", "lines", "branches", "hints");
    json_t *hints = json_array();
    for (size_t i = 0; i < coverage->hint_count; i++)
        report_append(hints, text_or_null(coverage->hints[i]));
    return json_pack("{s:o, s:o, s:o}", "lines", percent(coverage->lines_run, coverage->lines),
                     "branches", percent(coverage->branches_run, coverage->branches), "hints",
                     hints);
}

static json_t *make_counts(const struct stage_result *result)
{
    json_t *counts = json_array();
    for (size_t i = 0; i < result->count_count; i++) {
        const struct count_result *count = &result->counts[i];
        report_append(counts,
                      json_pack("{s:s, s:f, s:f, s:o, s:o}", "name", text_clean(count->name),
                                "value", count->value, "reference", count->reference, "points",
                                report_points(count->score.earned), "max_points",
                                report_points(count->score.most)));
    }
    return counts;
}

static json_t *make_stage(const struct report *report, size_t row)
{
    const struct stage_result *result = &report->stages[row];
    json_t *tests = json_array();
    for (size_t i = 0; i < result->test_count; i++)
        report_append(tests, make_test(&result->tests[i]));
    json_t *notes = json_array();
    for (size_t i = 0; i < result->note_count; i++)
        report_append(notes, text_or_null(result->notes[i]));
    return json_pack("{s:i, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "stage",
                     (int)result->stage->number, "points",
                     points_or_null(stage_is_broken(result), result->score.earned), "max_points",
                     report_points(result->score.most), "error", text_or_null(result->broken),
                     "notes", notes, "tests", tests, "valgrind", make_valgrind(result), "coverage",
                     make_coverage(&result->coverage), "warnings", text_or_null(result->warnings),
                     "counts", make_counts(result), "matrix", report_matrix_json(report, row),
                     "own_tests", report_own_tests_json(result));
}

/* For the page of a class: what the submission was called, and how it was graded. */
static void add_facts(json_t *root, const struct report *report)
{
    const struct options *options = report->grading->options;
    json_t *flags = json_array();
    for (size_t i = 0; i < report->count; i++)
        for (size_t j = 0; j < report->stages[i].flag_count; j++)
            report_append(flags, text_or_null(report->stages[i].flags[j]));
    json_object_set_new(root, "flags", flags);
    json_object_set_new(root, "version", json_integer(2));
    json_object_set_new(root, "subject", json_string(text_clean(report->subject)));
    json_object_set_new(root, "seed", json_string(options->seed));
    json_object_set_new(root, "rubric", json_string(text_clean(report->grading->rubric->name)));
    json_object_set_new(root, "quick", json_boolean(options->quick));
    json_object_set_new(root, "protections_off", text_or_null(jail_what_is_off()));
    json_object_set_new(root, "seconds", json_real(report->seconds));
    json_object_set_new(root, "cpu_seconds", json_real(report->cpu_seconds));
}

char *report_json(const struct report *report)
{
    json_t *stages = json_array();
    for (size_t i = 0; i < report->count; i++)
        report_append(stages, make_stage(report, i));
    struct totals totals = report_totals(report->stages, report->count);
    json_t *root =
        json_pack("{s:o, s:o, s:o}", "points", points_or_null(totals.broken, totals.score.earned),
                  "max_points", report_points(totals.score.most), "stages", stages);
    add_facts(root, report);
    return report_dump(root, JSON_INDENT(2));
}

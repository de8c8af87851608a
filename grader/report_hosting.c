/* report_hosting: the reports that course hosts read: Gradescope's results.json, GitHub Classroom's
 * and Autolab's JSON.
 *
 * A host takes what has no score for a zero. So where anything could not be graded, no score is
 * given at all, and the host shows that grading failed. */
#include "grader/keep.h"
#include "grader/report.h"
#include "grader/report_rows.h"
#include "grader/text.h"

/* --- Gradescope --- */

static json_t *gradescope_test(const struct report_row *row)
{
    const char *message = row->outcome == OUTCOME_PASSED && *row->message == '\0'
                              ? "passed"
                              : keep_format("%s: %s", row->reason, row->message);
    return json_pack("{s:s, s:s, s:o, s:o, s:s, s:s, s:s, s:[s], s:s}", "name",
                     keep_format("%s / %s", row->suite, row->name), "number", row->number, "score",
                     report_points(row->score.earned), "max_score", report_points(row->score.most),
                     "status", row->outcome == OUTCOME_PASSED ? "passed" : "failed", "output",
                     message, "output_format", "text", "tags", row->suite, "visibility",
                     row->visibility);
}

static json_t *gradescope_tests(const struct report *report)
{
    json_t *tests = json_array();
    for (size_t i = 0; i < report->count; i++) {
        size_t count = 0;
        const struct report_row *rows = report_rows(&report->stages[i], &count);
        for (size_t j = 0; j < count; j++)
            report_append(tests, gradescope_test(&rows[j]));
        report_own_tests_gradescope(tests, &report->stages[i]);
    }
    return tests;
}

static json_t *leader_row(const char *name, json_t *value, const char *order)
{
    return json_pack("{s:s, s:o, s:s}", "name", name, "value", value, "order", order);
}

/* Points, then each count: there, less is better. */
static json_t *leaderboard(const struct report *report)
{
    json_t *rows = json_array();
    struct totals totals = report_totals(report->stages, report->count);
    report_append(rows, leader_row("points", report_points(totals.score.earned), "desc"));
    for (size_t i = 0; i < report->count; i++)
        for (size_t j = 0; j < report->stages[i].count_count; j++) {
            const struct count_result *count = &report->stages[i].counts[j];
            const char *name =
                keep_format("stage %u: %s", report->stages[i].stage->number, count->name);
            report_append(rows, leader_row(text_clean(name), json_real(count->value), "asc"));
        }
    return rows;
}

char *report_gradescope(const struct report *report)
{
    struct totals totals = report_totals(report->stages, report->count);
    json_t *root =
        json_pack("{s:f, s:s, s:s, s:s}", "execution_time", report->seconds, "output_format",
                  "text", "visibility", "visible", "stdout_visibility", "hidden");
    if (totals.broken) {
        json_object_set_new(root, "output",
                            json_string("The grader itself failed, so this submission has no score "
                                        "yet. It is not your fault: ask your instructor."));
        return report_dump(root, JSON_INDENT(2));
    }
    json_object_set_new(root, "score", report_points(totals.score.earned));
    json_object_set_new(root, "tests", gradescope_tests(report));
    json_object_set_new(root, "leaderboard", leaderboard(report));
    json_object_set_new(root, "extra_data",
                        json_pack("{s:s, s:o}", "seed", report->grading->options->seed, "max_score",
                                  report_points(totals.score.most)));
    return report_dump(root, JSON_INDENT(2));
}

/* --- GitHub Classroom --- */

static json_t *classroom_test(const struct report_row *row)
{
    static const char *const status[] = {[OUTCOME_PASSED] = "pass",
                                         [OUTCOME_FAILED] = "fail",
                                         [OUTCOME_SKIPPED] = "fail",
                                         [OUTCOME_ERROR] = "error"};
    return json_pack(
        "{s:s, s:s, s:o, s:o, s:s, s:s, s:s, s:i, s:f}", "name",
        keep_format("%s / %s", row->suite, row->name), "status", status[row->outcome], "score",
        report_points(row->score.earned), "max_score", report_points(row->score.most), "message",
        keep_format("%s%s%s", row->reason, *row->message == '\0' ? "" : ": ", row->message),
        "test_code", "", "filename", row->file == NULL ? "" : row->file, "line_no", (int)row->line,
        "execution_time", row->seconds);
}

/* "hidden" is Gradescope's word; here, what is not visible is not told at all. */
static json_t *classroom_tests(const struct report *report, bool *all_passed)
{
    json_t *tests = json_array();
    for (size_t i = 0; i < report->count; i++) {
        size_t count = 0;
        const struct report_row *rows = report_rows(&report->stages[i], &count);
        for (size_t j = 0; j < count; j++) {
            struct report_row row = rows[j];
            *all_passed &= row.outcome == OUTCOME_PASSED;
            if (row.visibility[0] != 'v') {
                row.message = "";
                row.file = NULL;
                row.line = 0;
            }
            report_append(tests, classroom_test(&row));
        }
    }
    return tests;
}

char *report_github_classroom(const struct report *report)
{
    struct totals totals = report_totals(report->stages, report->count);
    bool passed = true;
    json_t *tests = totals.broken ? json_array() : classroom_tests(report, &passed);
    const char *status = totals.broken ? "error" : passed ? "pass" : "fail";
    return report_dump(json_pack("{s:i, s:s, s:o, s:o}", "version", 1, "status", status,
                                 "max_score", report_points(totals.score.most), "tests", tests),
                       JSON_INDENT(2));
}

/* --- Autolab --- */

char *report_autolab(const struct report *report)
{
    struct totals totals = report_totals(report->stages, report->count);
    if (totals.broken)
        return NULL;
    json_t *scores = json_object();
    json_t *board = json_array();
    report_append(board, report_points(totals.score.earned));
    for (size_t i = 0; i < report->count; i++) {
        unsigned earned = report->stages[i].score.earned;
        json_object_set_new(scores, keep_format("stage%u", report->stages[i].stage->number),
                            report_points(earned));
        report_append(board, report_points(earned));
    }
    return report_dump(json_pack("{s:o, s:o}", "scores", scores, "scoreboard", board),
                       JSON_COMPACT);
}

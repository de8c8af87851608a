/* html_matrix: the blame table (matrix.h) on the page: a row for each stage's tests, a column for whose
 * earlier stages they stand on; below it what was not graded and why, and each test that another stage
 * makes fail. */
#include "grader/html.h"
#include "grader/keep.h"
#include "grader/matrix.h"

static void put_cell(FILE *out, const struct matrix_cell *cell, size_t whole)
{
    switch (cell->kind) {
    case MATRIX_COUNTED:
        fprintf(out, "<td class=\"heat %s\">%zu of %zu</td>", cell->passed < whole ? "bad" : "good",
                cell->passed, whole);
        break;
    case MATRIX_SAME:
        fprintf(out, "<td class=\"heat\">as over your %s</td>", matrix_own(cell->own));
        break;
    case MATRIX_NOT_EARLIER:
        fprintf(out, "<td class=\"heat\">not earlier</td>");
        break;
    default:
        html_format(out, "<td class=\"heat undone\" title=\"%s\">not graded</td>", cell->why);
    }
}

static void put_row(FILE *out, const struct report *report, size_t row)
{
    const struct stage_result *result = &report->stages[row];
    size_t whole = stage_passed(result);
    html_format(out, "<tr><th scope=\"row\">%u %s</th><td class=\"heat\">%zu</td>",
                result->stage->number, result->stage->title, whole);
    for (unsigned column = 1; column <= MATRIX_ALL; column++) {
        struct matrix_cell cell = matrix_cell(report->stages, row, column);
        put_cell(out, &cell, whole);
    }
    fprintf(out, "</tr>\n");
}

static void put_notes(FILE *out, const struct report *report)
{
    struct matrix_notes notes = matrix_notes(report->stages, report->count);
    for (size_t i = 0; i < notes.count; i++)
        html_format(out, "<p class=\"note\">%s</p>\n", notes.items[i]);
}

static void put_blame(FILE *out, const struct stage_result *result, const struct blame *blame)
{
    html_format(
        out,
        "<details class=\"test\"><summary class=\"row\"><span class=\"pill bad\">%s</span>"
        "<span class=\"name\">stage %u, %s</span><span class=\"number\">over your stage%s %s"
        "</span></summary><div class=\"story\"><dl><dt>what</dt><dd>%s</dd></dl></div>"
        "</details>\n",
        status_name(blame->status), result->stage->number, blame->test->facts.name,
        matrix_is_one(blame->own) ? "" : "s", matrix_own(blame->own),
        blame->message == NULL ? "" : blame->message);
}

void html_matrix(FILE *out, const struct report *report)
{
    if (!report->grading->options->matrix)
        return;
    fprintf(out,
            "<section class=\"stage\" id=\"blame\"><header><h2>Who is to blame</h2></header>\n"
            "<p>Tests of a stage that pass over the reference's earlier stages, tried again over "
            "yours. What fails then is the earlier stage's doing: it is charged there, and costs "
            "nothing here.</p><div class=\"scroll\" tabindex=\"0\" role=\"group\" "
            "aria-label=\"Blame matrix\"><table class=\"data\"><thead><tr><th scope=\"col\">Tests "
            "of stage"
            "</th><th scope=\"col\" class=\"heat\">over the reference</th>");
    for (unsigned number = 1; number < STAGE_COUNT; number++)
        html_format(out, "<th scope=\"col\" class=\"heat\">over your %u</th>", number);
    fprintf(out, "<th scope=\"col\" class=\"heat\">over all of yours</th></tr></thead><tbody>\n");
    for (size_t i = 0; i < report->count; i++)
        put_row(out, report, i);
    fprintf(out, "</tbody></table></div>\n");
    put_notes(out, report);
    for (size_t i = 0; i < report->count; i++)
        for (size_t j = 0; j < report->stages[i].blame_count; j++)
            put_blame(out, &report->stages[i], &report->stages[i].blames[j]);
    fprintf(out, "</section>\n");
}

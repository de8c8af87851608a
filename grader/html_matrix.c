/* html_matrix: the blame matrix (phase_matrix.c) as a table: a row for each stage's tests, a column for
 * whose earlier stages they stand on; below it each test that another stage makes fail. */
#include "grader/html.h"
#include "grader/keep.h"

static size_t count_passed(const struct stage_result *result)
{
    size_t passed = 0;
    for (size_t i = 0; i < result->test_count; i++)
        passed += result->tests[i].status == STATUS_PASSED;
    return passed;
}

static bool is_one(unsigned own)
{
    return (own & (own - 1)) == 0;
}

/* "1 and 3" */
static const char *own_stages(unsigned own)
{
    const char *text = "";
    for (unsigned number = 1; number <= STAGE_COUNT; number++)
        if ((own >> (number - 1) & 1) != 0)
            text = keep_format("%s%s%u", text, *text == '\0' ? "" : " and ", number);
    return text;
}

static void put_cell(FILE *out, const struct mix *mix, size_t whole)
{
    if (mix == NULL)
        fprintf(out, "<td class=\"heat\"></td>");
    else if (mix->why != NULL)
        html_format(out, "<td class=\"heat undone\" title=\"%s\">not tried</td>", mix->why);
    else
        fprintf(out, "<td class=\"heat %s\">%zu of %zu</td>", mix->passed < whole ? "bad" : "good",
                mix->passed, whole);
}

/* Over one stage of the submission's own, or over all of them (`number` 0). */
static const struct mix *find_mix(const struct stage_result *result, unsigned number)
{
    for (size_t i = 0; i < result->mix_count; i++) {
        const struct mix *mix = &result->mixes[i];
        if (number == 0 ? !is_one(mix->own) : mix->own == 1U << (number - 1))
            return mix;
    }
    return NULL;
}

static void put_row(FILE *out, const struct stage_result *result)
{
    size_t whole = count_passed(result);
    html_format(out, "<tr><th scope=\"row\">%u %s</th><td class=\"heat\">%zu</td>",
                result->stage->number, result->stage->title, whole);
    for (unsigned number = 1; number < STAGE_COUNT; number++)
        put_cell(out, find_mix(result, number), whole);
    put_cell(out, find_mix(result, 0), whole);
    fprintf(out, "</tr>\n");
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
        is_one(blame->own) ? "" : "s", own_stages(blame->own),
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
        put_row(out, &report->stages[i]);
    fprintf(out, "</tbody></table></div>\n");
    for (size_t i = 0; i < report->count; i++)
        for (size_t j = 0; j < report->stages[i].blame_count; j++)
            put_blame(out, &report->stages[i], &report->stages[i].blames[j]);
    fprintf(out, "</section>\n");
}

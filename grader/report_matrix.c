/* report_matrix: the table of matrix.h, as text and as JSON.
 *
 *     Blame: tests passed over the reference's earlier stages, and over your own
 *                                       reference   own 1   own 2   own 3 own all
 *       stage 1: object pool                   19       .       .       .       .
 *       stage 2: thread cache                  37      35       .       . = own 1
 *       stage 3: central cache                 42      42      42       .      42
 *       . is not an earlier stage */
#include <jansson.h>

#include "grader/keep.h"
#include "grader/matrix.h"
#include "grader/report.h"
#include "grader/text.h"

enum { NAME_WIDTH = 30, MOST_NAMED = 4 };

static const char *cell_text(const struct matrix_cell *cell)
{
    switch (cell->kind) {
    case MATRIX_COUNTED:
        return keep_format("%zu", cell->passed);
    case MATRIX_SAME:
        return keep_format("= own %s", matrix_own(cell->own));
    case MATRIX_NOT_EARLIER:
        return ".";
    default:
        return "-";
    }
}

static void print_row(FILE *out, const struct stage_result *results, size_t row)
{
    const struct stage_result *result = &results[row];
    fprintf(out, "  stage %u: %-*s %9zu", result->stage->number, NAME_WIDTH - 11,
            result->stage->title, stage_passed(result));
    for (unsigned column = 1; column <= MATRIX_ALL; column++) {
        struct matrix_cell cell = matrix_cell(results, row, column);
        fprintf(out, " %7s", cell_text(&cell));
    }
    fprintf(out, "\n");
}

/* What the cells without a number mean. */
static void print_notes(FILE *out, const struct stage_result *results, size_t count)
{
    struct matrix_notes notes = matrix_notes(results, count);
    fprintf(out, "  . is not an earlier stage%s\n",
            notes.count == 0 ? "" : "; - is not graded, because:");
    for (size_t i = 0; i < notes.count; i++)
        text_wrap(out, 4, "", text_printable(notes.items[i]));
}

/* Which tests fail over exactly these stages; nothing where there are none. */
static void print_blame(FILE *out, const struct stage_result *result, unsigned own)
{
    size_t count = 0;
    char *names = keep_text("");
    for (size_t i = 0; i < result->blame_count; i++)
        if (result->blames[i].own == own && ++count <= MOST_NAMED)
            names = keep_format("%s%s%s", names, count == 1 ? "" : ", ",
                                result->blames[i].test->facts.name);
    if (count == 0)
        return;
    bool is_one = matrix_is_one(own);
    const char *more = count > MOST_NAMED ? keep_format(", and %zu more", count - MOST_NAMED) : "";
    text_wrap(out, 2, "- ",
              keep_format("stage %u: %zu of its tests pass over the reference and fail over your "
                          "stage%s %s%s: %s%s. It costs nothing here.",
                          result->stage->number, count, is_one ? "" : "s", matrix_own(own),
                          is_one ? ", which makes them fail" : " together", names, more));
}

void report_matrix(FILE *out, const struct stage_result *results, size_t count)
{
    fprintf(out,
            "\nBlame: tests passed over the reference's earlier stages, and over your own\n"
            "%-*s reference   own 1   own 2   own 3 own all\n",
            NAME_WIDTH + 1, "");
    for (size_t i = 0; i < count; i++)
        print_row(out, results, i);
    print_notes(out, results, count);
    for (size_t i = 0; i < count; i++)
        for (unsigned own = 1; own < 1U << STAGE_COUNT; own++)
            print_blame(out, &results[i], own);
}

static json_t *own_array(unsigned own)
{
    json_t *array = json_array();
    for (unsigned number = 1; number <= STAGE_COUNT; number++)
        if ((own >> (number - 1) & 1) != 0)
            report_append(array, json_integer(number));
    return array;
}

/* {"own": [1], "passed": 35, "error": null}; where it was not graded, passed is null and error says why. */
static json_t *make_mix(const struct matrix_cell *cell)
{
    bool is_counted = cell->kind == MATRIX_COUNTED;
    return json_pack("{s:o, s:o, s:s?}", "own", own_array(cell->own), "passed",
                     is_counted ? json_integer((json_int_t)cell->passed) : json_null(), "error",
                     is_counted ? NULL : text_clean(cell->why));
}

/* A mix for each cell that is the stage's own, none where a stage is not earlier or the cell repeats another. */
static json_t *make_mixes(const struct report *report, size_t row)
{
    json_t *mixes = json_array();
    for (unsigned column = 1; column <= MATRIX_ALL; column++) {
        struct matrix_cell cell = matrix_cell(report->stages, row, column);
        bool is_repeated = column == MATRIX_ALL && matrix_is_one(cell.own);
        if (!is_repeated && cell.kind != MATRIX_SAME && cell.kind != MATRIX_NOT_EARLIER)
            report_append(mixes, make_mix(&cell));
    }
    return mixes;
}

/* Of blames: {"test", "own", "status", "message"}. */
json_t *report_matrix_json(const struct report *report, size_t row)
{
    const struct stage_result *result = &report->stages[row];
    json_t *blames = json_array();
    if (!report->grading->options->matrix)
        return json_pack("{s:[], s:o}", "mixes", "blames", blames);
    json_t *mixes = make_mixes(report, row);
    for (size_t i = 0; i < result->blame_count; i++) {
        const struct blame *blame = &result->blames[i];
        const char *message = blame->message == NULL ? NULL : text_clean(blame->message);
        report_append(blames, json_pack("{s:s, s:o, s:s, s:s?}", "test", blame->test->facts.name,
                                        "own", own_array(blame->own), "status",
                                        status_name(blame->status), "message", message));
    }
    return json_pack("{s:o, s:o}", "mixes", mixes, "blames", blames);
}

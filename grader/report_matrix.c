/* report_matrix: the tables of phase_matrix.c, as text and as JSON.
 *
 *     Blame: tests passed over the reference's earlier stages, and over your own
 *                                       reference  own 1  own 2  own 3   own all
 *       stage 2: thread cache                  37     35
 *       stage 3: central cache                 42     42     42              42 */
#include <jansson.h>

#include "grader/keep.h"
#include "grader/report.h"
#include "grader/text.h"

enum { NAME_WIDTH = 30, MOST_NAMED = 4 };

static size_t count_passed(const struct stage_result *result)
{
    size_t passed = 0;
    for (size_t i = 0; i < result->test_count; i++)
        passed += result->tests[i].status == STATUS_PASSED;
    return passed;
}

/* "1 and 3" */
static char *own_stages(unsigned own)
{
    char *text = keep_text("");
    for (unsigned number = 1; number <= STAGE_COUNT; number++)
        if ((own >> (number - 1) & 1) != 0)
            text =
                *text == '\0' ? keep_format("%u", number) : keep_format("%s and %u", text, number);
    return text;
}

static const struct mix *find_mix(const struct stage_result *result, unsigned own)
{
    for (size_t i = 0; i < result->mix_count; i++)
        if (result->mixes[i].own == own)
            return &result->mixes[i];
    return NULL;
}

static void print_cell(FILE *out, const struct mix *mix)
{
    if (mix == NULL)
        fprintf(out, " %7s", "");
    else if (mix->why != NULL)
        fprintf(out, " %7s", "-");
    else
        fprintf(out, " %7zu", mix->passed);
}

static void print_row(FILE *out, const struct stage_result *result)
{
    fprintf(out, "  stage %u: %-*s %9zu", result->stage->number, NAME_WIDTH - 11,
            result->stage->title, count_passed(result));
    for (unsigned number = 1; number < STAGE_COUNT; number++)
        print_cell(out, find_mix(result, 1U << (number - 1)));
    const struct mix *last = result->mix_count == 0 ? NULL : &result->mixes[result->mix_count - 1];
    print_cell(out, last != NULL && (last->own & (last->own - 1)) != 0 ? last : NULL);
    fprintf(out, "\n");
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
    bool is_one = (own & (own - 1)) == 0;
    text_wrap(out, 2, "- ",
              keep_format("stage %u: %zu of its tests pass over the reference and fail over your "
                          "stage%s %s%s: %s%s. It costs nothing here.",
                          result->stage->number, count, is_one ? "" : "s", own_stages(own),
                          is_one ? ", which makes them fail" : " together", names,
                          count > MOST_NAMED ? ", ..." : ""));
}

void report_matrix(FILE *out, const struct stage_result *results, size_t count)
{
    fprintf(out,
            "\nBlame: tests passed over the reference's earlier stages, and over your own\n"
            "%-*s reference   own 1   own 2   own 3 own all\n",
            NAME_WIDTH + 1, "");
    for (size_t i = 0; i < count; i++)
        print_row(out, &results[i]);
    for (size_t i = 0; i < count; i++)
        for (unsigned own = 1; own < 1U << STAGE_COUNT; own++)
            print_blame(out, &results[i], own);
}

/* [{"own": [1], "passed": 35, "error": null}], [{"test", "own", "status", "message"}] */
static json_t *own_array(unsigned own)
{
    json_t *array = json_array();
    for (unsigned number = 1; number <= STAGE_COUNT; number++)
        if ((own >> (number - 1) & 1) != 0)
            report_append(array, json_integer(number));
    return array;
}

json_t *report_matrix_json(const struct stage_result *result)
{
    json_t *mixes = json_array();
    json_t *blames = json_array();
    for (size_t i = 0; i < result->mix_count; i++) {
        const struct mix *mix = &result->mixes[i];
        const char *why = mix->why == NULL ? NULL : text_clean(mix->why);
        report_append(mixes, json_pack("{s:o, s:i, s:s?}", "own", own_array(mix->own), "passed",
                                       (int)mix->passed, "error", why));
    }
    for (size_t i = 0; i < result->blame_count; i++) {
        const struct blame *blame = &result->blames[i];
        const char *message = blame->message == NULL ? NULL : text_clean(blame->message);
        report_append(blames, json_pack("{s:s, s:o, s:s, s:s?}", "test", blame->test->facts.name,
                                        "own", own_array(blame->own), "status",
                                        status_name(blame->status), "message", message));
    }
    return json_pack("{s:o, s:o}", "mixes", mixes, "blames", blames);
}

/* matrix: see matrix.h. */
#include "grader/matrix.h"

#include "grader/keep.h"

bool matrix_can_stand(const struct stage_result *result)
{
    return stage_passed(result) > 0;
}

bool matrix_is_one(unsigned own)
{
    return (own & (own - 1)) == 0;
}

char *matrix_own(unsigned own)
{
    char *text = keep_text("");
    for (unsigned number = 1; number <= STAGE_COUNT; number++)
        if ((own >> (number - 1) & 1) != 0)
            text =
                *text == '\0' ? keep_format("%u", number) : keep_format("%s and %u", text, number);
    return text;
}

/* The stages from 1 on before the one in this row, or those of them that can stand. */
static unsigned earlier(const struct stage_result *stages, size_t row, bool standing)
{
    unsigned own = 0;
    for (size_t i = 0; i < row; i++)
        if (!standing || matrix_can_stand(&stages[i]))
            own |= 1U << (stages[i].stage->number - 1);
    return own;
}

static const struct mix *find_mix(const struct stage_result *result, unsigned own)
{
    for (size_t i = 0; i < result->mix_count; i++)
        if (result->mixes[i].own == own)
            return &result->mixes[i];
    return NULL;
}

/* What its tests ended in, if all in the same. */
static const char *outcome(const struct stage_result *result)
{
    if (result->broken != NULL || result->test_count == 0)
        return status_name(STATUS_GRADER_ERROR);
    for (size_t i = 1; i < result->test_count; i++)
        if (result->tests[i].status != result->tests[0].status)
            return "see its table";
    return status_name(result->tests[0].status);
}

static char *why_not_standing(const struct stage_result *result)
{
    return keep_format("stage %u: none of its tests passes (%s)", result->stage->number,
                       outcome(result));
}

static struct matrix_cell not_graded(unsigned own, const char *why)
{
    return (struct matrix_cell){.kind = MATRIX_NOT_GRADED, .own = own, .why = why};
}

/* No test was run for it: whose doing is that? */
static struct matrix_cell not_run(const struct stage_result *stages, size_t row, unsigned own)
{
    if (!matrix_can_stand(&stages[row]))
        return not_graded(own, why_not_standing(&stages[row]));
    for (size_t i = 0; i < row; i++)
        if ((own >> (stages[i].stage->number - 1) & 1) != 0 && !matrix_can_stand(&stages[i]))
            return not_graded(own, why_not_standing(&stages[i]));
    return not_graded(own, "it was not tried");
}

/* All earlier ones that can stand; where nothing can be tried, all. */
static unsigned own_together(const struct stage_result *stages, size_t row)
{
    unsigned standing = earlier(stages, row, true);
    return standing == 0 || !matrix_can_stand(&stages[row]) ? earlier(stages, row, false)
                                                            : standing;
}

struct matrix_cell matrix_cell(const struct stage_result *stages, size_t row, unsigned column)
{
    bool is_all = column == MATRIX_ALL;
    unsigned own = is_all ? own_together(stages, row) : 1U << (column - 1);
    if ((earlier(stages, row, false) & own) == 0)
        return (struct matrix_cell){.kind = MATRIX_NOT_EARLIER, .own = own};
    const struct mix *mix = find_mix(&stages[row], own);
    if (mix == NULL)
        return not_run(stages, row, own);
    if (is_all && matrix_is_one(own))
        return (struct matrix_cell){.kind = MATRIX_SAME, .own = own};
    if (mix->why != NULL)
        return not_graded(own, mix->why);
    return (struct matrix_cell){.kind = MATRIX_COUNTED, .own = own, .passed = mix->passed};
}

static void add_note(struct matrix_notes *notes, char *note)
{
    notes->items = keep_room(notes->items, notes->count, sizeof *notes->items);
    notes->items[notes->count++] = note;
}

/* Where no test of a stage passes, its row has nothing to compare, and its column nothing to stand on. */
static void note_stage(struct matrix_notes *notes, const struct stage_result *result)
{
    unsigned number = result->stage->number;
    const char *row = number == 1 ? "" : ", so its row has nothing to compare";
    const char *column = number == STAGE_COUNT ? ""
                         : number == 1
                             ? ", so no later stage is tried over it, and the last column is "
                               "without it"
                             : "; no later stage is tried over it, and the last column is "
                               "without it";
    add_note(notes, keep_format("%s%s%s.", why_not_standing(result), row, column));
}

struct matrix_notes matrix_notes(const struct stage_result *stages, size_t count)
{
    struct matrix_notes notes = {NULL, 0};
    for (size_t i = 0; i < count; i++)
        if (!matrix_can_stand(&stages[i]))
            note_stage(&notes, &stages[i]);
    for (size_t i = 0; i < count; i++)
        for (size_t j = 0; j < stages[i].mix_count; j++) {
            const struct mix *mix = &stages[i].mixes[j];
            if (mix->why != NULL)
                add_note(&notes,
                         keep_format("stage %u over your stage%s %s: %s", stages[i].stage->number,
                                     matrix_is_one(mix->own) ? "" : "s", matrix_own(mix->own),
                                     mix->why));
        }
    return notes;
}

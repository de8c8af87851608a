/* The blame table says something in each of its cells, or below it why not: in text, page and JSON. */
#include <criterion/criterion.h>
#include <string.h>

#include "grader/html.h"
#include "grader/keep.h"
#include "grader/matrix.h"
#include "grader/report.h"

static struct test_result passes = {.facts = {.name = "a/passes"}, .status = STATUS_PASSED};
static struct test_result undone = {.facts = {.name = "a/undone"}, .status = STATUS_NOT_DONE};

/* Stage 2 is not done; stage 4 passed over 1, and could not be built over 3 and over both. */
static struct stage_result *make_stages(void)
{
    struct stage_result *stages = keep_bytes(STAGE_COUNT * sizeof *stages);
    for (size_t i = 0; i < STAGE_COUNT; i++)
        stages[i] = (struct stage_result){
            .stage = &all_stages[i], .tests = i == 1 ? &undone : &passes, .test_count = 1};
    stages[2].mixes[0] = stages[3].mixes[0] = (struct mix){.own = 1, .passed = 1};
    stages[2].mix_count = 1;
    stages[3].mixes[1] = (struct mix){.own = 4, .why = keep_text("<no build>")};
    stages[3].mixes[2] = (struct mix){.own = 5, .why = keep_text("<no build>")};
    stages[3].mix_count = 3;
    return stages;
}

static struct report make_report(void)
{
    static struct options options = {.seed = "1", .matrix = true};
    static struct rubric rubric = {.name = "x.cfg"};
    static struct grading grading = {.options = &options, .rubric = &rubric};
    return (struct report){
        .grading = &grading, .stages = make_stages(), .count = STAGE_COUNT, .subject = "x"};
}

static const char *as_text(const struct stage_result *stages)
{
    char *text = NULL;
    size_t length = 0;
    FILE *out = open_memstream(&text, &length);
    report_matrix(out, stages, STAGE_COUNT);
    fclose(out);
    const char *kept = keep_text(text);
    free(text);
    return kept;
}

static void expect_part(const char *text, const char *part)
{
    cr_assert_not_null(strstr(text, part), "no \"%s\" in:\n%s", part, text);
}

Test(matrix, text_leaves_no_cell_blank)
{
    const char *text = as_text(make_stages());
    expect_part(text, "object pool                 1       .       .       .       .\n");
    expect_part(text, "thread cache                0       -       .       .       -\n");
    expect_part(text, "central cache               1       1       -       . = own 1\n");
    expect_part(text, "page cache                  1       1       -       -       -\n");
}

Test(matrix, text_says_below_why_a_cell_is_not_graded)
{
    const char *text = as_text(make_stages());
    expect_part(text, ". is not an earlier stage; - is not graded, because:\n");
    expect_part(text, "    stage 2: none of its tests passes (NOT_DONE), so its row has");
    expect_part(text, "    stage 4 over your stages 1 and 3: <no build>\n");
    for (const char *line = text; *line != '\0'; line += strcspn(line, "\n") + 1)
        cr_assert_leq(strcspn(line, "\n"), 80, "%s", line);
}

Test(matrix, page_says_the_same)
{
    struct report report = make_report();
    const char *page = report_html(&report);
    expect_part(page, "<td class=\"heat\">as over your 1</td>");
    expect_part(page, "title=\"&lt;no build&gt;\">not graded</td>");
    expect_part(page, "<p class=\"note\">stage 2: none of its tests passes (NOT_DONE)");
    cr_assert_null(strstr(page, "<td class=\"heat\"></td>"));
}

/* A count or the reason for none; nothing twice, though "all" may be one. */
Test(matrix, JSON_has_a_count_or_a_reason_for_each_mix)
{
    struct report report = make_report();
    const char *expected[] = {
        "[]\n", "[[[1],null,true]]\n", "[[[1],1,false],[[2],null,true]]\n",
        "[[[1],1,false],[[2],null,true],[[3],null,true],[[1,3],null,true]]\n"};
    for (size_t row = 0; row < STAGE_COUNT; row++) {
        json_t *matrix = report_matrix_json(&report, row);
        json_t *shown = json_array();
        size_t i = 0;
        json_t *mix = NULL;
        json_array_foreach(json_object_get(matrix, "mixes"), i, mix)
            report_append(shown, json_pack("[O, O, b]", json_object_get(mix, "own"),
                                           json_object_get(mix, "passed"),
                                           json_is_string(json_object_get(mix, "error"))));
        cr_assert_str_eq(report_dump(shown, JSON_COMPACT), expected[row]);
        json_decref(matrix);
    }
}

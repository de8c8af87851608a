/* html_class: the page of a class: how the points are spread, the hardest tests, failures that look
 * alike, planted bugs if there are any, and a table of all with links to their pages. */
#include <ctype.h>
#include <string.h>

#include "grader/class_tally.h"
#include "grader/html.h"
#include "grader/keep.h"

enum { MOST_TESTS = 15, MOST_GROUPS = 20, BAR_STEP = 24, BAR_HEIGHT = 80, BASE = 96 };

static const char *number_text(double number)
{
    return keep_format("%g", number);
}

/* --- Histograms --- */

static void put_bin(FILE *out, const struct tally_points *tally, size_t bin, size_t highest)
{
    double height =
        highest == 0 ? 0 : (double)BAR_HEIGHT * (double)tally->bins[bin] / (double)highest;
    fprintf(out, "<rect x=\"%zu\" y=\"%.1f\" width=\"%d\" height=\"%.1f\"/>", bin * BAR_STEP + 2,
            BASE - height, BAR_STEP - 4, height);
    if (tally->bins[bin] > 0)
        fprintf(out, "<text x=\"%zu\" y=\"%.1f\" text-anchor=\"middle\">%zu</text>",
                bin * BAR_STEP + BAR_STEP / 2, BASE - height - 3, tally->bins[bin]);
}

static void put_histogram(FILE *out, const struct class *class, unsigned stage)
{
    struct tally_points tally = tally_points(class, stage);
    size_t highest = 0;
    for (size_t bin = 0; bin < HISTOGRAM_BINS; bin++)
        highest = tally.bins[bin] > highest ? tally.bins[bin] : highest;
    if (tally.count == 0)
        return;
    html_format(
        out,
        "<section><h3>Stage %u: %s</h3><p class=\"soft\">median %s, mean %s of %s; %zu with full "
        "points</p>\n<svg class=\"histogram\" viewBox=\"0 0 240 112\" role=\"img\" "
        "aria-label=\"How many have which tenth of the points of stage %u\">",
        stage, all_stages[stage - 1].title, number_text(tally.median),
        keep_format("%.1f", tally.mean), number_text(tally.most), tally.full, stage);
    for (size_t bin = 0; bin < HISTOGRAM_BINS; bin++)
        put_bin(out, &tally, bin, highest);
    fprintf(out,
            "<line x1=\"0\" y1=\"%d\" x2=\"240\" y2=\"%d\"/><text x=\"2\" y=\"108\">0 %%</text>"
            "<text x=\"238\" y=\"108\" text-anchor=\"end\">100 %%</text></svg></section>\n",
            BASE, BASE);
}

/* --- Tests and failures --- */

static void put_tests(FILE *out, const struct class *class)
{
    size_t count = 0;
    const struct tally_test *tests = tally_tests(class, &count);
    if (count == 0)
        return;
    fprintf(
        out,
        "<section class=\"stage\"><h2>Hardest tests</h2><div class=\"scroll\" tabindex=\"0\" "
        "role=\"group\" aria-label=\"Hardest tests\"><table class=\"data\"><thead><tr>"
        "<th scope=\"col\">Stage</th><th scope=\"col\">Test</th><th scope=\"col\" class=\"number\">"
        "failed</th><th scope=\"col\" class=\"number\">not done</th>"
        "<th scope=\"col\" class=\"number\">of</th></tr></thead><tbody>\n");
    for (size_t i = 0; i < count && i < MOST_TESTS; i++)
        html_format(out,
                    "<tr><td>%u</td><td class=\"long\">%s</td><td class=\"number\">%zu</td>"
                    "<td class=\"number\">%zu</td><td class=\"number\">%zu</td></tr>\n",
                    tests[i].stage, tests[i].name, tests[i].not_passed - tests[i].not_done,
                    tests[i].not_done, tests[i].graded);
    fprintf(out, "</tbody></table></div></section>\n");
}

static void put_link(FILE *out, const struct student *student, const char *text)
{
    html_format(out, "<a href=\"./%s/report.html\">%s</a>", student->id, text);
}

static void put_group(FILE *out, const struct tally_group *group)
{
    const char *more =
        group->test_count > 1 ? keep_format(" and %zu more", group->test_count - 1) : "";
    html_format(
        out,
        "<details class=\"test\"><summary class=\"row\"><span class=\"pill bad\">%s</span>"
        "<span class=\"name\">stage %u, %s%s</span><span class=\"number\">%zu students</span>"
        "</summary><div class=\"story\"><p>%s</p><p>",
        group->status, group->stage, group->test, more, group->count, group->message);
    for (size_t i = 0; i < group->count; i++) {
        put_link(out, group->students[i], group->students[i]->id);
        fputs(i + 1 < group->count ? ", " : "", out);
    }
    fprintf(out, "</p></div></details>\n");
}

static void put_groups(FILE *out, const struct class *class)
{
    size_t count = 0;
    const struct tally_group *groups = tally_groups(class, &count);
    if (count == 0)
        return;
    fprintf(out, "<section class=\"stage\"><h2>Failures that look alike</h2>\n");
    for (size_t i = 0; i < count && i < MOST_GROUPS; i++)
        put_group(out, &groups[i]);
    if (count > MOST_GROUPS)
        html_format(out, "<p class=\"soft\">and %zu more</p>\n", count - MOST_GROUPS);
    fprintf(out, "</section>\n");
}

/* --- Planted bugs: submissions that are named like grader/known_bugs/row07_… --- */

static bool is_planted(const struct student *student)
{
    const char *id = student->id;
    return strncmp(id, "row", 3) == 0 && isdigit((unsigned char)id[3]) &&
           isdigit((unsigned char)id[4]) && id[5] == '_';
}

static void put_heat(FILE *out, const struct student *student, unsigned stage)
{
    size_t index = 0;
    size_t failed = 0;
    json_t *test = NULL;
    json_t *tests = json_object_get(class_stage(student, stage), "tests");
    json_array_foreach(tests, index, test)
    {
        failed += strcmp(tally_text(test, "status"), "PASSED") != 0;
    }
    if (json_array_size(tests) == 0)
        fprintf(out, "<td class=\"heat\">-</td>");
    else
        fprintf(out, "<td class=\"heat %s\">%s</td>", failed > 0 ? "bad" : "good",
                failed > 0 ? keep_format("%zu failed", failed) : "passed");
}

static void put_planted(FILE *out, const struct class *class)
{
    size_t count = 0;
    for (size_t i = 0; i < class->count; i++)
        count += is_planted(&class->students[i]);
    if (count == 0)
        return;
    fprintf(out, "<section class=\"stage\"><h2>Planted bugs: which stage's tests notice them</h2>"
                 "<div class=\"scroll\" tabindex=\"0\" role=\"group\" aria-label=\"Planted bugs\">"
                 "<table class=\"data\"><thead><tr><th scope=\"col\">Bug</th>");
    for (unsigned stage = 1; stage <= STAGE_COUNT; stage++)
        html_format(out, "<th scope=\"col\" class=\"heat\">stage %u</th>", stage);
    fprintf(out, "</tr></thead><tbody>\n");
    for (size_t i = 0; i < class->count; i++) {
        if (!is_planted(&class->students[i]))
            continue;
        fprintf(out, "<tr><td>");
        put_link(out, &class->students[i], class->students[i].name);
        fprintf(out, "</td>");
        for (unsigned stage = 1; stage <= STAGE_COUNT; stage++)
            put_heat(out, &class->students[i], stage);
        fprintf(out, "</tr>\n");
    }
    fprintf(out, "</tbody></table></div></section>\n");
}

/* --- The table --- */

static void put_points(FILE *out, const json_t *from)
{
    double points = class_points(json_object_get(from, "points"));
    double most = class_points(json_object_get(from, "max_points"));
    const char *heat = points < 0          ? ""
                       : points >= most    ? " good"
                       : points * 2 < most ? " bad"
                                           : " undone";
    html_format(out, "<td class=\"number heat%s\" data-sort=\"%s\">%s</td>", heat,
                number_text(points), points < 0 ? "-" : number_text(points));
}

static const char *remarks(const struct student *student)
{
    const char *text = student->error == NULL ? "" : keep_format("not graded: %s", student->error);
    size_t index = 0;
    json_t *flag = NULL;
    json_array_foreach(json_object_get(student->result, "flags"), index, flag)
    {
        text = keep_format("%s%s%s", text, *text == '\0' ? "" : "; ", json_string_value(flag));
    }
    return text;
}

static void put_student(FILE *out, const struct student *student)
{
    fprintf(out, "<tr><td>");
    if (student->result != NULL)
        put_link(out, student, student->name);
    else
        html_text(out, student->name);
    fprintf(out, "</td>");
    put_points(out, student->result);
    for (unsigned stage = 1; stage <= STAGE_COUNT; stage++)
        put_points(out, class_stage(student, stage));
    html_format(out, "<td>%s</td></tr>\n", remarks(student));
}

static void put_table(FILE *out, const struct class *class)
{
    static const char *const heads[] = {"Student", "Total",   "Stage 1", "Stage 2",
                                        "Stage 3", "Stage 4", "Remarks"};
    html_format(
        out,
        "<section class=\"stage\"><header><h2>Everybody</h2><p class=\"filter\"><label>Show only "
        "<input type=\"search\" id=\"filter\"/></label> <span class=\"soft\" id=\"shown\" "
        "role=\"status\">%zu shown</span></p></header><div class=\"scroll\" tabindex=\"0\" "
        "role=\"group\" aria-label=\"Everybody\"><table class=\"data\" id=\"students\"><thead><tr>",
        class->count);
    for (size_t i = 0; i < sizeof heads / sizeof *heads; i++)
        html_format(out, "<th scope=\"col\"><button type=\"button\">%s</button></th>", heads[i]);
    fprintf(out, "</tr></thead><tbody>\n");
    for (size_t i = 0; i < class->count; i++)
        put_student(out, &class->students[i]);
    fprintf(out, "</tbody></table></div></section>\n");
}

void class_page(const struct class *class, FILE *out)
{
    size_t graded = 0;
    for (size_t i = 0; i < class->count; i++)
        graded += class->students[i].error == NULL;
    html_start(out, "Grades of a class", "grader/html/class.js");
    html_format(
        out,
        "<header><h1>Grades of a class</h1><p>%zu submissions, %zu graded, %zu could not be "
        "graded.</p></header>\n<main>\n<div class=\"histograms\">\n",
        class->count, graded, class->count - graded);
    for (unsigned stage = 1; stage <= STAGE_COUNT; stage++)
        put_histogram(out, class, stage);
    fprintf(out, "</div>\n");
    put_table(out, class);
    put_tests(out, class);
    put_groups(out, class);
    put_planted(out, class);
    fprintf(out, "</main>\n");
    html_end(out);
}

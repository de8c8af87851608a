/* The rubric's file. */
#include <criterion/criterion.h>
#include <string.h>

#include "grader/files.h"
#include "grader/keep.h"
#include "grader/rubric.h"

enum { MOST_BYTES = 64 * 1024 };

static const char *default_text(void)
{
    return file_read(rubric_default, MOST_BYTES, NULL);
}

/* The default rubric with `from` replaced by `to`, once. */
static const char *changed(const char *from, const char *to)
{
    const char *text = default_text();
    const char *at = strstr(text, from);
    cr_assert_not_null(at, "%s", from);
    return keep_format("%.*s%s%s", (int)(at - text), text, to, at + strlen(from));
}

static unsigned line_of(const char *part)
{
    const char *text = default_text();
    unsigned line = 1;
    for (const char *end = strstr(text, part); text < end; text++)
        line += *text == '\n';
    return line;
}

static void expect_error(const char *from, const char *to, const char *words)
{
    struct rubric rubric;
    const char *wrong = rubric_parse(&rubric, "my.cfg", changed(from, to));
    cr_assert_not_null(wrong, "%s was taken", to);
    cr_assert_not_null(strstr(wrong, words), "%s", wrong);
    cr_assert_null(strchr(wrong, '\n'));
    const char *place = keep_format("my.cfg:%u: ", line_of(from));
    cr_assert_eq(strncmp(wrong, place, strlen(place)), 0, "%s, not at %s", wrong, place);
}

Test(rubric, default_is_in_order)
{
    struct rubric rubric;
    const char *wrong = rubric_read(&rubric, rubric_default);
    cr_assert_null(wrong, "%s", wrong);
    for (unsigned i = 0; i < STAGE_COUNT; i++)
        cr_assert_eq(rubric.stages[i].half_points, 200);
    cr_assert_eq(rubric.half_points_per_race, 4);
    cr_assert_float_eq(rubric.unstable, 0.5, 1e-9);
}

Test(rubric, takes_halves)
{
    struct rubric rubric;
    cr_assert_null(rubric_parse(&rubric, "my.cfg", changed("race = 2;", "race = 0.5;")));
    cr_assert_eq(rubric.half_points_per_race, 1);
}

Test(rubric, names_the_line_of_an_error_and_what_is_allowed)
{
    expect_error("version = 1", "version = 2", "version in the rubric must be");
    expect_error("race = 2;", "race = 2.3;", "a whole number or a half from 0 to 1000");
    expect_error("race = 2;", "race = -1;", "from 0 to 1000");
    expect_error("race = 2;", "race = \"two\";", "a whole number or a half");
    expect_error("race = 2;", "rice = 2;",
                 "\"rice\" in deductions; allowed are: memory_error, race");
    expect_error("race = 2;", "", "deductions has no race");
    expect_error("unstable = 0.5;", "unstable = 1.5;", "a number from 0 to 1");
    expect_error("unstable = 0.5;", "unstabel = 0.5;", "allowed are: version, stage1");
    expect_error("half_up_to = 4.0", "half_up_to = 1.0", "must not be less than full_up_to");
    expect_error("lines = 0;", "lines = 101;", "from 0 to 100");
    expect_error("points = 100; tests = 90", "points = 100; tests = 0", "must count");
    expect_error("points = 100; tests = 90;", "points = 100; tests = = 90;", "syntax error");
    expect_error("deductions = { memory_error = 2; race = 2; };", "deductions = 4;",
                 "deductions must be there, as in  deductions = {");
}

Test(rubric, says_that_a_group_is_missing)
{
    struct rubric rubric;
    const char *wrong = rubric_parse(&rubric, "my.cfg", "version = 1;");
    cr_assert_not_null(strstr(wrong, "stage1 must be there, as in  stage1 = { points"), "%s",
                       wrong);
}

Test(rubric, says_that_a_file_cannot_be_read)
{
    struct rubric rubric;
    cr_assert_not_null(strstr(rubric_read(&rubric, "/no/such.cfg"), "No such file"));
}

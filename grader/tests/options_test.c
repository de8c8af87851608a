/* The command line. */
#include <criterion/criterion.h>
#include <string.h>

#include "grader/keep.h"
#include "grader/options.h"

static const char *parse(struct options *options, const char *first, const char *second)
{
    char *arguments[] = {keep_text("grade"), keep_text(first == NULL ? "" : first),
                         keep_text(second == NULL ? "" : second), NULL};
    return options_parse(second != NULL ? 3 : first != NULL ? 2 : 1, arguments, options);
}

Test(options, grades_the_whole_reference_when_not_told_otherwise)
{
    struct options options;
    cr_assert_null(parse(&options, NULL, NULL));
    cr_assert_eq(options.subject, SUBJECT_SOLUTION);
    cr_assert_eq(options.stage, 0);
    cr_assert_null(options.submission);
}

Test(options, takes_a_submission_for_a_students)
{
    struct options options;
    cr_assert_null(parse(&options, "--submission", "dir"));
    cr_assert_eq(options.subject, SUBJECT_STUDENT);
    cr_assert_str_eq(options.submission, "dir");
}

Test(options, refuses_each_wrong_use_in_one_line)
{
    static const char *const wrong[][2] = {
        {"--stage", "9"},    {"--stage", "12"},  {"--stage", ""},     {"--impl", "mine"},
        {"--seed", "x"},     {"--colour", NULL}, {"--stage", NULL},   {"folder", NULL},
        {"--quick=1", NULL}, {"-x", NULL},       {"--class", "dir"},  {"--out", "dir"},
        {"--jobs", "0"},     {"--jobs", "many"}, {"--sshlogin", "a"},
    };
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        struct options options;
        const char *message = parse(&options, wrong[i][0], wrong[i][1]);
        cr_assert_not_null(message, "%s", wrong[i][0]);
        cr_assert_null(strchr(message, '\n'));
    }
}

Test(options, help_fits_a_screen)
{
    unsigned lines = 0;
    for (const char *line = options_help; *line != '\0'; lines++) {
        size_t length = strcspn(line, "\n");
        cr_assert_leq(length, 80);
        line += length + 1;
    }
    cr_assert_leq(lines, 24);
}

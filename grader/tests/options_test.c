/* The command line. */
#include <criterion/criterion.h>
#include <string.h>

#include "grader/keep.h"
#include "grader/options.h"

enum { MOST_WORDS = 16 };

/* The command line is `line`, cut at its blanks. */
static const char *parse_line(struct options *options, const char *line)
{
    char *arguments[MOST_WORDS + 1] = {keep_text("grade")};
    int count = 1;
    for (char *word = strtok(keep_text(line), " "); word != NULL && count < MOST_WORDS;
         word = strtok(NULL, " "))
        arguments[count++] = word;
    return options_parse(count, arguments, options);
}

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

Test(options, refuses_what_contradicts_itself)
{
    static const char *const wrong[] = {
        "--impl student --submission dir",      "--class dir --out dir --submission dir",
        "--class dir --out dir --impl=student", "--class dir --out dir --html page.html",
        "--class dir --out dir --autolab",      "--impl student --matrix --stage 2",
        "--impl student --matrix --own-layers", "--matrix",
    };
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        struct options options;
        const char *message = parse_line(&options, wrong[i]);
        cr_assert_not_null(message, "%s", wrong[i]);
        cr_assert_null(strchr(message, '\n'));
    }
}

Test(options, puts_each_value_where_it_belongs)
{
    struct options options;
    cr_assert_null(parse_line(&options, "--submission a --json b --html c --jail limits --quick"));
    cr_assert_str_eq(options.submission, "a");
    cr_assert_str_eq(options.outputs[OUTPUT_JSON], "b");
    cr_assert_str_eq(options.outputs[OUTPUT_HTML], "c");
    cr_assert_eq(options.jail, JAIL_LIMITS);
    cr_assert(options.quick);
    cr_assert_not(options.matrix);
}

Test(options, says_which_option_takes_no_value)
{
    struct options options;
    cr_assert_str_eq(parse_line(&options, "--quick=1"), "--quick takes no value");
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

/* A class that is graded again into the same folder: what is taken as finished, and what is not. */
#include <criterion/criterion.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "grader/class.h"
#include "grader/files.h"
#include "grader/keep.h"
#include "grader/rubric.h"
#include "grader/scratch.h"

static void put(const char *path, const char *text)
{
    cr_assert(file_write(path, text, strlen(text)), "%s", path);
}

/* A student whose folder holds a result that was made from `graded`. */
static struct class make_finished(struct student *student, const char *graded)
{
    scratch_make();
    folder_make(scratch_path("out/ada"));
    put(scratch_path("out/ada/submission"), scratch_path("%s", graded));
    put(scratch_path("out/ada/report.txt"), "grade: what the other one's grading said\n");
    put(scratch_path("out/ada/result.json"), "{\"points\": 90, \"stages\": []}");
    *student =
        (struct student){.id = keep_text("ada"), .submission = keep_text(scratch_path("in/ada"))};
    return (struct class){.students = student, .count = 1, .out = scratch_path("out")};
}

Test(class_again, takes_what_was_made_from_the_same_submission)
{
    struct student ada;
    struct class class = make_finished(&ada, "in/ada");
    cr_assert(class_load(&class, &ada));
    cr_assert_null(ada.error);
    json_decref(ada.result);
}

Test(class_again, takes_nothing_that_was_made_from_another_submission)
{
    struct student ada;
    struct class class = make_finished(&ada, "in/bob");
    cr_assert_not(class_load(&class, &ada));
    cr_assert_null(ada.result);
    cr_assert_str_eq(ada.error, "not graded yet");
}

Test(class_again, takes_nothing_of_which_it_cannot_tell)
{
    struct student ada;
    struct class class = make_finished(&ada, "in/ada");
    unlink(scratch_path("out/ada/submission"));
    cr_assert_not(class_load(&class, &ada));
    cr_assert_null(ada.result);
}

/* make class DIR=in and DIR=./in/ */
Test(class_again, knows_a_submission_by_another_path)
{
    struct student ada;
    struct class class = make_finished(&ada, "./in//ada");
    folder_make(scratch_path("in/ada"));
    cr_assert(class_load(&class, &ada));
    json_decref(ada.result);
}

static struct options make_options(void)
{
    return (struct options){.seed = "1", .stage = 1, .quick = true};
}

/* What the check says on stderr; "" where it lets the run go on. */
static const char *check(const struct options *options)
{
    const struct class class = {.out = scratch_path("out")};
    fflush(NULL);
    pid_t pid = fork();
    if (pid == 0) {
        cr_assert_not_null(freopen(scratch_path("said"), "w", stderr));
        class_check_settings(&class, options);
        _exit(0);
    }
    int status = 0;
    cr_assert_eq(waitpid(pid, &status, 0), pid);
    const char *said = file_read(scratch_path("said"), 4096, NULL);
    cr_assert_eq(WEXITSTATUS(status), *said == '\0' ? 0 : 1, "%s", said);
    return said;
}

static void keep_settings(const struct options *options)
{
    scratch_make();
    folder_make(scratch_path("out"));
    class_keep_settings(&(struct class){.out = scratch_path("out")}, options);
}

Test(class_again, goes_on_with_the_same_options)
{
    struct options options = make_options();
    scratch_make();
    cr_assert_str_eq(check(&options), ""); /* nothing there yet */
    keep_settings(&options);
    options.jobs = 7;
    options.jail = JAIL_LIMITS;
    options.sshlogin = "big";
    options.rubric = rubric_default;
    cr_assert_str_eq(check(&options), "");
}

Test(class_again, refuses_to_mix_what_was_graded_with_other_options)
{
    struct options options = make_options();
    const struct options others[] = {
        {.seed = "1", .stage = 2, .quick = true},
        {.seed = "1", .quick = true},
        {.seed = "1", .stage = 1},
        {.seed = "2", .stage = 1, .quick = true},
        {.seed = "1", .stage = 1, .quick = true, .hidden = "/kept"},
        {.seed = "1", .stage = 1, .quick = true, .own_layers = true},
        {.seed = "1", .stage = 1, .quick = true, .matrix = true},
    };
    keep_settings(&options);
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        const char *said = check(&others[i]);
        cr_expect_not_null(strstr(said, "with  --stage 1 --seed 1 --quick: give"), "%zu: %s", i,
                           said);
    }
}

Test(class_again, refuses_to_mix_what_was_graded_by_another_rubric)
{
    struct options options = make_options();
    keep_settings(&options);
    put(scratch_path("mine.cfg"), "version = 1;\n");
    options.rubric = scratch_path("mine.cfg");
    cr_assert_not_null(strstr(check(&options), "by another rubric"));
}

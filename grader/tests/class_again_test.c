/* A class that is graded again into the same folder: what is taken as finished, and what is not. */
#include <criterion/criterion.h>
#include <string.h>
#include <unistd.h>

#include "grader/class.h"
#include "grader/files.h"
#include "grader/keep.h"
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

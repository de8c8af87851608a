/* submission_support: see submission_support.h. */
#include "grader/tests/submission_support.h"

#include <criterion/criterion.h>
#include <string.h>

#include "grader/files.h"
#include "grader/keep.h"
#include "grader/scratch.h"

struct taken take(const char *path)
{
    struct taken taken = {.wrong = NULL};
    const char *to = scratch_path("taken");
    for (size_t i = 0; i < STAGE_COUNT; i++)
        taken.results[i].stage = &all_stages[i];
    taken.wrong = submission_take(path, to, taken.results);
    taken.pool = file_read(keep_format("%s/" POOL, to), 1 << 20, NULL);
    return taken;
}

struct taken take_archive(const char *ending, const struct archive_item *items)
{
    scratch_make();
    const char *path = scratch_path("handed-in%s", ending);
    archive_make(path, items);
    return take(path);
}

const char *new_folder(void)
{
    scratch_make();
    const char *folder = scratch_path("handed-in");
    folder_make(folder);
    return folder;
}

void write_text(const char *path, const char *text)
{
    char *folder = keep_text(path);
    *strrchr(folder, '/') = '\0';
    folder_make(folder);
    cr_assert(file_write(path, text, strlen(text)));
}

void expect_note(const struct taken *taken, const char *words)
{
    cr_assert_null(taken->wrong, "%s", taken->wrong);
    for (size_t i = 0; i < taken->results[0].note_count; i++)
        if (strstr(taken->results[0].notes[i], words) != NULL)
            return;
    cr_assert_fail("no note says \"%s\"", words);
}

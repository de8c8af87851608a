/* planted_tree: see planted_tree.h. */
#include "common/course/planted_tree.h"

#include <stdio.h>
#include <stdlib.h>

#include "common/course/command.h"
#include "common/course/handout.h"
#include "grader/files.h"
#include "grader/keep.h"

enum { MOST_TEXT = 1024 * 1024 };

static bool run_program(const char *const arguments[], const char *folder)
{
    struct command command = {.arguments = arguments, .folder = folder};
    command_run(&command);
    return command_succeeded(&command);
}

static bool copy_reference(const struct planted_bug *bug, const char *root)
{
    const char *folder = keep_format("%s/%s/solution", root, bug->stage->folder);
    folder_make(folder);
    for (const char *const *file = bug->stage->handin; *file != NULL; file++) {
        size_t length = 0;
        const char *text =
            file_read(handin_path(bug->stage, SUBJECT_SOLUTION, *file), MOST_TEXT, &length);
        if (text == NULL || !file_write(keep_format("%s/%s", folder, *file), text, length))
            return false;
    }
    return true;
}

bool planted_make_tree(const struct planted_bug *bug, const char *root)
{
    const char *stage = keep_format("%s/%s", root, bug->stage->folder);
    char *resolved = realpath(bug->path, NULL);
    const char *whole = keep_text(resolved == NULL ? bug->path : resolved);
    free(resolved);
    const char *const clear[] = {"rm", "-rf", stage, NULL};
    const char *const patch[] = {"patch", "-s", "-p1", "-F0", "-f", "--no-backup-if-mismatch",
                                 "-d",    root, "-i",  whole, NULL};
    return run_program(clear, NULL) && copy_reference(bug, root) && run_program(patch, NULL) &&
           rename(keep_format("%s/solution", stage), keep_format("%s/student", stage)) == 0;
}

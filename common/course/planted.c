/* planted: see planted.h. */
#include "common/course/planted.h"

#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/course/command.h"
#include "common/course/course.h"
#include "common/course/handout.h"
#include "grader/files.h"
#include "grader/keep.h"

enum { MOST_TEXT = 1024 * 1024 };

/* What stands behind `key` at the start of a line, up to the line's end; NULL if nothing does. */
static const char *value_of(const char *text, const char *key)
{
    const char *at = strstr(text, keep_format("\n%s: ", key));
    if (strncmp(text, key, strlen(key)) == 0)
        at = text - 1;
    if (at == NULL)
        return NULL;
    at += 1 + strlen(key) + 2;
    return keep_part(at, strcspn(at, "\n"));
}

static bool changes_only_the_reference(const char *text)
{
    for (const char *at = text; (at = strstr(at, "\n+++ b/")) != NULL; at++)
        if (stages_find_handin(keep_part(at + 7, strcspn(at + 7, "\t\n")), SUBJECT_SOLUTION) ==
            NULL)
            return false;
    return true;
}

static bool read_patch(const char *path, struct planted_bug *bug)
{
    const char *text = file_read(path, MOST_TEXT, NULL);
    if (text == NULL || !changes_only_the_reference(text))
        return false;
    const char *owner = value_of(text, "owner");
    const char *stage = owner == NULL ? NULL : strstr(owner, "stage ");
    const char *detector = owner == NULL ? NULL : strstr(owner, "detector: ");
    const char *level = value_of(text, "level");
    if (stage == NULL || detector == NULL || stage[6] < '1' || stage[6] > '0' + STAGE_COUNT)
        return false;
    *bug = (struct planted_bug){
        .path = keep_text(path),
        .text = text,
        .stage = &all_stages[stage[6] - '1'],
        .detector = detector + strlen("detector: "),
        .bug = value_of(text, "bug"),
        .hint = value_of(text, "hint"),
        .lesson = value_of(text, "lesson"),
        .level = level == NULL ? 0 : (unsigned)strtoul(level, NULL, 10),
    };
    return bug->bug != NULL && bug->hint != NULL;
}

struct planted_bugs planted_read(void)
{
    struct planted_bugs bugs = {0};
    glob_t found;
    if (glob("grader/known_bugs/*.patch", 0, NULL, &found) != 0)
        return bugs;
    for (size_t i = 0; i < found.gl_pathc; i++) {
        struct planted_bug bug;
        if (!read_patch(found.gl_pathv[i], &bug))
            continue;
        bugs.list = keep_room(bugs.list, bugs.count, sizeof *bugs.list);
        bugs.list[bugs.count++] = bug;
    }
    globfree(&found);
    return bugs;
}

/* --- A tree with the bug --- */

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
    const char *const patch[] = {"patch", "-s", "-p1", "-f",  "--no-backup-if-mismatch",
                                 "-d",    root, "-i",  whole, NULL};
    return run_program(clear, NULL) && copy_reference(bug, root) && run_program(patch, NULL) &&
           rename(keep_format("%s/solution", stage), keep_format("%s/student", stage)) == 0;
}

/* planted: see planted.h. */
#include "grader/planted.h"

#include <glob.h>
#include <stdlib.h>
#include <string.h>

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

/* The number behind "row " and the like; 0 for none. */
static unsigned number_in(const char *owner, const char *word)
{
    const char *at = owner == NULL ? NULL : strstr(owner, word);
    return at == NULL ? 0 : (unsigned)strtoul(at + strlen(word), NULL, 10);
}

static bool read_patch(const char *path, struct planted_bug *bug)
{
    const char *text = file_read(path, MOST_TEXT, NULL);
    if (text == NULL || !changes_only_the_reference(text))
        return false;
    const char *owner = value_of(text, "owner");
    unsigned stage = number_in(owner, "stage ");
    const char *detector = owner == NULL ? NULL : strstr(owner, "detector: ");
    const char *level = value_of(text, "level");
    const char *file = strrchr(path, '/') + 1;
    if (detector == NULL || stage < 1 || stage > STAGE_COUNT)
        return false;
    *bug = (struct planted_bug){
        .path = keep_text(path),
        .name = keep_part(file, strcspn(file, ".")),
        .text = text,
        .row = number_in(owner, "row "),
        .stage = &all_stages[stage - 1],
        .detector = detector + strlen("detector: "),
        .has_points = strstr(owner, "points: none") == NULL,
        .bug = value_of(text, "bug"),
        .hint = value_of(text, "hint"),
        .lesson = value_of(text, "lesson"),
        .level = level == NULL ? 0 : (unsigned)strtoul(level, NULL, 10),
    };
    return bug->bug != NULL && bug->hint != NULL;
}

static void add(struct planted_bugs *bugs, const struct planted_bug *bug)
{
    bugs->list = keep_room(bugs->list, bugs->count, sizeof *bugs->list);
    bugs->list[bugs->count++] = *bug;
}

struct planted_bugs planted_read(void)
{
    struct planted_bugs bugs = {0};
    glob_t found;
    if (glob("grader/known_bugs/*.patch", 0, NULL, &found) != 0)
        return bugs;
    for (size_t i = 0; i < found.gl_pathc; i++) {
        struct planted_bug bug;
        if (read_patch(found.gl_pathv[i], &bug))
            add(&bugs, &bug);
    }
    globfree(&found);
    return bugs;
}

struct planted_bugs planted_of_stage(const struct stage *stage)
{
    struct planted_bugs all = planted_read();
    struct planted_bugs bugs = {0};
    for (size_t i = 0; i < all.count; i++)
        if (all.list[i].stage == stage && strcmp(all.list[i].detector, "tests") == 0 &&
            all.list[i].has_points)
            add(&bugs, &all.list[i]);
    return bugs;
}

const char *planted_object(const char *build, const struct stage *stage,
                           const struct planted_bug *bug)
{
    return keep_format("%s/debug/planted/stage%u/%s.o", build, stage->number,
                       bug == NULL ? "reference" : bug->name);
}

/* planted: the bugs that are kept as patches against the reference, in grader/known_bugs/, and a tree
 * with one of them planted in it. See grader/known_bugs/plant.sh for the form of a patch; a bug to
 * hunt has two lines more: "level: 3", and "lesson: …", what there is to learn from it. */
#ifndef COMMON_COURSE_PLANTED_H
#define COMMON_COURSE_PLANTED_H

#include <stdbool.h>
#include <stddef.h>

#include "grader/stages.h"

struct planted_bug {
    const char *path; /* of the patch */
    const char *text; /* all of it */
    const struct stage *stage;
    const char *detector; /* tests, tsan or symbols */
    const char *bug;      /* what is wrong, in the words of who wrote it */
    const char *hint;
    const char *lesson; /* NULL: not to be hunted */
    unsigned level;     /* 0: not to be hunted */
};

struct planted_bugs {
    struct planted_bug *list;
    size_t count;
};

/* All that change nothing but a stage's reference. */
struct planted_bugs planted_read(void);

/* Make `root` a tree with the reference's files of the bug's stage under student/, and the bug in them.
 * What was there goes. Returns false where the patch does not apply. */
bool planted_make_tree(const struct planted_bug *bug, const char *root);

#endif

/* planted: the bugs that are kept as patches against the reference, in grader/known_bugs/. See plant.sh
 * there for the form of a patch; a bug to hunt has two lines more: "level: 3", and "lesson: …", what there
 * is to learn from it. `make planted-stageN` makes objects of them, known_bugs.mk says how. */
#ifndef GRADER_PLANTED_H
#define GRADER_PLANTED_H

#include <stdbool.h>
#include <stddef.h>

#include "grader/stages.h"

struct planted_bug {
    const char *path; /* of the patch */
    const char *name; /* of its file, without the ending */
    const char *text; /* all of it */
    unsigned row;     /* in the list of known bugs */
    const struct stage *stage;
    const char *detector; /* tests, tsan or symbols */
    bool has_points;      /* a scored test notices it */
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

/* Those of a stage that a test can expose. */
struct planted_bugs planted_of_stage(const struct stage *stage);

/* In the build folder: an object with all that a test of the stage is linked with, on the reference
 * with this bug in it, or (NULL) on the reference as it is. */
const char *planted_object(const char *build, const struct stage *stage,
                           const struct planted_bug *bug);

#endif

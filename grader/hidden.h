/* hidden: tests that are kept apart from the course (--hidden DIR):
 *
 *     DIR/after_published/stage3_spans.c      tests of stage 3, told to students when grades are out
 *
 * The folder says who may see how they went, in Gradescope's words; the file's name starts with the
 * stage. They are written like the stage's own, are linked into the same programs, and share in the
 * points of its tests. Programs that have them have a name of their own, so nothing of them is in
 * those that students build. */
#ifndef GRADER_HIDDEN_H
#define GRADER_HIDDEN_H

#include "grader/results.h"

/* Returns NULL, or one line that says what is wrong with the folder. */
const char *hidden_check(const char *folder);

/* Give each test that comes from `folder` (NULL: none) its visibility, and its place no path. */
void hidden_mark(const char *folder, struct stage_result *result);

#endif

/* planted_tree: the reference of a stage as a student's files, with a planted bug in them. */
#ifndef COMMON_COURSE_PLANTED_TREE_H
#define COMMON_COURSE_PLANTED_TREE_H

#include "grader/planted.h"

/* Make `root` a tree with the reference's files of the bug's stage under student/, and the bug in them.
 * What was there goes. Returns false where the patch does not apply. */
bool planted_make_tree(const struct planted_bug *bug, const char *root);

#endif

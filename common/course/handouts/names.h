/* names: which files, functions, tests and make targets there are, to hold a handout to them. */
#ifndef COMMON_COURSE_HANDOUTS_NAMES_H
#define COMMON_COURSE_HANDOUTS_NAMES_H

#include <stdbool.h>

/* Read all sources of the tree. Call it once. */
void names_read_tree(void);

/* Whether a source has this word. */
bool names_has_word(const char *word);

/* Whether the Makefile, or a part of it, has this target. */
bool names_has_target(const char *target);

#endif

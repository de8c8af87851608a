/* scratch: the folder that holds all that a grading makes, and goes when the grader ends.
 *
 *   /tmp/grade.a8Bc2D/   mode 0700, later 0710 for the group of the jails' users
 *       living           locked as long as its grader lives
 *       …
 *
 * A grader that is killed cannot remove its folder. The next one of the same user does: a folder
 * with a file `living` that nobody has locked is nobody's. */
#ifndef GRADER_SCRATCH_H
#define GRADER_SCRATCH_H

#include <sys/types.h>

/* Make the scratch folder, under TMPDIR or /tmp, with a name of its own, unless there is one;
 * removed at exit. Removes those of graders that no longer live. */
void scratch_make(void);

/* Processes of that group may reach what is in it by name; nobody else but its owner may. */
void scratch_share(gid_t group);

/* A path in it. */
const char *scratch_path(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* `text` without the scratch folder's name, for what is shown: compilers and tools print it. */
char *scratch_hide(const char *text);

#endif

/* submission: takes the hand-in files out of what was handed in, and nothing else.
 *
 *   what was handed in         where the seven files may lie in it
 *   ------------------         -----------------------------------
 *   a folder                   stage1_objectpool/student/object_pool.c ...   as in this tree
 *   .tar .tar.gz .tgz .zip     object_pool.c ...                             all in one place
 *                              NAME/ before either                           one folder round it
 *
 * Beside them there may be tests of the student's own: stage1_objectpool/student/tests/ANY.c, or all in one place
 * tests/stage1_ANY.c. They are shown what they expose (phase_own_tests.c), and never scored.
 *
 * Whatever it is, it is read, never unpacked: no name in it ever becomes the name of a file, but for an own test's, which
 * is letters, digits, _ and - alone. The seven files are written under the names that this tree gives them. */
#ifndef GRADER_SUBMISSION_H
#define GRADER_SUBMISSION_H

#include "grader/results.h"

enum { MOST_HANDIN_BYTES = 256 * 1024 };

/* Copy the hand-in files of all stages from `path`, a folder or an archive, to the folder `to`, where
 * the tree's own skeleton takes the place of each one that is missing or not to be taken; a note of
 * the stage's result says so; and its own tests, which the stage's result lists. A hand-in file is a regular file of text, of at most
 * MOST_HANDIN_BYTES, reached without a symbolic link.
 * Returns NULL, or one line that says why there is nothing in it to grade. */
const char *submission_take(const char *path, const char *to, struct stage_result *results);

#endif

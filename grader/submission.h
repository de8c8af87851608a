/* submission: takes the hand-in files out of a folder, and nothing else. */
#ifndef GRADER_SUBMISSION_H
#define GRADER_SUBMISSION_H

#include "grader/results.h"

/* Copy the hand-in files of all stages from `folder` to `to`, where the tree's own skeleton takes
 * the place of each one that is missing or not to be taken; a note of the stage's result says so.
 * A hand-in file is a regular file of at most 1 MiB, reached without a symbolic link.
 * Returns how many were taken. */
unsigned submission_take(const char *folder, const char *to, struct stage_result *results);

#endif

/* grading: what stays the same while one submission, or the reference, is graded. The grader works
 * in the root of its own, pristine tree. */
#ifndef GRADER_GRADING_H
#define GRADER_GRADING_H

#include "grader/options.h"
#include "grader/results.h"
#include "grader/rubric.h"

struct grading {
    const struct options *options;
    const struct rubric *rubric;
    const char *root;          /* of the tree; the grader's working folder */
    const char *build;         /* what make builds from the tree, as a name for make: "build" */
    const char *student_root;  /* in the scratch folder: the hand-in files, and nothing else */
    const char *student_build; /* there too: what is built from them */
    unsigned at_once;          /* tests that run side by side */
};

#endif

/* own_tests: what becomes of the tests that a student hands in (stageN/student/tests/). They are shown and never scored:
 * nothing here is read where points are counted. See phase_own_tests.c. */
#ifndef GRADER_OWN_TESTS_H
#define GRADER_OWN_TESTS_H

#include <stdbool.h>
#include <stddef.h>

#include "grader/status.h"

/* A file of them that could be used, or why not. */
struct own_file {
    const char *name; /* "mine_test.c" */
    enum status status;
    const char *problem; /* NULL: none */
};

/* A test, on the reference: there it must pass. */
struct own_test {
    const char *name; /* suite/name */
    enum status status;
    const char *message;
};

struct exposed_bug {
    unsigned row;     /* in the list of known bugs */
    const char *bug;  /* what it is, in a line */
    const char *test; /* the first that failed on it */
};

struct own_tests {
    struct own_file *files;
    size_t file_count;
    bool were_tried; /* false: there are none, or the grading was a quick one */
    struct own_test *tests;
    size_t test_count;
    size_t passed; /* of the tests, on the reference */
    struct exposed_bug *exposed;
    size_t exposed_count;
    size_t bug_count;    /* planted bugs that were tried */
    const char *problem; /* why they were not run, or not to the end; NULL: they were */
};

#endif

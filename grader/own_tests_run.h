/* own_tests_run: runs tests of a student's own programs, each as a process in a jail, with limits. */
#ifndef GRADER_OWN_TESTS_RUN_H
#define GRADER_OWN_TESTS_RUN_H

#include "grader/grading.h"

enum { OWN_TESTS_AT_ONCE = 8 };

/* A test on one program, and how it ended. */
struct trial {
    const char *program;
    const char *name;
    enum status status;
    char *message;
};

/* Run at most OWN_TESTS_AT_ONCE of them, and judge each. */
void own_tests_run(const struct grading *grading, struct trial *trials, size_t count);

/* Which tests the program says it has: it is the student's code that says so. */
void own_tests_list(const struct grading *grading, const char *program, struct own_tests *own);

#endif

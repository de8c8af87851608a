/* stage_tests: a stage's tests on the student's code: build them, run them, remember what passed.
 *
 * Each test runs as a process of its own, several at a time, in the order of the tasks. A stage all
 * of whose scored tests passed is not run again until its program changes. */
#ifndef COMMON_COURSE_STAGE_TESTS_H
#define COMMON_COURSE_STAGE_TESTS_H

#include <stdbool.h>
#include <stddef.h>

#include "common/course/course.h"

enum test_state { TEST_STATE_UNKNOWN, TEST_STATE_PASSED, TEST_STATE_FAILED, TEST_STATE_NOT_DONE };

/* One line of the program's --list, and what came of the test. */
struct course_test {
    const char *name; /* suite/name */
    const char *invariant;
    const char *section; /* the task: "1.2" */
    const char *file;
    const char *hint;
    unsigned points; /* 0: a tool of the student's own, not scored */
    unsigned line;
    size_t place; /* in the list */
    bool skip;    /* set it, and it is not run */
    enum test_state state;
    const char *said;  /* what it printed */
    const char *ended; /* how it ended, where it did not end by itself; else NULL */
};

struct stage_tests {
    const struct stage *stage;
    const char *program;
    const char *build_errors; /* NULL: it builds */
    struct course_test *tests;
    size_t count;
    size_t scored;
    size_t passed; /* of the scored ones */
};

/* build/debug/tests/stageN-student. */
const char *stage_tests_program(const struct course_options *options, const struct stage *stage);

/* Build one program of the student's code by make. Returns NULL, or what the compiler said. */
const char *stage_tests_build(const struct course_options *options, const char *program);

/* Build, and list the tests, sorted by task. */
struct stage_tests stage_tests_load(const struct course_options *options,
                                    const struct stage *stage);

/* Run all of them, but for scored ones that are known to pass. */
void stage_tests_run(const struct course_options *options, struct stage_tests *tests);

/* The first that did not pass: the scored ones in the order of their tasks, then the others. */
struct course_test *stage_tests_first_open(struct stage_tests *tests);

/* Without building or running anything: scored tests that the sources of the stage declare, and how
 * many of them passed when they were run last. */
size_t stage_tests_count_declared(const struct stage *stage);
size_t stage_tests_count_remembered(const struct course_options *options,
                                    const struct stage *stage);

/* A task's number as one that can be compared: "2.10" comes after "2.9". */
unsigned task_number(const char *section);

#endif

/* course: what the commands of the student's loop share. Each command is a function of its own file;
 * course.c reads the options and calls one.
 *
 * All of it runs from the top of the tree, and keeps what it knows in build/course/: nothing there
 * is needed, and `make clean` only makes it forget. */
#ifndef COMMON_COURSE_COURSE_H
#define COMMON_COURSE_COURSE_H

#include <stdbool.h>

#include "grader/stages.h"

struct course_options {
    const struct stage *stage; /* NULL: none was given */
    const char *test;          /* part of a test's name, or NULL */
    const char *build;         /* where everything built goes */
    const char *student_root;  /* where the student's files lie; NULL: here */
    const char *student_build; /* what is built of them; NULL: in build */
    unsigned level;            /* of make hunt; 0: none was given */
    bool answer;
    bool hint;
    bool yes; /* do not ask */
};

/* Each returns the exit status of the program. */
int command_next(const struct course_options *options);
int command_hint(const struct course_options *options);
int command_watch(const struct course_options *options);
int command_debug(const struct course_options *options);
int command_start(const struct course_options *options);
int command_reset(const struct course_options *options);
int command_hunt(const struct course_options *options);
int command_hunt_check(const struct course_options *options);
int command_own_tests(const struct course_options *options);
int command_walk(const struct course_options *options);
int command_diff(const struct course_options *options);

/* Used wrongly: one line that says what to do, and status 1. */
_Noreturn void course_wrong(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* The stage that was given, or the end with a line that shows how to give it. */
const struct stage *course_stage(const struct course_options *options, const char *command);

/* A file in build/course/; its folder is there. */
const char *course_path(const struct course_options *options, const char *name);

/* Ask a question with yes or no. Without a terminal to ask at, the answer is no. */
bool course_ask(const char *question);

#endif

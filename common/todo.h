/* todo: marks a function that the student has not written yet.
 *
 * Each body of a skeleton starts with todo("2.3"), the number of its task in the stage's handout.
 * In a test it ends the test as "not done yet", which is not the same as "wrong". In a program it
 * says so on stderr and ends the process with status TODO_EXIT_STATUS.
 *
 * debug_print is a printf for finding bugs: it writes to stderr, and nothing when graded. */
#ifndef COMMON_TODO_H
#define COMMON_TODO_H

enum { TODO_EXIT_STATUS = 3 };

void todo(const char *task);

void debug_print(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif

/* die: how the grader ends when it cannot go on, with one line on stderr that says what to do. */
#ifndef GRADER_DIE_H
#define GRADER_DIE_H

enum {
    EXIT_GRADED = 0, /* whatever the points */
    EXIT_USAGE = 1,  /* called wrongly, or a tool is missing */
    EXIT_BROKEN = 2, /* the grader itself failed: what was graded has no score */
};

_Noreturn void die_usage(const char *format, ...) __attribute__((format(printf, 1, 2)));
_Noreturn void die_broken(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif

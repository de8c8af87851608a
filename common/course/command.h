/* command: run programs, keep what they print, and say how they ended.
 *
 * What a program prints goes to a file in memory, which is read when it has ended: nothing has to be
 * drained while it runs, and a flood is cut off by a limit. Limits are set before the program starts
 * (setrlimit, alarm), so the kernel ends one that loops or hangs. */
#ifndef COMMON_COURSE_COMMAND_H
#define COMMON_COURSE_COMMAND_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

struct command {
    /* Set these first; what is zero or NULL is not limited, or inherited. */
    const char *const *arguments; /* the program first, NULL last */
    const char *folder;           /* to run in */
    unsigned cpu_seconds;
    unsigned wall_seconds;

    /* What came of it. */
    int wait_status;
    char *output; /* of descriptors 1 and 2, kept (grader/keep.h) */

    /* While it runs. */
    pid_t pid;
    int output_fd;
};

/* Run them all, at most `at_once` at a time, in the order given; return when all have ended. Once one
 * ran out of time no other is begun: an endless loop that all share would cost it each time. The
 * `output` of those is NULL. */
void command_run_all(struct command *commands, size_t count, unsigned at_once);

void command_run(struct command *command);

/* Whether it ended on its own accord with status 0. */
bool command_succeeded(const struct command *command);

/* How it ended, in words, where it did not: "it crashed: Segmentation fault". */
const char *command_end_in_words(const struct command *command);

#endif

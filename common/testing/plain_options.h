/* plain_options: what the command line of a plain program of tests asks for; see plain_main.c. */
#ifndef COMMON_TESTING_PLAIN_OPTIONS_H
#define COMMON_TESTING_PLAIN_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>

enum { PLAIN_MOST_SKIPPED = 256 };

extern struct plain_options {
    const char *run;
    const char *pattern;
    const char *skip[PLAIN_MOST_SKIPPED];
    size_t skip_count;
    bool list;
    bool threads_only;
    bool no_threads;
    unsigned cpu_limit;
    int report_fd; /* -1: none */
    int token_fd;
} plain_options;

/* Returns false where an option is not known. */
bool plain_options_read(int count, char **arguments);

#endif

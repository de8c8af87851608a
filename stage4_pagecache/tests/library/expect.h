/* expect: how a program that tests the built library says what it found: one line a check, on stdout.
 * run.sh counts them. */
#ifndef STAGE4_PAGECACHE_TESTS_LIBRARY_EXPECT_H
#define STAGE4_PAGECACHE_TESTS_LIBRARY_EXPECT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

static inline void expect(bool good, const char *what)
{
    printf("%s %s\n", good ? "ok  " : "FAIL", what);
    fflush(stdout);
}

/* As expect, with the numbers that it was about. */
static inline void expect_at_most(size_t got, size_t limit, const char *what)
{
    printf("%s %s: %zu of at most %zu\n", got <= limit ? "ok  " : "FAIL", what, got, limit);
    fflush(stdout);
}

/* A line of /proc/self/status that counts in kB ("VmHWM:"), in bytes; 0 where there is none. */
static inline size_t process_bytes(const char *label)
{
    char line[256];
    size_t kilobytes = 0;
    FILE *status = fopen("/proc/self/status", "r");
    while (status != NULL && fgets(line, sizeof line, status) != NULL)
        if (strncmp(line, label, strlen(label)) == 0)
            sscanf(line + strlen(label), "%zu", &kilobytes);
    if (status != NULL)
        fclose(status);
    return kilobytes * 1024;
}

#endif

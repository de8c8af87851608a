/* left: what no attack may leave behind: a process, a file outside of the scratch folder. */
#ifndef GRADER_REDTEAM_LEFT_H
#define GRADER_REDTEAM_LEFT_H

#include <stdbool.h>

/* How the red team was called, and how it went; redteam.c's. */
struct setting {
    const char *grade;
    const char *build;
    const char *jail;
    bool is_alone; /* neither bubblewrap nor Landlock */
    unsigned failures;
};
extern struct setting setting;

/* Say so, and count it. */
void fail(const char *name, const char *why);

/* When all attacks are over: a process that fled is known by the test program's path, in our scratch
 * folder, that it has as its name. */
void left_processes(void);

/* And files by their mark; the grader's own scratch folders must be gone too. */
void left_files(void);

#endif

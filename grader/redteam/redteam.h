/* redteam: how the red team was called, and how it goes; for its parts. */
#ifndef GRADER_REDTEAM_REDTEAM_H
#define GRADER_REDTEAM_REDTEAM_H

#include <stdbool.h>

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

#endif

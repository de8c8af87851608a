/* suites: the programs that are tortured, and what each needs. A suite is programs/NAME.sh, which runs in an empty folder and
 * prints its results, a line each, the same in every run; SIZE says quick or full. */
#ifndef COMMON_TRUST_TORTURE_SUITES_H
#define COMMON_TRUST_TORTURE_SUITES_H

#include <stdbool.h>

struct suite {
    const char *name;
    const char *file;       /* that is there where the package is */
    const char *package;    /* of Debian */
    unsigned quick_seconds; /* the most that one run may take; 0: not in the quick form */
    unsigned full_seconds;
};

extern const struct suite suites[];

/* Behind the last. */
const struct suite *suites_end(void);

bool suite_is_installed(const struct suite *suite);

#endif

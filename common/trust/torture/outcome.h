/* outcome: what became of one suite, with the library and without, and how that is said and kept.
 *
 * Works in the lane's folder, where the files `without` and `with` hold the results of both runs. */
#ifndef COMMON_TRUST_TORTURE_OUTCOME_H
#define COMMON_TRUST_TORTURE_OUTCOME_H

#include <stdbool.h>
#include <stddef.h>

#include "common/demo/run.h"

struct outcome {
    struct run without;
    struct run with;
    bool same;
    bool again; /* at the second try */
    bool quick; /* for want of time */
    size_t lines;
};

/* Keep what the run that has just ended printed: its results as the file `which` ("without", "with"),
 * and results and errors in the folder `logs`, as NAME.WHICH, or NAME.again.WHICH of a second try. */
void outcome_keep_logs(const struct outcome *outcome, const char *logs, const char *name,
                       const char *which);

/* Print the suite's line, and where the two differ, the first lines in which they do. */
void outcome_report(const struct outcome *outcome, const char *logs, const char *name);

#endif

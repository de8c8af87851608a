/* row: one workload measured with the library and without it, in turn, and the two compared.
 *
 *   round 1:  glibc  pool      round 2:  pool  glibc      round 3:  glibc  pool   …
 *
 * The order changes from round to round, so that a machine that grows slower or faster meanwhile
 * favours neither. Every result is compared with the first one. */
#ifndef COMMON_DEMO_ROW_H
#define COMMON_DEMO_ROW_H

#include <stdbool.h>
#include <stddef.h>

#include "common/demo/workload.h"

enum { ROW_MOST_ROUNDS = 25 };

enum verdict {
    VERDICT_SAME,
    VERDICT_DIFFERENT,  /* with the library the result is another one */
    VERDICT_UNSOUND,    /* without the library the result is not always the same either */
    VERDICT_FAILED,     /* a run ended badly */
    VERDICT_NOT_LOADED, /* the program ran without the library, though it was preloaded */
    VERDICT_MISSING,    /* the program is not installed */
    VERDICT_STOPPED,    /* the demo was interrupted */
};

struct figures {
    double cpu_seconds;
    double peak_bytes;
};

struct row {
    const struct workload *workload;
    enum verdict verdict;
    char detail[80];      /* for all but SAME: what happened */
    char message[76];     /* and the first line that the program said about it, if any */
    struct figures glibc; /* medians; for SAME only */
    struct figures pool;
};

/* Measure a workload in `rounds` rounds, 1 to ROW_MOST_ROUNDS. */
struct row row_measure(const struct workload *workload, size_t rounds, bool quick);

double row_cpu_ratio(const struct row *row);
double row_peak_ratio(const struct row *row);

#endif

/* targets: what the project promises of its library, and whether these results keep it.
 *
 *   mean of CPU time, programs of ours     at most 0.85 of the best peer's mean
 *   mean of peak memory, those of 8 MB up  at most 0.85 of the leanest peer's mean
 *   the same two, real programs            at most 1.02 and 1.05
 *   no row behind its own best peer        nowhere the whole 95% interval above 1.10, time or memory
 *
 * The interval is of the median of paired ratios; with fewer than nine rounds it is too wide, or too
 * narrow, to say much. Read next: results.h, for how ratios and means are made. */
#ifndef COMMON_BENCH_TARGETS_H
#define COMMON_BENCH_TARGETS_H

#include <stdbool.h>
#include <stddef.h>

#include "common/bench/results.h"

enum { TARGETS_MOST = 5, TARGET_ROUNDS = 9 };

struct target {
    const char *name;
    bool is_known; /* enough was measured to say; all below is valid only then */
    bool is_met;
    double value;     /* the ratio of the means; or how many cells are behind */
    double limit;     /* at most this */
    size_t of;        /* rows in the mean; or cells that were compared */
    const char *peer; /* whose mean it is; NULL for the cells */
};

enum verdict { VERDICT_UNKNOWN, VERDICT_AHEAD, VERDICT_LEVEL, VERDICT_BEHIND };

/* Of our ratio to the best peer in one row: ahead where the whole interval is below 1, behind where
 * it is above 1.10. */
enum verdict verdict_of(struct ratio ours);

/* Our ratio to the best peer of `row`; not known where either failed. */
struct ratio targets_our_ratio(const struct results *results, size_t row, enum metric metric);

/* Fill `targets`; returns how many. */
size_t targets_of(const struct results *results, struct target targets[TARGETS_MOST]);

#endif

/* statistics: what a handful of noisy measurements say.
 *
 * Ratios are averaged by the geometric mean: half as fast and twice as fast are then equally far
 * from level. All functions are deterministic, the bootstrap included. No locks: no state. */
#ifndef COMMON_BENCH_STATISTICS_H
#define COMMON_BENCH_STATISTICS_H

#include <stddef.h>

enum { STATISTICS_MOST_VALUES = 256 };

struct interval {
    double low;
    double high;
};

/* Of `count` values, 1..STATISTICS_MOST_VALUES. */
double statistics_median(const double *values, size_t count);
struct interval statistics_range(const double *values, size_t count);

/* Of values above 0. */
double statistics_geometric_mean(const double *values, size_t count);

/* Where the median would lie, 19 times of 20, had the measurements been taken again: the bootstrap
 * of Efron (1979). Draws `count` of the values with replacement, a thousand times, and returns what
 * the middle 95% of their medians span. */
struct interval statistics_bootstrap(const double *values, size_t count);

#endif

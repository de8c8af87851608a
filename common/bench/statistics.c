/* statistics: see statistics.h. */
#include "common/bench/statistics.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "common/bench/workload.h"

enum { RESAMPLES = 1000, RESAMPLES_OUTSIDE = RESAMPLES / 40 }; /* 2.5% on each side */

static int compare_doubles(const void *a, const void *b)
{
    double left = *(const double *)a;
    double right = *(const double *)b;
    return (left > right) - (left < right);
}

static double median_of_sorted(const double *values, size_t count)
{
    return (values[(count - 1) / 2] + values[count / 2]) / 2;
}

double statistics_median(const double *values, size_t count)
{
    double sorted[STATISTICS_MOST_VALUES];
    memcpy(sorted, values, count * sizeof *values);
    qsort(sorted, count, sizeof *sorted, compare_doubles);
    return median_of_sorted(sorted, count);
}

struct interval statistics_range(const double *values, size_t count)
{
    struct interval range = {values[0], values[0]};
    for (size_t i = 1; i < count; i++) {
        range.low = fmin(range.low, values[i]);
        range.high = fmax(range.high, values[i]);
    }
    return range;
}

double statistics_geometric_mean(const double *values, size_t count)
{
    double sum = 0;
    for (size_t i = 0; i < count; i++)
        sum += log(values[i]);
    return exp(sum / (double)count);
}

struct interval statistics_bootstrap(const double *values, size_t count)
{
    double medians[RESAMPLES];
    struct random random = random_start(count);
    for (size_t i = 0; i < RESAMPLES; i++) {
        double drawn[STATISTICS_MOST_VALUES] = {0};
        for (size_t j = 0; j < count; j++)
            drawn[j] = values[random_below(&random, count)];
        medians[i] = statistics_median(drawn, count);
    }
    qsort(medians, RESAMPLES, sizeof *medians, compare_doubles);
    return (struct interval){medians[RESAMPLES_OUTSIDE],
                             medians[RESAMPLES - 1 - RESAMPLES_OUTSIDE]};
}

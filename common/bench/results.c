/* results: see results.h. */
#include "common/bench/results.h"

#include <math.h>

static double value_of(const struct figures *figures, enum metric metric)
{
    return metric == METRIC_CPU ? figures->cpu_seconds : (double)figures->memory_bytes;
}

bool results_are_whole(const struct results *results, size_t row, size_t allocator)
{
    for (size_t round = 0; round < results->rounds; round++)
        if (!results->rows[row].figures[allocator][round].ended_well)
            return false;
    return true;
}

static void copy_values(const struct results *results, size_t row, size_t allocator,
                        enum metric metric, double *values)
{
    for (size_t round = 0; round < results->rounds; round++)
        values[round] = value_of(&results->rows[row].figures[allocator][round], metric);
}

double results_median(const struct results *results, size_t row, size_t allocator,
                      enum metric metric)
{
    double values[RESULTS_MOST_ROUNDS];
    copy_values(results, row, allocator, metric, values);
    return statistics_median(values, results->rounds);
}

size_t results_best_peer(const struct results *results, size_t row, enum metric metric)
{
    size_t best = ALLOCATOR_OURS;
    for (size_t i = ALLOCATOR_FIRST_PEER; i < results->allocators.count; i++)
        if (results_are_whole(results, row, i) &&
            (best == ALLOCATOR_OURS ||
             results_median(results, row, i, metric) < results_median(results, row, best, metric)))
            best = i;
    return best;
}

struct ratio results_ratio(const struct results *results, size_t row, size_t allocator, size_t base,
                           enum metric metric)
{
    double values[RESULTS_MOST_ROUNDS];
    double bases[RESULTS_MOST_ROUNDS];
    double ratios[RESULTS_MOST_ROUNDS];
    if (!results_are_whole(results, row, allocator) || !results_are_whole(results, row, base))
        return (struct ratio){0};
    copy_values(results, row, allocator, metric, values);
    copy_values(results, row, base, metric, bases);
    for (size_t i = 0; i < results->rounds; i++)
        ratios[i] = values[i] / bases[i];
    return (struct ratio){
        .is_known = true,
        .median = statistics_median(ratios, results->rounds),
        .of_minima = statistics_range(values, results->rounds).low /
                     statistics_range(bases, results->rounds).low,
        .interval = statistics_bootstrap(ratios, results->rounds),
    };
}

bool results_row_counts(const struct results *results, size_t row, enum metric metric)
{
    return metric == METRIC_CPU ||
           (results_are_whole(results, row, ALLOCATOR_GLIBC) &&
            results_median(results, row, ALLOCATOR_GLIBC, metric) >= RESULTS_LEAST_MEMORY);
}

double results_mean(const struct results *results, size_t allocator, enum row_kind kind,
                    enum metric metric, size_t *counted)
{
    double ratios[ROWS_MOST];
    size_t count = 0;
    for (size_t row = 0; row < results->row_count; row++) {
        if (results->rows[row].row->kind != kind || !results_row_counts(results, row, metric))
            continue;
        size_t best = results_best_peer(results, row, metric);
        struct ratio ratio = results_ratio(results, row, allocator, best, metric);
        if (!ratio.is_known)
            return 0;
        ratios[count++] = ratio.median;
    }
    *counted = count;
    return count == 0 ? 0 : statistics_geometric_mean(ratios, count);
}

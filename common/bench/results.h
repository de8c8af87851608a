/* results: the figures of all runs, and what is made of them.
 *
 *   figures[row][allocator][round]
 *
 * The runs of a round stand close together in time, so ratios are taken within a round (paired) and
 * the median is taken of the ratios. A row's best peer is the allocator but ours with the lowest
 * median: the best differs from row to row and between time and memory. */
#ifndef COMMON_BENCH_RESULTS_H
#define COMMON_BENCH_RESULTS_H

#include <stdbool.h>
#include <stddef.h>

#include "common/bench/allocators.h"
#include "common/bench/process.h"
#include "common/bench/rows.h"
#include "common/bench/statistics.h"

enum { RESULTS_MOST_ROUNDS = 64, RESULTS_LEAST_MEMORY = 8 * 1000 * 1000 };

enum metric { METRIC_CPU, METRIC_MEMORY };

struct row_results {
    const struct row *row;
    struct figures figures[ALLOCATORS_MOST][RESULTS_MOST_ROUNDS];
};

struct results {
    struct allocators allocators;
    size_t rounds;
    size_t row_count;
    struct row_results rows[ROWS_MOST];
};

struct ratio {
    bool is_known; /* both ended well in every round */
    double median;
    double of_minima;         /* least of all rounds / least of all rounds */
    struct interval interval; /* 95%, of the median */
};

/* Whether all rounds ended well; else the figures say nothing. */
bool results_are_whole(const struct results *results, size_t row, size_t allocator);

/* Median in seconds or bytes. Only where results_are_whole. */
double results_median(const struct results *results, size_t row, size_t allocator,
                      enum metric metric);

/* The peer with the lowest median; ALLOCATOR_OURS where no peer's results are whole. */
size_t results_best_peer(const struct results *results, size_t row, enum metric metric);

/* `allocator` / `base`, round by round. */
struct ratio results_ratio(const struct results *results, size_t row, size_t allocator, size_t base,
                           enum metric metric);

/* Whether a row is part of the mean: memory counts where glibc needs 8 MB or more. */
bool results_row_counts(const struct results *results, size_t row, enum metric metric);

/* The geometric mean of an allocator's ratios to the best peer of each row of `kind` that counts;
 * `counted` is how many. 0 rows, or one that is not whole: returns 0. */
double results_mean(const struct results *results, size_t allocator, enum row_kind kind,
                    enum metric metric, size_t *counted);

#endif

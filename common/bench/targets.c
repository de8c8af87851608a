/* targets: see targets.h. */
#include "common/bench/targets.h"

static const double BEHIND = 1.10;

enum verdict verdict_of(struct ratio ours)
{
    if (!ours.is_known)
        return VERDICT_UNKNOWN;
    if (ours.interval.low > BEHIND)
        return VERDICT_BEHIND;
    return ours.interval.high < 1 ? VERDICT_AHEAD : VERDICT_LEVEL;
}

struct ratio targets_our_ratio(const struct results *results, size_t row, enum metric metric)
{
    size_t best = results_best_peer(results, row, metric);
    if (best == ALLOCATOR_OURS)
        return (struct ratio){0};
    return results_ratio(results, row, ALLOCATOR_OURS, best, metric);
}

/* Compare means; both are of ratios to the same best peers, which cancel out. */
static struct target mean_target(const struct results *results, const char *name,
                                 enum row_kind kind, enum metric metric, double limit)
{
    struct target target = {.name = name, .limit = limit};
    double ours = results_mean(results, ALLOCATOR_OURS, kind, metric, &target.of);
    double best = 0;
    for (size_t i = ALLOCATOR_FIRST_PEER; i < results->allocators.count; i++) {
        size_t counted = 0;
        double mean = results_mean(results, i, kind, metric, &counted);
        if (mean == 0 || (best != 0 && mean >= best))
            continue;
        best = mean;
        target.peer = results->allocators.list[i].name;
    }
    target.is_known = ours != 0 && best != 0;
    target.value = target.is_known ? ours / best : 0;
    target.is_met = target.is_known && target.value <= limit;
    return target;
}

static struct target cells_target(const struct results *results)
{
    struct target target = {.name = "cells behind their best peer by more than 10%"};
    for (size_t row = 0; row < results->row_count; row++)
        for (enum metric metric = METRIC_CPU; metric <= METRIC_MEMORY; metric++) {
            enum verdict verdict = verdict_of(targets_our_ratio(results, row, metric));
            target.of += verdict != VERDICT_UNKNOWN;
            target.value += verdict == VERDICT_BEHIND;
        }
    target.is_known = target.of != 0;
    target.is_met = target.is_known && target.value == 0;
    return target;
}

size_t targets_of(const struct results *results, struct target targets[TARGETS_MOST])
{
    targets[0] =
        mean_target(results, "CPU time, allocator-bound", ROW_ALLOCATOR_BOUND, METRIC_CPU, 0.85);
    targets[1] = mean_target(results, "peak memory, allocator-bound, 8 MB or more",
                             ROW_ALLOCATOR_BOUND, METRIC_MEMORY, 0.85);
    targets[2] =
        mean_target(results, "CPU time, real programs", ROW_REAL_PROGRAM, METRIC_CPU, 1.02);
    targets[3] =
        mean_target(results, "peak memory, real programs", ROW_REAL_PROGRAM, METRIC_MEMORY, 1.05);
    targets[4] = cells_target(results);
    return TARGETS_MOST;
}

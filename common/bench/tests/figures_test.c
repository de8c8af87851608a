/* figures: what the bench makes of its measurements: medians, intervals, means, verdicts, targets. */
#include <math.h>
#include <string.h>

#include "common/bench/targets.h"
#include "common/testing/test.h"

enum { OURS, GLIBC, PEER, ALLOCATORS, ROUNDS = 9 };

static struct results results;

static void check_near(double actual, double expected, const char *what)
{
    CHECK(fabs(actual - expected) < 1e-9, "%s: expected %g, got %g", what, expected, actual);
}

/* A row on which each allocator needs so many seconds and bytes in every round; `noise` is added to ours
 * in every second one. */
static void add_row(const struct row *row, const double seconds[ALLOCATORS], double megabytes,
                    double noise)
{
    struct row_results *new = &results.rows[results.row_count++];
    new->row = row;
    for (size_t i = 0; i < ALLOCATORS; i++)
        for (size_t round = 0; round < ROUNDS; round++)
            new->figures[i][round] =
                (struct figures){.ended_well = true,
                                 .cpu_seconds = seconds[i] + (i == OURS && round % 2 ? noise : 0),
                                 .memory_bytes = (size_t)(megabytes * 1e6 * seconds[i])};
}

static void start(void)
{
    memset(&results, 0, sizeof results);
    results.rounds = ROUNDS;
    results.allocators.count = ALLOCATORS;
    strcpy(results.allocators.list[GLIBC].name, "glibc");
    strcpy(results.allocators.list[PEER].name, "peer");
}

static const struct row ours_row = {.name = "row", .kind = ROW_ALLOCATOR_BOUND};

TEST(figures, are_medians_and_geometric_means, .hint = "")
{
    const double values[] = {4, 1, 2, 100};
    check_near(statistics_median(values, 3), 2, "median of 4, 1, 2");
    check_near(statistics_median(values, 4), 3, "median of four is between the middle two");
    check_near(statistics_geometric_mean(values, 3), 2, "geometric mean of 4, 1, 2");
}

TEST(figures, have_an_interval_that_noise_widens, .hint = "")
{
    const double same[] = {1.2, 1.2, 1.2, 1.2, 1.2, 1.2, 1.2, 1.2, 1.2};
    const double noisy[] = {1.0, 1.1, 1.2, 1.3, 1.4, 1.5, 0.9, 0.8, 1.2};
    struct interval none = statistics_bootstrap(same, ROUNDS);
    struct interval wide = statistics_bootstrap(noisy, ROUNDS);
    check_near(none.low, 1.2, "low end without noise");
    check_near(none.high, 1.2, "high end without noise");
    CHECK(wide.low < 1.1 && wide.high > 1.3 && wide.low >= 0.8 && wide.high <= 1.5,
          "expected an interval round 1.2 within the values, got %g to %g", wide.low, wide.high);
}

TEST(verdicts, need_the_whole_interval, .hint = "")
{
    start();
    add_row(&ours_row, (const double[]){1.2, 2, 1}, 10, 0);   /* 1.2 in every round */
    add_row(&ours_row, (const double[]){1.0, 2, 1}, 10, 0.4); /* 1.0 and 1.4 in turn */
    add_row(&ours_row, (const double[]){0.9, 2, 1}, 10, 0);
    const enum verdict expected[] = {VERDICT_BEHIND, VERDICT_LEVEL, VERDICT_AHEAD};
    for (size_t row = 0; row < sizeof expected / sizeof *expected; row++)
        CHECK_EQUAL(verdict_of(targets_our_ratio(&results, row, METRIC_CPU)), expected[row],
                    "the verdict");
    results.rows[2].figures[OURS][3].ended_well = false;
    CHECK_EQUAL(verdict_of(targets_our_ratio(&results, 2, METRIC_CPU)), VERDICT_UNKNOWN,
                "the verdict where one round failed");
}

TEST(targets, compare_means_with_the_best_mean, .hint = "")
{
    struct target targets[TARGETS_MOST];
    start();
    add_row(&ours_row, (const double[]){1, 4, 2}, 1, 0); /* 4 MB with glibc: too small for memory */
    add_row(&ours_row, (const double[]){4, 2, 4}, 5, 0); /* 10 MB */
    CHECK_EQUAL(targets_of(&results, targets), TARGETS_MOST, "targets");
    /* CPU: ours sqrt(1 * 4), glibc sqrt(4 * 2), peer sqrt(2 * 4). */
    check_near(targets[0].value, sqrt(4.0 / 8), "CPU time against the best mean");
    CHECK(targets[0].is_met && targets[0].of == 2, "0.71 of two rows meets 0.85");
    check_near(targets[1].value, 2, "memory against the leanest mean");
    CHECK(!targets[1].is_met && targets[1].of == 1, "one row has 8 MB; 2.00 does not meet 0.85");
    CHECK(!targets[2].is_known && !targets[2].is_met, "there is no real program");
    check_near(targets[4].value, 2, "cells behind: the second row, time and memory");
    CHECK(!targets[4].is_met, "no cell may be behind");
}

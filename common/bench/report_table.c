/* report_table: the results as a table. See report.h.
 *
 * "best" is the best peer of the row, and all ratios are to it. "95%" is where our median ratio lies
 * 19 times of 20; "min" compares the best rounds, which noise disturbs least. */
#include <stdio.h>

#include "common/bench/report.h"
#include "common/bench/screen.h"

enum { NAME_COLUMNS = 14, SHORT_NAME_COLUMNS = 6 };

static const double BEHIND = 1.05; /* by more than noise: worth a look */
static const double FAR_BEHIND = 1.10;

static void print_peer_names(const struct allocators *allocators)
{
    for (size_t i = ALLOCATOR_FIRST_PEER; i < allocators->count; i++)
        printf(" %*.*s", SHORT_NAME_COLUMNS, SHORT_NAME_COLUMNS, allocators->list[i].name);
    putchar('\n');
}

static void print_ratio(struct ratio ratio)
{
    if (ratio.is_known)
        printf(" %*.2f", SHORT_NAME_COLUMNS, ratio.median);
    else
        printf(" %*s", SHORT_NAME_COLUMNS, "failed");
}

static const char *colour_of(struct ratio ratio)
{
    if (ratio.interval.low > FAR_BEHIND)
        return SCREEN_RED;
    if (ratio.median > BEHIND)
        return SCREEN_YELLOW;
    return ratio.interval.high < 1 ? SCREEN_GREEN : "";
}

static void print_ours(struct ratio ours)
{
    if (ours.is_known)
        printf(" %s%5.2f%s %5.2f-%.2f %5.2f", screen_colour(colour_of(ours)), ours.median,
               screen_colour(SCREEN_PLAIN), ours.interval.low, ours.interval.high, ours.of_minima);
    else
        printf(" %5s %10s %5s", "failed", "", "");
}

static void print_row(const struct results *results, size_t row, enum metric metric)
{
    size_t best = results_best_peer(results, row, metric);
    printf("%-*s", NAME_COLUMNS, results->rows[row].row->name);
    if (best == ALLOCATOR_OURS) {
        puts(" no peer ended well");
        return;
    }
    double median = results_median(results, row, best, metric);
    printf("%5.*f", metric == METRIC_CPU ? 2 : 1, metric == METRIC_CPU ? median : median / 1e6);
    print_ours(results_ratio(results, row, ALLOCATOR_OURS, best, metric));
    printf(" %-*.*s", SHORT_NAME_COLUMNS, SHORT_NAME_COLUMNS, results->allocators.list[best].name);
    for (size_t i = ALLOCATOR_FIRST_PEER; i < results->allocators.count; i++)
        print_ratio(results_ratio(results, row, i, best, metric));
    puts(results_row_counts(results, row, metric) ? "" : " *");
}

static void print_means(const struct results *results, enum row_kind kind, enum metric metric)
{
    size_t counted = 0;
    double ours = results_mean(results, ALLOCATOR_OURS, kind, metric, &counted);
    if (counted == 0)
        return;
    printf("mean of %-11zu %5.2f %22s", counted, ours, "");
    double best = 0;
    size_t best_peer = ALLOCATOR_OURS;
    for (size_t i = ALLOCATOR_FIRST_PEER; i < results->allocators.count; i++) {
        double mean = results_mean(results, i, kind, metric, &counted);
        if (mean != 0)
            printf(" %*.2f", SHORT_NAME_COLUMNS, mean);
        else
            printf(" %*s", SHORT_NAME_COLUMNS, "-");
        if (mean != 0 && (best == 0 || mean < best)) {
            best = mean;
            best_peer = i;
        }
    }
    if (best != 0 && ours != 0)
        printf("\n  ours is %.2f of the mean of %s", ours / best,
               results->allocators.list[best_peer].name);
    putchar('\n');
}

static void print_kind(const struct results *results, enum row_kind kind, enum metric metric)
{
    size_t printed = 0;
    for (size_t row = 0; row < results->row_count; row++) {
        if (results->rows[row].row->kind != kind)
            continue;
        print_row(results, row, metric);
        printed++;
    }
    if (printed > 1)
        print_means(results, kind, metric);
    if (printed != 0)
        putchar('\n');
}

void report_table(const struct results *results, enum metric metric)
{
    printf("%s, ratio to the best peer of the row; medians of %zu rounds\n\n",
           metric == METRIC_CPU ? "CPU time" : "Peak memory", results->rounds);
    printf("%-*s%5s %5s %10s %5s %-*s", NAME_COLUMNS, "", metric == METRIC_CPU ? "s" : "MB", "ours",
           "95%", "min", SHORT_NAME_COLUMNS, "best");
    print_peer_names(&results->allocators);
    print_kind(results, ROW_ALLOCATOR_BOUND, metric);
    print_kind(results, ROW_REAL_PROGRAM, metric);
    if (metric == METRIC_MEMORY)
        puts("*: under 8 MB with glibc: not in the mean.  idle: what is resident at the end\n");
}

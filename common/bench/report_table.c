/* report_table: the results as a table. See report.h.
 *
 * All ratios are to the row's best peer: the one that has 1.00. "95%" is where our median ratio lies
 * 19 times of 20; "min" compares the best rounds, which noise disturbs least; targets.h has the
 * verdicts. */
#include <stdio.h>

#include "common/bench/report.h"
#include "common/bench/screen.h"
#include "common/bench/targets.h"

enum { NAME_COLUMNS = 14, SHORT_NAME_COLUMNS = 6 };

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

static const struct {
    const char *word;
    const char *colour;
} verdicts[] = {[VERDICT_UNKNOWN] = {"failed", SCREEN_RED},
                [VERDICT_AHEAD] = {"ahead", SCREEN_GREEN},
                [VERDICT_LEVEL] = {"level", ""},
                [VERDICT_BEHIND] = {"BEHIND", SCREEN_RED}};

static void print_ours(struct ratio ours)
{
    enum verdict verdict = verdict_of(ours);
    if (ours.is_known)
        printf(" %5.2f %5.2f-%-5.2f %4.2f", ours.median, ours.interval.low, ours.interval.high,
               ours.of_minima);
    else
        printf(" %5s %11s %4s", "-", "", "");
    printf(" %s%-6s%s", screen_colour(verdicts[verdict].colour), verdicts[verdict].word,
           screen_colour(SCREEN_PLAIN));
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
    print_ours(targets_our_ratio(results, row, metric));
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
    printf("mean of %-11zu %5.2f %23s", counted, ours, "");
    for (size_t i = ALLOCATOR_FIRST_PEER; i < results->allocators.count; i++) {
        double mean = results_mean(results, i, kind, metric, &counted);
        if (mean != 0)
            printf(" %*.2f", SHORT_NAME_COLUMNS, mean);
        else
            printf(" %*s", SHORT_NAME_COLUMNS, "-");
    }
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
    printf("%-*s%5s %5s %-11s %4s %-6s", NAME_COLUMNS, "", metric == METRIC_CPU ? "s" : "MB",
           "ours", "    95%", "min", "");
    print_peer_names(&results->allocators);
    print_kind(results, ROW_ALLOCATOR_BOUND, metric);
    print_kind(results, ROW_REAL_PROGRAM, metric);
    if (metric == METRIC_MEMORY)
        puts("*: under 8 MB with glibc: not in the mean.  idle: what is resident at the end\n");
}

static void print_target(const struct target *target)
{
    const char *word = !target->is_known ? "unknown" : target->is_met ? "met" : "NOT MET";
    printf("  %s%-7s%s  %s: ", screen_colour(target->is_met ? SCREEN_GREEN : SCREEN_RED), word,
           screen_colour(SCREEN_PLAIN), target->name);
    if (!target->is_known)
        puts("nothing to compare");
    else if (target->peer == NULL)
        printf("%.0f of %zu\n", target->value, target->of);
    else
        printf("%.2f of %s, at most %.2f (%zu)\n", target->value, target->peer, target->limit,
               target->of);
}

static void print_cells_behind(const struct results *results)
{
    for (size_t row = 0; row < results->row_count; row++)
        for (enum metric metric = METRIC_CPU; metric <= METRIC_MEMORY; metric++) {
            struct ratio ours = targets_our_ratio(results, row, metric);
            if (verdict_of(ours) == VERDICT_BEHIND)
                printf("             %s, %s: %.2f\n", results->rows[row].row->name,
                       metric == METRIC_CPU ? "CPU time" : "memory", ours.median);
        }
}

void report_targets(const struct results *results)
{
    struct target targets[TARGETS_MOST];
    size_t count = targets_of(results, targets);
    puts("Targets, our mean as a part of the best peer's (rows in the mean)\n");
    for (size_t i = 0; i < count; i++)
        print_target(&targets[i]);
    print_cells_behind(results);
    if (results->rounds < TARGET_ROUNDS)
        printf("  (%zu rounds: verdicts on single cells take %d)\n", results->rounds,
               TARGET_ROUNDS);
    putchar('\n');
}

/* stage_bench: measures a stage's loads and prints them, a row and a bar each. See stage_bench.h.
 *
 * Read order: main, measure, print_row. */
#include "common/bench/stage_bench.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/bench/screen.h"
#include "common/bench/statistics.h"

enum {
    DEFAULT_ROUNDS = 7,
    BAR_COLUMNS = 19,    /* the table is 80 columns wide */
    LEVEL_COLUMN = 12,   /* of the bar, where the ratio is 1 */
    TRIAL_OBJECTS = 200, /* of each load, before anything is printed */
};

struct measurement {
    double ratios[STATISTICS_MOST_VALUES]; /* ours / glibc's, a round each */
    double our_seconds[STATISTICS_MOST_VALUES];
    double glibc_seconds[STATISTICS_MOST_VALUES];
    size_t rounds;
};

static void *malloc_take(size_t bytes)
{
    return malloc(bytes);
}

static void malloc_give(void *object, size_t bytes)
{
    (void)bytes;
    free(object);
}

static const struct source glibc = {.name = "malloc", .take = malloc_take, .give = malloc_give};

static void measure(const struct load *load, struct measurement *out)
{
    for (size_t round = 0; round < out->rounds; round++) {
        bool we_are_first = round % 2 == 0;
        if (we_are_first)
            out->our_seconds[round] = stage_load_run(load, &stage_source);
        out->glibc_seconds[round] = stage_load_run(load, &glibc);
        if (!we_are_first)
            out->our_seconds[round] = stage_load_run(load, &stage_source);
        out->ratios[round] = out->our_seconds[round] / out->glibc_seconds[round];
    }
}

/* --- The table --- */

static void print_size(char *out, size_t room, size_t bytes)
{
    if (bytes < 1024)
        snprintf(out, room, "%zu B", bytes);
    else if (bytes < 1024 * 1024)
        snprintf(out, room, "%zu KiB", bytes / 1024);
    else
        snprintf(out, room, "%zu MiB", bytes / (1024 * 1024));
}

static void print_sizes(char *out, size_t room, const struct load *load)
{
    char least[16];
    char most[16];
    print_size(least, sizeof least, load->least_bytes);
    print_size(most, sizeof most, load->most_bytes);
    if (load->least_bytes == load->most_bytes)
        snprintf(out, room, "%s", most);
    else
        snprintf(out, room, "%s-%s", least, most);
}

/* A bar as long as the ratio, with a mark where both are level; what does not fit is cut off. */
static void print_bar(double ratio)
{
    int length = (int)(ratio * LEVEL_COLUMN + 0.5);
    char bar[BAR_COLUMNS + 1];
    memset(bar, ' ', BAR_COLUMNS);
    bar[LEVEL_COLUMN] = '|';
    memset(bar, '#', (size_t)(length < BAR_COLUMNS ? length : BAR_COLUMNS));
    int end = BAR_COLUMNS;
    while (end > 0 && bar[end - 1] == ' ')
        end--;
    bar[end] = '\0';
    printf("%s%s%s\n", screen_colour(ratio <= 1 ? SCREEN_GREEN : SCREEN_YELLOW), bar,
           screen_colour(SCREEN_PLAIN));
}

static void print_head(size_t rounds)
{
    printf("stage %u: %s against glibc's malloc, %zu interleaved rounds\n", stage_number,
           stage_source.name, rounds);
    puts("ns: CPU time to take and give back one object; ratio: ours / glibc's, median\n");
    printf("%-7s %-13s %6s %6s %6s %5s %10s  %*s\n", "threads", "sizes", "live", "glibc", "ours",
           "ratio", "min..max", LEVEL_COLUMN + 1, "1");
}

static void print_row(const struct load *load, const struct measurement *measured)
{
    char sizes[40];
    print_sizes(sizes, sizeof sizes, load);
    double per_object = 1e9 / (double)load->total;
    struct interval range = statistics_range(measured->ratios, measured->rounds);
    double ratio = statistics_median(measured->ratios, measured->rounds);
    printf("%3u%-4s %-13s %6zu %6.1f %6.1f %5.2f %4.2f..%4.2f  ", load->threads,
           load->hands_on ? " x" : "", sizes, load->objects,
           per_object * statistics_median(measured->glibc_seconds, measured->rounds),
           per_object * statistics_median(measured->our_seconds, measured->rounds), ratio,
           range.low, range.high);
    print_bar(ratio);
    fflush(stdout);
}

static void print_foot(const double *ratios)
{
    printf("\ngeometric mean of the ratios: %.2f\n",
           statistics_geometric_mean(ratios, stage_load_count));
    for (size_t i = 0; i < stage_load_count; i++) {
        if (stage_loads[i].hands_on) {
            puts("x: each thread gives back what another one took");
            return;
        }
    }
}

/* --- The program --- */

/* Each load once, short: a task that is not done yet says so now and not between two rows. */
static void try_out(void)
{
    for (size_t i = 0; i < stage_load_count; i++) {
        struct load trial = stage_loads[i];
        if (trial.objects > TRIAL_OBJECTS)
            trial.objects = TRIAL_OBJECTS;
        trial.total = trial.objects * trial.threads;
        stage_load_run(&trial, &stage_source);
    }
}

static size_t rounds_from(int count, char **arguments)
{
    if (count == 1)
        return DEFAULT_ROUNDS;
    char *end = arguments[1];
    unsigned long rounds = strtoul(arguments[1], &end, 10);
    if (count == 2 && *end == '\0' && rounds >= 1 && rounds <= STATISTICS_MOST_VALUES)
        return rounds;
    fprintf(stderr, "usage: %s [ROUNDS], 1 to %d of them\n", arguments[0], STATISTICS_MOST_VALUES);
    exit(2);
}

int main(int count, char **arguments)
{
    static struct measurement measured;
    static double ratios[STATISTICS_MOST_VALUES];
    measured.rounds = rounds_from(count, arguments);
    try_out();
    print_head(measured.rounds);
    for (size_t i = 0; i < stage_load_count; i++) {
        measure(&stage_loads[i], &measured);
        print_row(&stage_loads[i], &measured);
        ratios[i] = statistics_median(measured.ratios, measured.rounds);
    }
    print_foot(ratios);
    return EXIT_SUCCESS;
}

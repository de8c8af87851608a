/* counts: see counts.h. */
#include "common/bench/counts.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { OUTPUT_BYTES = 65536 };

/* Sums over all processes of a run. */
struct counts {
    size_t operations;
    size_t fetches; /* batches from the central cache to threads */
    size_t ready;   /* of these, handed over whole */
    size_t releases;
    size_t page_calls; /* spans from and to the page cache */
    size_t system_calls;
    size_t locks;
    size_t waits;
};

/* The number behind `words` in the line that begins with `label`; each count is one of a table that
 * malloc_stats prints. */
static size_t number_before(const char *line, const char *words)
{
    const char *at = strstr(line, words);
    const char *end = strchr(line, '\n');
    if (at == NULL || (end != NULL && at > end))
        return 0;
    while (at > line && at[-1] == ' ')
        at--;
    while (at > line && at[-1] >= '0' && at[-1] <= '9')
        at--;
    return strtoul(at, NULL, 10);
}

static void add_line(const char *line, struct counts *counts)
{
    while (*line == ' ')
        line++;
    if (strncmp(line, "central cache:", 14) == 0) {
        counts->fetches += number_before(line, " fetches");
        counts->ready += number_before(line, " ready");
        counts->releases += number_before(line, " releases");
    } else if (strncmp(line, "page cache:", 11) == 0) {
        counts->page_calls += number_before(line, " allocs") + number_before(line, " frees");
    } else if (strncmp(line, "system:", 7) == 0) {
        counts->system_calls += number_before(line, " map") + number_before(line, " unmap") +
                                number_before(line, " purge");
    } else if (strncmp(line, "locks:", 6) == 0) {
        counts->locks += number_before(line, " acquired");
        counts->waits += number_before(line, " after waiting");
    }
}

static struct counts read_counts(const struct process_options *options)
{
    static char text[OUTPUT_BYTES];
    struct counts counts = {0};
    process_read(options, "stdout", text, sizeof text);
    const char *operations = strstr(text, "operations ");
    if (operations != NULL)
        counts.operations = strtoul(operations + strlen("operations "), NULL, 10);
    process_read(options, "stderr", text, sizeof text);
    for (const char *line = text; line != NULL; line = strchr(line, '\n')) {
        line += *line == '\n';
        add_line(line, &counts);
    }
    return counts;
}

void counts_print_head(void)
{
    puts("What the library did, per 1,000 objects that the program asked for\n");
    puts("                objects  batches  ready    locks    waits    spans   system    page");
    puts("                   1000    moved      %    taken at locks    moved    calls  faults");
}

bool counts_print_row(const struct row *row, const struct process_options *options)
{
    struct figures figures = process_run(row, options);
    if (!figures.ended_well) {
        char why[64];
        process_explain(&figures, why, sizeof why);
        printf("%-14s %s\n", row->name, why);
        return false;
    }
    struct counts counts = read_counts(options);
    if (counts.operations == 0) {
        printf("%-14s said no number of operations\n", row->name);
        return false;
    }
    double per_thousand = 1000.0 / (double)counts.operations;
    printf("%-14s %8.0f %8.3f %6.0f %8.3f %8.4f %8.4f %8.4f %7.3f\n", row->name,
           (double)counts.operations / 1000,
           (double)(counts.fetches + counts.releases) * per_thousand,
           counts.fetches == 0 ? 0 : 100.0 * (double)counts.ready / (double)counts.fetches,
           (double)counts.locks * per_thousand, (double)counts.waits * per_thousand,
           (double)counts.page_calls * per_thousand, (double)counts.system_calls * per_thousand,
           (double)figures.page_faults * per_thousand);
    return true;
}

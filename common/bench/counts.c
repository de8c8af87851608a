/* counts: see counts.h. */
#include "common/bench/counts.h"

#include <stdlib.h>
#include <string.h>

enum { OUTPUT_BYTES = 65536, PATH_BYTES = 8300 };

static const struct {
    const char *name;    /* in JSON */
    const char *head[2]; /* in the table */
} columns[COUNT_COUNT] = {
    [COUNT_BATCHES] = {"batches_moved", {"batches", "moved"}},
    [COUNT_READY] = {"ready_batches", {"of them", "ready"}},
    [COUNT_LOCKS] = {"lock_acquisitions", {"locks", "taken"}},
    [COUNT_WAITS] = {"contended_acquisitions", {"waits", "at them"}},
    [COUNT_PAGE_CALLS] = {"page_cache_calls", {"spans", "moved"}},
    [COUNT_SYSTEM_CALLS] = {"system_calls", {"system", "calls"}},
    [COUNT_PAGE_FAULTS] = {"page_faults", {"page", "faults"}},
    [COUNT_CROSSED] = {"objects_crossed", {"objects", "crossed"}},
    [COUNT_SHARED] = {"shared_lines", {"lines", "shared"}},
};

/* --- Reading what was printed --- */

/* The number before `words` in the line; each count is one of a table that malloc_stats prints. */
static double number_before(const char *line, const char *words)
{
    const char *at = strstr(line, words);
    const char *end = strchr(line, '\n');
    if (at == NULL || (end != NULL && at > end))
        return 0;
    while (at > line && at[-1] == ' ')
        at--;
    while (at > line && at[-1] >= '0' && at[-1] <= '9')
        at--;
    return strtod(at, NULL);
}

/* A program that starts others has a table for each: they are added up. */
static void add_line(const char *line, double *counts)
{
    line += strspn(line, " ");
    if (strncmp(line, "central cache:", 14) == 0) {
        counts[COUNT_BATCHES] += number_before(line, " fetches") + number_before(line, " releases");
        counts[COUNT_READY] += number_before(line, " ready");
    } else if (strncmp(line, "page cache:", 11) == 0) {
        counts[COUNT_PAGE_CALLS] += number_before(line, " allocs") + number_before(line, " frees");
    } else if (strncmp(line, "system:", 7) == 0) {
        counts[COUNT_SYSTEM_CALLS] += number_before(line, " map") + number_before(line, " unmap") +
                                      number_before(line, " purge");
    } else if (strncmp(line, "locks:", 6) == 0) {
        counts[COUNT_LOCKS] += number_before(line, " acquired");
        counts[COUNT_WAITS] += number_before(line, " after waiting");
    } else if (strncmp(line, "crossing:", 9) == 0) {
        counts[COUNT_CROSSED] += number_before(line, " crossed");
        counts[COUNT_SHARED] += number_before(line, " shared");
    }
}

/* Run it, add what it printed; returns how many operations it did, 0 where it failed. */
static size_t run_and_add(const struct row *row, const struct process_options *options,
                          double *counts, double *seconds)
{
    static char text[OUTPUT_BYTES];
    struct figures figures = process_run(row, options);
    if (!figures.ended_well) {
        process_explain(&figures, text, sizeof text);
        fprintf(stderr, "%s: %s\n", row->name, text);
        return 0;
    }
    *seconds = figures.cpu_seconds;
    counts[COUNT_PAGE_FAULTS] += (double)figures.page_faults;
    process_read(options, "stderr", text, sizeof text);
    for (const char *line = text; line != NULL; line = strchr(line, '\n')) {
        line += *line == '\n';
        add_line(line, counts);
    }
    process_read(options, "stdout", text, sizeof text);
    const char *operations = strstr(text, "operations ");
    return operations == NULL ? 0 : strtoul(operations + strlen("operations "), NULL, 10);
}

struct counts counts_measure(const struct row *row, const struct process_options *options,
                             const char *crossing)
{
    struct counts counts = {.row = row->name};
    char both[PATH_BYTES];
    double plain[COUNT_COUNT] = {0};
    double with_crossing[COUNT_COUNT] = {0};
    struct process_options crossed = *options;
    snprintf(both, sizeof both, "%s:%s", crossing, options->library);
    crossed.library = both;
    crossed.scale = "10"; /* it is slow */
    double seconds = 0;
    double seconds_crossed = 0;
    counts.operations = run_and_add(row, options, plain, &seconds);
    size_t operations_crossed = run_and_add(row, &crossed, with_crossing, &seconds_crossed);
    counts.is_known = counts.operations != 0 && operations_crossed != 0;
    if (!counts.is_known)
        return counts;
    counts.nanoseconds = 1e9 * seconds / (double)counts.operations;
    for (size_t i = 0; i < COUNT_COUNT; i++) {
        bool is_crossing = i == COUNT_CROSSED || i == COUNT_SHARED;
        counts.per_thousand[i] = is_crossing ? 1000 * with_crossing[i] / (double)operations_crossed
                                             : 1000 * plain[i] / (double)counts.operations;
    }
    return counts;
}

/* --- The table, and JSON --- */

void counts_print(const struct counts *counts, size_t count)
{
    puts("What the library did, per 1,000 objects that the program asked for\n");
    for (size_t line = 0; line < 2; line++) {
        printf("%-14s", "");
        for (size_t i = 0; i < COUNT_COUNT; i++)
            printf(" %7s", columns[i].head[line]);
        putchar('\n');
    }
    for (size_t row = 0; row < count; row++) {
        printf("%-14s", counts[row].row);
        for (size_t i = 0; i < COUNT_COUNT && counts[row].is_known; i++)
            printf(counts[row].per_thousand[i] < 99.995 ? " %7.3f" : " %7.1f",
                   counts[row].per_thousand[i]);
        puts(counts[row].is_known ? "" : " failed");
    }
}

bool counts_json(const struct counts *counts, size_t count, const char *path)
{
    FILE *file = fopen(path, "w");
    if (file == NULL)
        return false;
    fputs("{\"per_thousand_operations\": [\n", file);
    for (size_t row = 0; row < count; row++) {
        fprintf(file,
                "  {\"name\": \"%s\", \"known\": %s, \"operations\": %zu, \"nanoseconds\": %.2f",
                counts[row].row, counts[row].is_known ? "true" : "false", counts[row].operations,
                counts[row].nanoseconds);
        for (size_t i = 0; i < COUNT_COUNT; i++)
            fprintf(file, ", \"%s\": %.4f", columns[i].name, counts[row].per_thousand[i]);
        fprintf(file, "}%s\n", row + 1 < count ? "," : "");
    }
    fputs("]}\n", file);
    return fclose(file) == 0;
}

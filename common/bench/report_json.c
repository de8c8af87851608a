/* report_json: the results as JSON. See report.h. */
#include <errno.h>
#include <stdio.h>

#include "common/bench/machine.h"
#include "common/bench/report.h"
#include "common/bench/targets.h"

/* Names come from the command line: whatever JSON wants escaped is. */
static void write_string(FILE *file, const char *text)
{
    putc('"', file);
    for (; *text != '\0'; text++) {
        if (*text == '"' || *text == '\\' || (unsigned char)*text < ' ')
            fprintf(file, "\\u%04x", (unsigned)*text);
        else
            putc(*text, file);
    }
    putc('"', file);
}

static void write_rounds(FILE *file, const struct figures *figures, size_t rounds)
{
    for (size_t i = 0; i < rounds; i++)
        fprintf(
            file,
            "%s{\"ok\": %s, \"cpu_seconds\": %.6f, \"memory_bytes\": %zu, \"page_faults\": %zu}",
            i == 0 ? "" : ", ", figures[i].ended_well ? "true" : "false", figures[i].cpu_seconds,
            figures[i].memory_bytes, figures[i].page_faults);
}

static void write_metric(FILE *file, const struct results *results, size_t row, size_t allocator,
                         enum metric metric)
{
    size_t best = results_best_peer(results, row, metric);
    struct ratio ratio = results_ratio(results, row, allocator, best, metric);
    fprintf(file, ",\n       \"%s\": ", metric == METRIC_CPU ? "cpu" : "memory");
    if (!ratio.is_known || best == ALLOCATOR_OURS) {
        fputs("null", file);
        return;
    }
    fprintf(file,
            "{\"median\": %.6f, \"best_peer\": ", results_median(results, row, allocator, metric));
    write_string(file, results->allocators.list[best].name);
    fprintf(file, ", \"ratio\": %.4f, \"low\": %.4f, \"high\": %.4f, \"ratio_of_minima\": %.4f}",
            ratio.median, ratio.interval.low, ratio.interval.high, ratio.of_minima);
}

static void write_row(FILE *file, const struct results *results, size_t row)
{
    const struct row_results *from = &results->rows[row];
    fputs("    {\"name\": ", file);
    write_string(file, from->row->name);
    fprintf(file, ", \"kind\": \"%s\", \"allocators\": [\n",
            from->row->kind == ROW_REAL_PROGRAM ? "real program" : "allocator bound");
    for (size_t i = 0; i < results->allocators.count; i++) {
        fputs("      {\"name\": ", file);
        write_string(file, results->allocators.list[i].name);
        write_metric(file, results, row, i, METRIC_CPU);
        write_metric(file, results, row, i, METRIC_MEMORY);
        fputs(",\n       \"rounds\": [", file);
        write_rounds(file, from->figures[i], results->rounds);
        fprintf(file, "]}%s\n", i + 1 < results->allocators.count ? "," : "");
    }
    fprintf(file, "    ]}%s\n", row + 1 < results->row_count ? "," : "");
}

static void write_machine(FILE *file)
{
    struct fact facts[MACHINE_FACTS];
    machine_describe(facts);
    fputs("  \"machine\": {", file);
    for (size_t i = 0; i < MACHINE_FACTS; i++) {
        fprintf(file, "%s\"%s\": ", i == 0 ? "" : ", ", facts[i].name);
        write_string(file, facts[i].text);
    }
    fputs("},\n", file);
}

static void write_allocators(FILE *file, const struct allocators *allocators)
{
    fputs("  \"allocators\": [\n", file);
    for (size_t i = 0; i < allocators->count; i++) {
        char version[MACHINE_TEXT_BYTES];
        machine_version(&allocators->list[i], version);
        fputs("    {\"name\": ", file);
        write_string(file, allocators->list[i].name);
        fputs(", \"version\": ", file);
        write_string(file, version);
        fputs(", \"library\": ", file);
        write_string(file, allocators->list[i].library);
        fprintf(file, "}%s\n", i + 1 < allocators->count ? "," : "");
    }
    fputs("  ],\n", file);
}

static void write_targets(FILE *file, const struct results *results)
{
    struct target targets[TARGETS_MOST];
    size_t count = targets_of(results, targets);
    fputs("  \"targets\": [\n", file);
    for (size_t i = 0; i < count; i++) {
        fputs("    {\"name\": ", file);
        write_string(file, targets[i].name);
        fprintf(
            file,
            ", \"known\": %s, \"met\": %s, \"value\": %.4f, \"at_most\": %.2f, \"of\": %zu}%s\n",
            targets[i].is_known ? "true" : "false", targets[i].is_met ? "true" : "false",
            targets[i].value, targets[i].limit, targets[i].of, i + 1 < count ? "," : "");
    }
    fputs("  ],\n", file);
}

bool report_json(const struct results *results, const char *path)
{
    FILE *file = fopen(path, "w");
    if (file == NULL)
        return false;
    fprintf(file, "{\n  \"round_count\": %zu,\n", results->rounds);
    write_machine(file);
    write_allocators(file, &results->allocators);
    write_targets(file, results);
    fputs("  \"rows\": [\n", file);
    for (size_t row = 0; row < results->row_count; row++)
        write_row(file, results, row);
    fputs("  ]\n}\n", file);
    bool written = ferror(file) == 0;
    return fclose(file) == 0 && written;
}

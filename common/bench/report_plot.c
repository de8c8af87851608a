/* report_plot: the results as pictures. See report.h.
 *
 *   folder/cpu.dat      a line for each row: name, then median, low, high for each allocator
 *   folder/cpu.gnuplot  what draws it; both stay, so that the picture can be changed by hand
 *   folder/cpu.svg      groups of bars, with the 95% interval on each */
#include <stdio.h>
#include <stdlib.h>

#include "common/bench/report.h"

static const double HIGHEST = 3; /* of the picture: bars that are higher are cut off */

static FILE *open_in(const char *folder, const char *name, const char *ending)
{
    char path[4096];
    snprintf(path, sizeof path, "%s/%s.%s", folder, name, ending);
    FILE *file = fopen(path, "w");
    if (file == NULL)
        perror(path);
    return file;
}

static bool write_data(const struct results *results, const char *folder, const char *name,
                       enum metric metric)
{
    FILE *file = open_in(folder, name, "dat");
    if (file == NULL)
        return false;
    for (size_t row = 0; row < results->row_count; row++) {
        size_t best = results_best_peer(results, row, metric);
        fprintf(file, "\"%s\"", results->rows[row].row->name);
        for (size_t i = 0; i < results->allocators.count; i++) {
            struct ratio ratio = results_ratio(results, row, i, best, metric);
            if (ratio.is_known)
                fprintf(file, " %.4f %.4f %.4f", ratio.median, ratio.interval.low,
                        ratio.interval.high);
            else
                fputs(" NaN NaN NaN", file);
        }
        putc('\n', file);
    }
    return fclose(file) == 0;
}

/* gnuplot stops at a column without a number. */
static bool has_bar(const struct results *results, size_t allocator)
{
    for (size_t row = 0; row < results->row_count; row++)
        if (results_are_whole(results, row, allocator))
            return true;
    return false;
}

static bool write_script(const struct results *results, const char *folder, const char *name,
                         enum metric metric)
{
    FILE *file = open_in(folder, name, "gnuplot");
    if (file == NULL)
        return false;
    fprintf(file,
            "set terminal svg size %zu,480 background 'white'\n"
            "set output '%s/%s.svg'\n"
            "set title '%s, ratio to the best peer of each row (lower is better)'\n"
            "set style data histogram\n"
            "set style histogram errorbars gap 2 linewidth 1\n"
            "set style fill solid 0.8\n"
            "set yrange [0:%g]\n"
            "set grid y\n"
            "set key top left horizontal\n"
            "set xtics rotate by -35 nomirror\n"
            "plot 1 with lines linecolor 'black' notitle",
            300 + results->row_count * 70, folder, name,
            metric == METRIC_CPU ? "CPU time" : "Peak memory", HIGHEST);
    for (size_t i = 0; i < results->allocators.count; i++)
        if (has_bar(results, i))
            fprintf(file, ", \\\n  '%s/%s.dat' using %zu:%zu:%zu%s title '%s'", folder, name,
                    2 + 3 * i, 3 + 3 * i, 4 + 3 * i, i == 0 ? ":xtic(1)" : "",
                    results->allocators.list[i].name);
    putc('\n', file);
    return fclose(file) == 0;
}

static bool draw(const struct results *results, const char *folder, const char *name,
                 enum metric metric)
{
    char command[4200];
    if (!write_data(results, folder, name, metric) || !write_script(results, folder, name, metric))
        return false;
    snprintf(command, sizeof command, "gnuplot '%s/%s.gnuplot'", folder, name);
    return system(command) == 0;
}

bool report_plot(const struct results *results, const char *folder)
{
    if (system("command -v gnuplot > /dev/null") != 0) {
        fputs("no pictures: gnuplot is not installed (make deps-bench)\n", stderr);
        return false;
    }
    return draw(results, folder, "cpu", METRIC_CPU) &&
           draw(results, folder, "memory", METRIC_MEMORY);
}

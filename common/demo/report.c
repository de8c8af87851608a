/* report: see report.h. */
#include "common/demo/report.h"

#include <math.h>
#include <stdlib.h>
#include <unistd.h>

static const char *const verdict_names[] = {
    [VERDICT_SAME] = "same",
    [VERDICT_DIFFERENT] = "DIFFERENT",
    [VERDICT_UNSOUND] = "UNSOUND",
    [VERDICT_FAILED] = "FAILED",
    [VERDICT_NOT_LOADED] = "NO LIBRARY",
    [VERDICT_MISSING] = "MISSING",
    [VERDICT_STOPPED] = "STOPPED",
};

static const char *const verdict_keys[] = {
    [VERDICT_SAME] = "same",
    [VERDICT_DIFFERENT] = "different",
    [VERDICT_UNSOUND] = "unsound",
    [VERDICT_FAILED] = "failed",
    [VERDICT_NOT_LOADED] = "not_loaded",
    [VERDICT_MISSING] = "missing",
    [VERDICT_STOPPED] = "stopped",
};

/* --- The table --- */

static bool has_colour(void)
{
    const char *refused = getenv("NO_COLOR");
    return isatty(STDOUT_FILENO) && (refused == NULL || refused[0] == '\0');
}

static void clear_progress(void)
{
    if (isatty(STDOUT_FILENO))
        printf("\r%*s\r", 40, "");
}

void report_head(size_t rounds)
{
    printf("Real programs: glibc's malloc and libmempool.so, medians of %zu run%s each\n\n", rounds,
           rounds == 1 ? "" : "s");
    printf("%-10s %-11s %24s   %26s\n", "", "", "CPU seconds", "peak MiB");
    printf("%-10s %-11s %8s %8s %6s   %10s %8s %6s\n", "program", "result", "glibc", "pool",
           "ratio", "glibc", "pool", "ratio");
}

void report_progress(const char *name, size_t number, size_t count)
{
    if (!isatty(STDOUT_FILENO))
        return;
    clear_progress();
    printf("%-10s run %zu of %zu", name, number, count);
    fflush(stdout);
}

static void print_verdict(enum verdict verdict)
{
    const char *start = verdict == VERDICT_SAME ? "\033[32m" : "\033[1;31m";
    printf("%s%s%s", has_colour() ? start : "", verdict_names[verdict],
           has_colour() ? "\033[0m" : "");
}

void report_row(const struct row *row)
{
    const double mib = 1024.0 * 1024.0;
    clear_progress();
    printf("%-8s %c ", row->workload->name, row->workload->has_own_malloc ? '*' : ' ');
    print_verdict(row->verdict);
    if (row->verdict == VERDICT_SAME)
        printf("%7s %8.2f %8.2f %6.3f   %10.1f %8.1f %6.3f", "", row->glibc.cpu_seconds,
               row->pool.cpu_seconds, row_cpu_ratio(row), row->glibc.peak_bytes / mib,
               row->pool.peak_bytes / mib, row_peak_ratio(row));
    printf("\n");
    fflush(stdout);
}

/* --- Means --- */

static bool counts(const struct row *row)
{
    return row->verdict == VERDICT_SAME && !row->workload->has_own_malloc;
}

/* NAN where no row counts. */
static double geometric_mean(const struct row *rows, size_t count,
                             double (*ratio)(const struct row *row))
{
    double sum = 0;
    size_t counted = 0;
    for (size_t i = 0; i < count; i++) {
        if (counts(&rows[i])) {
            sum += log(ratio(&rows[i]));
            counted++;
        }
    }
    return counted == 0 ? NAN : exp(sum / (double)counted);
}

static void print_detail(const struct row *row)
{
    printf("\n%s: %s\n", row->workload->name, row->detail);
    if (row->message[0] != '\0')
        printf("  %s\n", row->message);
}

void report_end(const struct row *rows, size_t count)
{
    double cpu = geometric_mean(rows, count, row_cpu_ratio);
    double peak = geometric_mean(rows, count, row_peak_ratio);
    if (!isnan(cpu))
        printf("%-22s %24.3f   %26.3f\n", "geometric mean", cpu, peak);
    for (size_t i = 0; i < count; i++)
        if (rows[i].workload->has_own_malloc && rows[i].verdict == VERDICT_SAME)
            printf("\n* %s has jemalloc in place of glibc's malloc: not in the mean\n",
                   rows[i].workload->name);
    for (size_t i = 0; i < count; i++)
        if (rows[i].verdict != VERDICT_SAME)
            print_detail(&rows[i]);
}

/* --- JSON --- */

static void write_string(FILE *to, const char *text)
{
    fputc('"', to);
    for (; *text != '\0'; text++) {
        if (*text == '"' || *text == '\\')
            fputc('\\', to);
        fputc(*text, to);
    }
    fputc('"', to);
}

static void write_figures(FILE *to, const struct row *row)
{
    fprintf(to,
            ", \"cpu_seconds\": {\"glibc\": %.6f, \"pool\": %.6f, \"ratio\": %.4f}"
            ", \"peak_bytes\": {\"glibc\": %.0f, \"pool\": %.0f, \"ratio\": %.4f}",
            row->glibc.cpu_seconds, row->pool.cpu_seconds, row_cpu_ratio(row),
            row->glibc.peak_bytes, row->pool.peak_bytes, row_peak_ratio(row));
}

static void write_number(FILE *to, double value)
{
    if (isnan(value))
        fputs("null", to);
    else
        fprintf(to, "%.4f", value);
}

void report_json(FILE *to, const struct row *rows, size_t count, size_t rounds)
{
    fprintf(to, "{\"rounds\": %zu, \"programs\": [", rounds);
    for (size_t i = 0; i < count; i++) {
        fprintf(to, "%s\n  {\"name\": \"%s\", \"result\": \"%s\", \"in_mean\": %s",
                i == 0 ? "" : ",", rows[i].workload->name, verdict_keys[rows[i].verdict],
                counts(&rows[i]) ? "true" : "false");
        if (rows[i].verdict == VERDICT_SAME) {
            write_figures(to, &rows[i]);
        } else {
            fputs(", \"detail\": ", to);
            write_string(to, rows[i].detail);
            fputs(", \"message\": ", to);
            write_string(to, rows[i].message);
        }
        fputc('}', to);
    }
    fputs("\n],\n\"cpu_ratio\": ", to);
    write_number(to, geometric_mean(rows, count, row_cpu_ratio));
    fputs(", \"peak_ratio\": ", to);
    write_number(to, geometric_mean(rows, count, row_peak_ratio));
    fputs("}\n", to);
}

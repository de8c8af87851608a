/* flat: what a malloc and a free cost, for more and more live objects and threads. See scale.c.
 *
 * Instructions are those inside malloc and free, with all that these call, counted by callgrind over
 * a part of the steps; calls down are those into the central cache, the page cache and the system.
 * Time is shown beside glibc's and has no limit: it grows with what the processor's caches miss. */
#include <stdio.h>
#include <unistd.h>

#include "common/bench/guard/child.h"
#include "common/bench/scale/scale.h"

static const double STEPS = 1000000;
static const double COUNTED_STEPS = 200000; /* by callgrind, which is slow */
static const double FLAT = 1.1;

struct point {
    const char *name;
    const char *objects;
    const char *threads;
    double gigabytes; /* that it takes, with either library */
};

static const struct point live_points[] = {{"live-10^4", "10000", "1", 0},
                                           {"live-10^5", "100000", "1", 0.2},
                                           {"live-10^6", "1000000", "1", 1.5},
                                           {"live-10^7", "10000000", "1", 13}};
static const struct point thread_points[] = {{"threads-1", "100000", "1", 0.2},
                                             {"threads-4", "100000", "4", 0.2},
                                             {"threads-16", "100000", "16", 0.2},
                                             {"threads-64", "100000", "64", 0.2}};
enum { POINTS = 4 };

static double count_instructions(const struct scale *scale, const struct point *point)
{
    static const char *const options[] = {"--instr-atstart=no", "--collect-atstart=no",
                                          "--toggle-collect=malloc", "--toggle-collect=free", NULL};
    char program[CHILD_PATH_BYTES];
    char steps[32];
    snprintf(program, sizeof program, "%s/live", scale->programs);
    snprintf(steps, sizeof steps, "%.0f", COUNTED_STEPS);
    const char *const arguments[] = {program, point->objects, point->threads, steps, NULL};
    return child_count_instructions(scale->library, options, arguments, scale->folder);
}

static bool measure(struct scale *scale, const struct point *point)
{
    char steps[32];
    char glibc[FIGURE_NAME_BYTES];
    snprintf(steps, sizeof steps, "%.0f", STEPS);
    snprintf(glibc, sizeof glibc, "%s.glibc", point->name);
    const char *const arguments[] = {point->objects, point->threads, steps, NULL};
    if (!scale_run(scale, scale->library, point->name, "live", arguments) ||
        !scale_run(scale, "libc.so.6", glibc, "live", arguments))
        return false;
    double instructions = count_instructions(scale, point);
    figures_add(&scale->figures, point->name, "instructions", instructions / COUNTED_STEPS);
    return instructions != 0;
}

static void print_point(const struct scale *scale, const struct point *point)
{
    char glibc[FIGURE_NAME_BYTES];
    snprintf(glibc, sizeof glibc, "%s.glibc", point->name);
    printf("  %-12s %12.1f %12.3f %10.0f %10.0f\n", point->name,
           scale_value(scale, point->name, "instructions"),
           1000 * scale_value(scale, point->name, "calls") / STEPS,
           1e9 * scale_value(scale, point->name, "seconds") / STEPS,
           1e9 * scale_value(scale, glibc, "seconds") / STEPS);
}

/* A computer that has to swap measures its disk. */
static bool has_memory_for(const struct point *point)
{
    double free_bytes = (double)sysconf(_SC_AVPHYS_PAGES) * (double)sysconf(_SC_PAGESIZE);
    if (free_bytes >= point->gigabytes * 1e9)
        return true;
    printf("  %-12s left out: it takes %.0f GB of free memory\n", point->name, point->gigabytes);
    return false;
}

/* The largest of the points as a multiple of the first. */
static double growth(const struct scale *scale, const struct point *points, const char *name)
{
    double first = scale_value(scale, points[0].name, name);
    double largest = first;
    for (size_t i = 1; i < POINTS; i++) {
        double value = scale_value(scale, points[i].name, name);
        largest = value > largest ? value : largest;
    }
    return first == 0 ? 0 : largest / first;
}

static bool scale_points(struct scale *scale, const struct point *points, const char *what)
{
    char line[80];
    for (size_t i = 0; i < POINTS; i++) {
        if (!has_memory_for(&points[i]))
            continue;
        if (!measure(scale, &points[i]))
            return false;
        print_point(scale, &points[i]);
    }
    snprintf(line, sizeof line, "instructions, %s", what);
    scale_limit(scale, line, growth(scale, points, "instructions"), FLAT, " times");
    snprintf(line, sizeof line, "calls down, %s", what);
    scale_limit(scale, line, growth(scale, points, "calls"), FLAT, " times");
    putchar('\n');
    return true;
}

bool scale_flat(struct scale *scale)
{
    puts("A malloc and a free in a set of objects of 16 bytes to 4 KiB\n");
    printf("  %-12s %12s %12s %10s %10s\n", "", "instructions", "calls down", "ns", "ns, glibc");
    printf("  %-12s %12s %12s %10s %10s\n", "", "", "per 1,000", "", "");
    return scale_points(scale, live_points, "10^4 to 10^7 live objects") &&
           scale_points(scale, thread_points, "1 to 64 threads");
}

/* stage_bench: one stage of the pool against glibc's malloc, in one program.
 *
 *   round 1   ours, glibc    round 2   glibc, ours    round 3   ours, glibc    …
 *
 * Each row of the table is one load, measured in interleaved rounds: whatever else the machine does
 * meanwhile falls on both. The figure is CPU time of all threads, which waiting does not change; the
 * ratio of a round is ours / glibc's, and the row shows the median of the ratios.
 *
 * A stage's program declares its rows and how to take and give an object; the rest is here. Both
 * sides are called through pointers, so that neither is inlined into the loop.
 *
 * Read next: stage_bench.c, then stage4_bench.c. */
#ifndef COMMON_BENCH_STAGE_BENCH_H
#define COMMON_BENCH_STAGE_BENCH_H

#include <stdbool.h>
#include <stddef.h>

enum { STAGE_BENCH_MOST_THREADS = 16 };

/* Where objects come from. `give` is told the size that was asked for. */
struct source {
    const char *name;
    void *(*take)(size_t bytes);
    void (*give)(void *object, size_t bytes);
    bool (*open)(size_t bytes); /* before a load whose largest object is of `bytes`; or NULL */
    void (*close)(void);        /* after it; or NULL */
};

/* One row: each thread takes `objects` objects, then gives them all back in the same order, again
 * and again until all threads together have taken `total`. */
struct load {
    unsigned threads;
    size_t least_bytes; /* random sizes from least to most, small ones more often */
    size_t most_bytes;
    size_t objects; /* live at a time, for each thread */
    size_t total;
    bool hands_on; /* a thread gives what its neighbour took, not its own */
};

/* Each stage's program has these. */
extern const unsigned stage_number;
extern const struct source stage_source;
extern const struct load stage_loads[];
extern const size_t stage_load_count;

/* stage_load.c: run a load on a source, the sizes depending on the load alone. Returns the CPU time
 * that it took, in seconds. Ends the process where the source hands out NULL. */
double stage_load_run(const struct load *load, const struct source *source);

#endif

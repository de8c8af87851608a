/* counts: what our library did for each row, per thousand operations of the program.
 *
 * Times of a small machine say little about a large one; these counts do not depend on how many
 * processors there are, but for waiting at locks. They come from MEMPOOL_STATS=1, from the kernel,
 * and from crossing.c in a run of its own; programs of ours say how many operations they did. */
#ifndef COMMON_BENCH_COUNTS_H
#define COMMON_BENCH_COUNTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "common/bench/process.h"

enum count {
    COUNT_BATCHES,      /* moved between threads and the central cache */
    COUNT_READY,        /* of these, fetched whole from those that were ready */
    COUNT_LOCKS,        /* acquired */
    COUNT_WAITS,        /* of these, how many had to wait */
    COUNT_PAGE_CALLS,   /* spans from and to the page cache: as often is its one lock taken */
    COUNT_SYSTEM_CALLS, /* for memory */
    COUNT_PAGE_FAULTS,
    COUNT_CROSSED, /* objects freed by another thread than took them */
    COUNT_SHARED,  /* objects handed out on a cache line where another thread's lives */
    COUNT_COUNT,
};

struct counts {
    const char *row;
    bool is_known;
    size_t operations;
    double nanoseconds; /* CPU time for each operation, the program's own included */
    double per_thousand[COUNT_COUNT];
};

/* Run `row` on the library of `options`, and again with `crossing` preloaded before it. Says on
 * stderr what failed; then is_known is false. */
struct counts counts_measure(const struct row *row, const struct process_options *options,
                             const char *crossing);

/* The table on stdout; the same as a JSON file (false, with errno, where that cannot be written). */
void counts_print(const struct counts *counts, size_t count);
bool counts_json(const struct counts *counts, size_t count, const char *path);

/* counts_model.c: from these counts, how many threads it takes to keep a lock busy half of the time. */
void counts_print_model(const struct counts *counts, size_t count);

#endif

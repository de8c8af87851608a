/* measure: runs fixed programs on the library and adds what it cost to a list of figures.
 *
 * Instructions are counted by callgrind, twice with different amounts of work: what is between the
 * two is the work alone, without the start of the program. Read next: child.h. */
#ifndef COMMON_BENCH_GUARD_MEASURE_H
#define COMMON_BENCH_GUARD_MEASURE_H

#include <stdbool.h>

#include "common/bench/guard/figures.h"

struct measure_options {
    const char *library; /* to preload */
    const char *pairs;   /* the program stage4_pagecache/tests/library/pairs.c */
    const char *traces;  /* the program traces.c */
    const char *folder;  /* for callgrind's file */
};

/* Instructions for a malloc, a free and their loop, at each size. Each returns false, and says on
 * stderr what could not be run, where it could not measure. */
bool measure_pairs(const struct measure_options *options, struct figures *figures);

/* Instructions for each step of the mixed trace, the program's own included. */
bool measure_mixed_trace(const struct measure_options *options, struct figures *figures);

/* What each trace prints: calls into each layer, pages mapped, memory kept. */
bool measure_traces(const struct measure_options *options, struct figures *figures);

#endif

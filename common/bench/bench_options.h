/* bench_options: what the bench was told on its command line. See bench.c for the list. */
#ifndef COMMON_BENCH_BENCH_OPTIONS_H
#define COMMON_BENCH_BENCH_OPTIONS_H

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>

#include "common/bench/allocators.h"
#include "common/bench/rows.h"

enum { STATUS_USAGE = 2 };

struct bench_options {
    const char *library;
    const char *workloads; /* folders */
    const char *programs;
    const char *out;
    size_t rounds;
    const char *only;                  /* names of rows, blanks between; NULL: all */
    const char *json;                  /* a file, or NULL */
    const char *scale;                 /* percent, or NULL */
    const char *more[ALLOCATORS_MOST]; /* --allocator, each time */
    size_t more_count;
    char launch[PATH_MAX];   /* absolute: it is run from another folder */
    char crossing[PATH_MAX]; /* the same; "": no counts are wanted */
};

/* Read the command line. What is wrong ends the process with STATUS_USAGE, and a line that says why. */
void bench_options_read(int count, char **arguments, struct bench_options *options);

/* Whether `row` is one of those that are wanted. */
bool bench_options_choose(const struct bench_options *options, const struct row *row);

#endif

/* scale: what its parts share. See scale.c. */
#ifndef COMMON_BENCH_SCALE_SCALE_H
#define COMMON_BENCH_SCALE_SCALE_H

#include <stdbool.h>
#include <stddef.h>

#include "common/bench/guard/figures.h"

struct scale {
    const char *library;    /* ours */
    const char *programs;   /* the folder of live, metadata, peak and purge */
    const char *folder;     /* for what they print */
    struct figures figures; /* all of them, for JSON */
    size_t over;            /* limits that were not kept */
};

/* Print a figure beside its limit, and count it where it is over. */
void scale_limit(struct scale *scale, const char *what, double value, double limit,
                 const char *unit);

/* flat.c: live objects and threads. idle.c: the others. Each prints its table and limits, and returns
 * false, after saying why on stderr, where it could not measure. */
bool scale_flat(struct scale *scale);
bool scale_metadata(struct scale *scale);
bool scale_peak(struct scale *scale);
bool scale_purge(struct scale *scale);

/* idle.c: run programs/name with up to two arguments (or NULL) on `library`, and add what it prints to
 * the figures as "part.…". */
bool scale_run(struct scale *scale, const char *library, const char *part, const char *name,
               const char *const *arguments);

/* The value of "part.name", which has been measured. */
double scale_value(const struct scale *scale, const char *part, const char *name);

#endif

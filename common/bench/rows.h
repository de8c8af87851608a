/* rows: the programs that are measured, one row of the table each. */
#ifndef COMMON_BENCH_ROWS_H
#define COMMON_BENCH_ROWS_H

#include <stdbool.h>
#include <stddef.h>

enum { ROWS_MOST = 40, ROW_MOST_ARGUMENTS = 16 };

enum row_kind {
    ROW_ALLOCATOR_BOUND, /* a program of ours, in workloads/ */
    ROW_REAL_PROGRAM,    /* a program that people use */
};

/* Paths are relative to the folder in which rows run: see scratch.h. */
struct row {
    const char *name;
    enum row_kind kind;
    const char *arguments[ROW_MOST_ARGUMENTS]; /* the program first; NULL behind the last */
    const char *input;                         /* a file for stdin, or NULL */
    const char *driver;    /* a shell command that runs beside it, on glibc and not measured */
    bool reports_resident; /* its memory is what it prints as "resident N", not its peak */
};

extern const struct row rows[];
extern const size_t row_count;

#endif

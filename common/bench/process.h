/* process: run a program once on an allocator, and what that cost.
 *
 * CPU time is user and system time of the program and of all it started and waited for; memory is
 * the largest resident set among them. launch.c starts it and says why. */
#ifndef COMMON_BENCH_PROCESS_H
#define COMMON_BENCH_PROCESS_H

#include <stdbool.h>
#include <stddef.h>

#include "common/bench/rows.h"

struct figures {
    bool ended_well; /* exit status 0, and on that library; all else is valid only then */
    int wait_status;
    double cpu_seconds;
    size_t memory_bytes;
    size_t page_faults; /* without reading anything from a disk */
};

struct process_options {
    const char *launch;  /* launch.c's program, by its absolute path */
    const char *folder;  /* to run in; stdout and stderr go to files of these names there */
    const char *library; /* to preload */
    const char *scale;   /* for programs of ours: --scale; NULL for the whole work */
    bool counts;         /* MEMPOOL_STATS=1, and --count for programs of ours */
};

/* Returns what it cost; not ended_well where it could not be started or took over five minutes. */
struct figures process_run(const struct row *row, const struct process_options *options);

/* Read file `name` (stdout or stderr) of the last run into `text`, cut off at `room` - 1 bytes. */
void process_read(const struct process_options *options, const char *name, char *text, size_t room);

/* What is wrong, in a few words: "signal 11", "exit status 3". */
void process_explain(const struct figures *figures, char *text, size_t room);

#endif

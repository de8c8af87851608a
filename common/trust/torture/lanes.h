/* lanes: several processes that share one list of work, so that two cores are both busy.
 *
 *   main ─┬─ lane 0: takes item 0, then 2, …      whichever lane is free takes the next
 *         └─ lane 1: takes item 1, then 3, … */
#ifndef TORTURE_LANES_H
#define TORTURE_LANES_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>

/* Lies in memory that all lanes share. Counts only, so relaxed would do. */
struct lanes_tally {
    atomic_size_t next; /* item of the list */
    atomic_size_t count;
    atomic_size_t results;
    atomic_size_t different;
};

/* All zero, for the lanes to come; NULL without memory. */
struct lanes_tally *lanes_tally(void);

/* Call `work(context, lane)` in `count` processes, and wait for them all. They get SIGINT, SIGTERM and
 * SIGHUP when we do; these are blocked, as run_prepare (common/demo/run.h) leaves them. Returns whether
 * each returned true. */
bool lanes_run(unsigned count, bool (*work)(const void *context, unsigned lane),
               const void *context);

#endif

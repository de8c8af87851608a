/* counts: what our library did for each row, per thousand operations of the program.
 *
 * Times of a small machine say little about a large one; these counts do not depend on how many
 * processors there are, but for waiting at locks. They come from MEMPOOL_STATS=1 and from the
 * kernel; programs of ours say how many operations they did. */
#ifndef COMMON_BENCH_COUNTS_H
#define COMMON_BENCH_COUNTS_H

#include <stdbool.h>

#include "common/bench/process.h"

void counts_print_head(void);

/* Run `row` once on the library of `options` and print its line. Returns false where it failed. */
bool counts_print_row(const struct row *row, const struct process_options *options);

#endif

/* report: the results as a table and as JSON. */
#ifndef COMMON_BENCH_REPORT_H
#define COMMON_BENCH_REPORT_H

#include <stdbool.h>

#include "common/bench/results.h"

/* report_table.c: one metric on stdout. A row each: our ratio to its best peer, a verdict, and every
 * peer's ratio; then the geometric means. 80 columns with the three peers of Debian. */
void report_table(const struct results *results, enum metric metric);

/* report_table.c: each target on stdout, with the rows that are behind. */
void report_targets(const struct results *results);

/* report_json.c: everything, each round's figures included. Returns false, with errno, where the
 * file cannot be written. */
bool report_json(const struct results *results, const char *path);

#endif

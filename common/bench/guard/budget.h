/* budget: the file that says how much each figure may be, and the comparison with it.
 *
 * A text file in the tree: lines "name value", and comments from # on. A figure may be 2% above its
 * budget, so that another compiler's taste does not stop anybody. */
#ifndef COMMON_BENCH_GUARD_BUDGET_H
#define COMMON_BENCH_GUARD_BUDGET_H

#include <stdbool.h>

#include "common/bench/guard/figures.h"

/* Returns false, and says why, where the file cannot be read or a line is wrong. */
bool budget_read(const char *path, struct figures *budget);

/* Write all figures as the new budget. Returns false, and says why, where that fails. */
bool budget_write(const char *path, const struct figures *measured);

/* Print a line for each figure, at last those that are over their budget, have none, or were not
 * measured though they have one; then how many passed and failed, and how to change the budget at
 * `path`. Returns how many failed. A figure of the budget whose name ends in `ignored` (or NULL) need
 * not have been measured. */
size_t budget_compare(const char *path, const struct figures *budget,
                      const struct figures *measured, const char *ignored);

#endif

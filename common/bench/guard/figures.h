/* figures: what was measured, or may be: names with a value each.
 *
 *   pair-64.instructions 55.0
 *   mixed.page_allocs 2921
 *
 * One thread. Read next: measure.h, budget.h. */
#ifndef COMMON_BENCH_GUARD_FIGURES_H
#define COMMON_BENCH_GUARD_FIGURES_H

#include <stdbool.h>
#include <stddef.h>

enum { FIGURES_MOST = 256, FIGURE_NAME_BYTES = 48 };

struct figure {
    char name[FIGURE_NAME_BYTES];
    double value;
};

struct figures {
    struct figure list[FIGURES_MOST];
    size_t count;
};

/* Add one; its name is "part.name". A list that is full stays as it is. */
void figures_add(struct figures *figures, const char *part, const char *name, double value);

/* The figure of that name, or NULL. */
const struct figure *figures_find(const struct figures *figures, const char *name);

#endif

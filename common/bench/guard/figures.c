/* figures: see figures.h. */
#include "common/bench/guard/figures.h"

#include <stdio.h>
#include <string.h>

void figures_add(struct figures *figures, const char *part, const char *name, double value)
{
    if (figures->count == FIGURES_MOST)
        return;
    struct figure *new = &figures->list[figures->count++];
    snprintf(new->name, sizeof new->name, "%s%s%s", part, *part == '\0' ? "" : ".", name);
    new->value = value;
}

const struct figure *figures_find(const struct figures *figures, const char *name)
{
    for (size_t i = 0; i < figures->count; i++)
        if (strcmp(figures->list[i].name, name) == 0)
            return &figures->list[i];
    return NULL;
}

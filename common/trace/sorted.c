/* sorted: arrays of pointers in order of their first field. See model.h. */
#include <stdlib.h>
#include <string.h>

#include "common/trace/model.h"

uint64_t sorted_key(const void *item)
{
    return *(const uint64_t *)item;
}

ptrdiff_t sorted_at_or_below(const struct sorted *sorted, uint64_t key)
{
    size_t low = 0;
    size_t high = sorted->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (sorted_key(sorted->items[middle]) <= key)
            low = middle + 1;
        else
            high = middle;
    }
    return (ptrdiff_t)low - 1;
}

void sorted_insert(struct sorted *sorted, void *item)
{
    if (sorted->count == sorted->room) {
        sorted->room = sorted->room == 0 ? 64 : sorted->room * 2;
        void **items = realloc(sorted->items, sorted->room * sizeof *items);
        if (items == NULL)
            trace_die("out of memory");
        sorted->items = items;
    }
    size_t at = (size_t)(sorted_at_or_below(sorted, sorted_key(item)) + 1);
    memmove(&sorted->items[at + 1], &sorted->items[at],
            (sorted->count - at) * sizeof *sorted->items);
    sorted->items[at] = item;
    sorted->count++;
}

void sorted_remove(struct sorted *sorted, size_t index)
{
    free(sorted->items[index]);
    sorted->count--;
    memmove(&sorted->items[index], &sorted->items[index + 1],
            (sorted->count - index) * sizeof *sorted->items);
}

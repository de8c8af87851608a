/* arena: the memory of the stand-in's spans.
 *
 *   │ span │ guard │ span │ guard │ span   │ guard │ never used yet …      512 MiB of addresses
 *    place 0        place 1        place 2
 *
 * A place is used once, as long as the arena lasts, so that nothing stale is covered up by a new
 * span; after that, the places longest out of use come again. What is not handed out is no access
 * for Valgrind and AddressSanitizer.
 *
 * Locking: none; page_cache.c guards it. arena_page and page_map.h may be asked without. */
#ifndef STAGE3_CENTRALCACHE_STANDIN_ARENA_H
#define STAGE3_CENTRALCACHE_STANDIN_ARENA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/os_memory.h"

enum {
    ARENA_PAGES = 65536,
    ARENA_MOST_PLACES = ARENA_PAGES / 2,
};

struct place {
    uintptr_t first_page;
    size_t page_count;
    unsigned class_id; /* of the span that is out here, or was */
    bool is_out;
};

/* Find a place and let it be used; NULL where the arena is used up. With `again`, a place that was
 * out before is preferred, with what was in it; otherwise it starts with junk, then zeros. */
struct place *arena_take(size_t page_count, size_t alignment, bool again);

/* The opposite; what is in it is lost, unless it is to be kept. */
void arena_give_back(struct place *place, bool keep);

/* The place with this number, counted from 0, or NULL; and the number of a place. */
struct place *arena_place(size_t index);
size_t arena_index(const struct place *place);

/* Fail the test if anything was written behind the end of this place. */
void arena_check_guard(const struct place *place);

/* Whether all pages of the place from `start` on, itself a multiple of the page, are as they were
 * when it was taken. Knows nothing of the first page, which had junk in it. */
bool arena_is_untouched(const struct place *place, uintptr_t start);

/* Which page of the arena an address is on: ARENA_PAGES or more for any other. */
uintptr_t arena_page(const void *address);

/* No access for Valgrind and AddressSanitizer, and the opposite: contents undefined. */
void arena_hide(void *start, size_t bytes);
void arena_show(void *start, size_t bytes);

/* Memory from the operating system, zeroed; fails the test where there is none. */
void *arena_map(size_t bytes);

static inline char *place_start(const struct place *place)
{
    return (char *)(place->first_page << PAGE_SHIFT);
}

static inline char *place_end(const struct place *place)
{
    return (char *)((place->first_page + place->page_count) << PAGE_SHIFT);
}

#endif

/* page_map for tests: one flat table, since all spans lie in one arena.
 *
 * Reading takes no lock and orders nothing, as with the true one: a table behind a mutex would hide
 * races of the layer under test. */
#include "stage4_pagecache/page_map.h"

#include <stdatomic.h>

#include "stage3_centralcache/standin/arena.h"

static _Atomic(struct span *) spans[ARENA_PAGES];
static _Atomic(unsigned char) class_ids[ARENA_PAGES];

struct span *page_map_span(const void *address)
{
    uintptr_t page = arena_page(address);
    return page < ARENA_PAGES ? atomic_load_explicit(&spans[page], memory_order_relaxed) : NULL;
}

unsigned page_map_class(const void *address)
{
    uintptr_t page = arena_page(address);
    return page < ARENA_PAGES ? atomic_load_explicit(&class_ids[page], memory_order_relaxed) : 0;
}

void page_map_set(uintptr_t first_page, size_t page_count, struct span *span, unsigned class_id)
{
    uintptr_t first = arena_page((const void *)(first_page << PAGE_SHIFT));
    for (size_t i = first; i < first + page_count && i < ARENA_PAGES; i++) {
        atomic_store_explicit(&spans[i], span, memory_order_relaxed);
        atomic_store_explicit(&class_ids[i], (unsigned char)class_id, memory_order_relaxed);
    }
}

bool page_map_reserve(uintptr_t first_page, size_t page_count)
{
    (void)first_page;
    (void)page_count;
    return true;
}

void page_map_hide_classes(bool hide)
{
    (void)hide;
}

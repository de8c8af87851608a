/* page_map: stage 4, yours to write. The contract, the picture and the invariants I1 to I3 are in
 * page_map.h; task 4.1 is in README.md beside it.
 *
 * Delete the todo() of a function when you write it. Add static functions and, at the start of this
 * file, structs and static variables of your own as you need them; all zero must be an empty map,
 * since malloc is called before any constructor. */
#include "stage4_pagecache/page_map.h"

#include <errno.h>
#include <stdatomic.h>

#include "common/os_memory.h"
#include "common/todo.h"

/* First: refuse a range that leaves the 48 bits (errno = ENOMEM). Then map the leaf of every page of
 * the range that has none yet; how many leaves can that be? Publish each with release. */
bool page_map_reserve(uintptr_t first_page, size_t page_count)
{
    (void)first_page;
    (void)page_count;
    todo("4.1");
    return false;
}

/* Both entries of each page (I1). The range may cross into the next leaf. */
void page_map_set(uintptr_t first_page, size_t page_count, struct span *span, unsigned class_id)
{
    (void)first_page;
    (void)page_count;
    (void)span;
    (void)class_id;
    todo("4.1");
}

/* First: an address above 48 bits, and one whose leaf does not exist, has no span (I3). Read the leaf
 * with acquire, the entry relaxed. */
struct span *page_map_span(const void *address)
{
    (void)address;
    todo("4.1");
    return NULL;
}

/* The same for the class. Every free() comes through here: keep it short. */
unsigned page_map_class(const void *address)
{
    (void)address;
    todo("4.1");
    return 0;
}

/* A static flag that page_map_set looks at. */
void page_map_hide_classes(bool hide)
{
    (void)hide;
    todo("4.1");
}

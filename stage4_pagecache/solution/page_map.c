/* page_map: see page_map.h for the picture and the invariants I1 to I3.
 *
 * The root is a static array of a megabyte, of which a program touches the few words that it needs.
 * Memory order: a leaf is zeroed when it is mapped, and published by a release store; a reader's
 * acquire load of the same pointer sees it zeroed. Two threads never add leaves at once, since the
 * page cache holds its lock. Entries are relaxed: a thread that was handed an object was handed its
 * entries too, by whatever handed the object over.
 *
 * Read order: leaf_of, page_map_class, page_map_set, page_map_reserve. */
#include "stage4_pagecache/page_map.h"

#include <errno.h>
#include <stdatomic.h>

#include "common/os_memory.h"

enum {
    ADDRESS_BITS = 48,
    LEAF_BITS = 18,
    ROOT_BITS = ADDRESS_BITS - PAGE_SHIFT - LEAF_BITS,
    LEAF_LENGTH = 1 << LEAF_BITS,
    ROOT_LENGTH = 1 << ROOT_BITS,
};

struct leaf {
    _Atomic(unsigned char) class_ids[LEAF_LENGTH];
    _Atomic(struct span *) spans[LEAF_LENGTH];
};

static _Atomic(struct leaf *) root[ROOT_LENGTH];
static bool classes_are_hidden; /* set once, before there are threads */

/* The leaf of a page, NULL where there is none, also for an address above 48 bits. */
static struct leaf *leaf_of(uintptr_t page)
{
    uintptr_t at = page >> LEAF_BITS;
    if (__builtin_expect(at >= ROOT_LENGTH, 0))
        return NULL;
    return atomic_load_explicit(&root[at], memory_order_acquire);
}

static size_t place_in_leaf(uintptr_t page)
{
    return page & (LEAF_LENGTH - 1);
}

unsigned page_map_class(const void *address)
{
    uintptr_t page = page_of(address);
    struct leaf *leaf = leaf_of(page);
    if (__builtin_expect(leaf == NULL, 0))
        return 0;
    return atomic_load_explicit(&leaf->class_ids[place_in_leaf(page)], memory_order_relaxed);
}

struct span *page_map_span(const void *address)
{
    uintptr_t page = page_of(address);
    struct leaf *leaf = leaf_of(page);
    if (leaf == NULL)
        return NULL;
    return atomic_load_explicit(&leaf->spans[place_in_leaf(page)], memory_order_relaxed);
}

/* A range may cross from one leaf into the next, so the leaf is looked up for each page: a handful
 * of pages for a span of small objects, one or two for all others. */
void page_map_set(uintptr_t first_page, size_t page_count, struct span *span, unsigned class_id)
{
    unsigned char noted = classes_are_hidden ? 0 : (unsigned char)class_id;
    for (uintptr_t page = first_page; page < first_page + page_count; page++) {
        struct leaf *leaf = leaf_of(page);
        size_t place = place_in_leaf(page);
        atomic_store_explicit(&leaf->spans[place], span, memory_order_relaxed);
        atomic_store_explicit(&leaf->class_ids[place], noted, memory_order_relaxed);
    }
}

static bool add_leaf(uintptr_t at)
{
    if (atomic_load_explicit(&root[at], memory_order_relaxed) != NULL)
        return true;
    struct leaf *leaf = os_memory_map(sizeof *leaf, PAGE_BYTES);
    if (leaf == NULL)
        return false;
    atomic_store_explicit(&root[at], leaf, memory_order_release);
    return true;
}

bool page_map_reserve(uintptr_t first_page, size_t page_count)
{
    uintptr_t first = first_page >> LEAF_BITS;
    uintptr_t last = (first_page + page_count - 1) >> LEAF_BITS;
    if (last >= ROOT_LENGTH || first_page + page_count < page_count) {
        errno = ENOMEM;
        return false;
    }
    for (uintptr_t at = first; at <= last; at++)
        if (!add_leaf(at))
            return false;
    return true;
}

void page_map_hide_classes(bool hide)
{
    classes_are_hidden = hide;
}

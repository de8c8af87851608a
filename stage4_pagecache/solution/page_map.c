/* page_map: see page_map.h for the picture and the invariants I1 to I3.
 *
 * The root is a static array of a megabyte, of which a program touches the few words that it needs.
 * Memory order: a leaf is zeroed when it is mapped, and published by a release store; a reader's
 * acquire load of the same pointer sees it zeroed. Two threads never add leaves at once, since the
 * page cache holds its lock. Entries are relaxed: a thread that was handed an object was handed its
 * entries too, by whatever handed the object over.
 *
 * Read order: root_entry, page_map_class, page_map_set, page_map_reserve. */
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

/* The class bytes come first: a leaf's address is that of its first page's class. */
struct leaf {
    _Atomic(unsigned char) class_ids[LEAF_LENGTH];
    _Atomic(struct span *) spans[LEAF_LENGTH];
};

/* 0, or where the class byte of page 0 would be, did that page belong to this leaf: so the class of a
 * page is at root[page >> LEAF_BITS] + page, without cutting the page's number in two. */
static _Atomic(uintptr_t) root[ROOT_LENGTH];
static bool classes_are_hidden; /* set once, before there are threads */

/* 0 where there is no leaf, also for an address above 48 bits. */
static uintptr_t root_entry(uintptr_t page)
{
    uintptr_t at = page >> LEAF_BITS;
    if (__builtin_expect(at >= ROOT_LENGTH, 0))
        return 0;
    return atomic_load_explicit(&root[at], memory_order_acquire);
}

/* How far the leaf that `page` belongs to lies above its entry in the root. */
static uintptr_t first_page_of_leaf(uintptr_t page)
{
    return page & ~(uintptr_t)(LEAF_LENGTH - 1);
}

static struct leaf *leaf_of(uintptr_t page)
{
    uintptr_t entry = root_entry(page);
    return entry == 0 ? NULL : (struct leaf *)(entry + first_page_of_leaf(page));
}

static size_t place_in_leaf(uintptr_t page)
{
    return page & (LEAF_LENGTH - 1);
}

unsigned page_map_class(const void *address)
{
    uintptr_t page = page_of(address);
    uintptr_t entry = root_entry(page);
    if (__builtin_expect(entry == 0, 0))
        return 0;
    return atomic_load_explicit((_Atomic(unsigned char) *)(entry + page), memory_order_relaxed);
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
    if (atomic_load_explicit(&root[at], memory_order_relaxed) != 0)
        return true;
    struct leaf *leaf = os_memory_map_guarded(sizeof *leaf);
    if (leaf == NULL)
        return false;
    uintptr_t entry = (uintptr_t)leaf - (at << LEAF_BITS);
    atomic_store_explicit(&root[at], entry, memory_order_release);
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

/* page_map, another design: a hash table of small leaves, chained.
 *
 *   leaf's number ── hash ─▶ bucket ─▶ leaf 17 ─▶ leaf 4113 ─▶ NULL       a leaf: 2,048 pages, 16 MiB
 *
 * Leaves are only ever added, each in front of its chain by one release store: a reader that walks a chain
 * meets it whole, with or without the new leaf. Nothing depends on how many bits an address has,
 * except that those above 48 are refused. */
#include "stage4_pagecache/page_map.h"

#include <errno.h>
#include <stdatomic.h>

#include "common/os_memory.h"

enum { LEAF_BITS = 11, LEAF_LENGTH = 1 << LEAF_BITS, BUCKET_BITS = 12, BUCKETS = 1 << BUCKET_BITS };

struct leaf {
    struct leaf *next;
    uintptr_t number; /* of its first page, without the lower bits */
    _Atomic(struct span *) spans[LEAF_LENGTH];
    atomic_uchar class_ids[LEAF_LENGTH];
};

static _Atomic(struct leaf *) buckets[BUCKETS];
static bool classes_are_hidden;

/* Leaves side by side go to buckets side by side: they are asked for together. */
static _Atomic(struct leaf *) *bucket_of(uintptr_t number)
{
    return &buckets[(number ^ number >> BUCKET_BITS) & (BUCKETS - 1)];
}

static struct leaf *leaf_of(uintptr_t page)
{
    uintptr_t number = page >> LEAF_BITS;
    struct leaf *leaf = atomic_load_explicit(bucket_of(number), memory_order_acquire);
    while (leaf != NULL && leaf->number != number)
        leaf = leaf->next;
    return leaf;
}

struct span *page_map_span(const void *address)
{
    uintptr_t page = page_of(address);
    struct leaf *leaf = leaf_of(page);
    if (leaf == NULL)
        return NULL;
    return atomic_load_explicit(&leaf->spans[page & (LEAF_LENGTH - 1)], memory_order_relaxed);
}

unsigned page_map_class(const void *address)
{
    uintptr_t page = page_of(address);
    struct leaf *leaf = leaf_of(page);
    if (leaf == NULL)
        return 0;
    return atomic_load_explicit(&leaf->class_ids[page & (LEAF_LENGTH - 1)], memory_order_relaxed);
}

void page_map_set(uintptr_t first_page, size_t page_count, struct span *span, unsigned class_id)
{
    unsigned char noted = classes_are_hidden ? 0 : (unsigned char)class_id;
    for (uintptr_t page = first_page; page < first_page + page_count; page++) {
        struct leaf *leaf = leaf_of(page);
        uintptr_t at = page & (LEAF_LENGTH - 1);
        atomic_store_explicit(&leaf->spans[at], span, memory_order_relaxed);
        atomic_store_explicit(&leaf->class_ids[at], noted, memory_order_relaxed);
    }
}

/* Only the page cache comes here, under its lock: nobody else adds a leaf meanwhile. */
static bool add_leaf(uintptr_t number)
{
    if (leaf_of(number << LEAF_BITS) != NULL)
        return true;
    struct leaf *leaf = os_memory_map(sizeof *leaf, PAGE_BYTES);
    if (leaf == NULL)
        return false;
    leaf->number = number;
    leaf->next = atomic_load_explicit(bucket_of(number), memory_order_relaxed);
    atomic_store_explicit(bucket_of(number), leaf, memory_order_release);
    return true;
}

bool page_map_reserve(uintptr_t first_page, size_t page_count)
{
    const uintptr_t limit = (uintptr_t)1 << (48 - PAGE_SHIFT);
    if (first_page >= limit || page_count > limit - first_page) {
        errno = ENOMEM;
        return false;
    }
    uintptr_t last_page = first_page + page_count - 1;
    for (uintptr_t number = first_page >> LEAF_BITS; number <= last_page >> LEAF_BITS; number++)
        if (!add_leaf(number))
            return false;
    return true;
}

void page_map_hide_classes(bool hide)
{
    classes_are_hidden = hide;
}

/* page_map, another design: three levels, each node small.
 *
 *   page number   34 … 24 │ 23 … 12 │ 11 … 0
 *                 root      middle    leaf          2,048 and 4,096 and 4,096 places
 *
 * A leaf stands for 32 MiB of addresses and takes 36 KiB, where a leaf of two levels takes megabytes of
 * addresses; the price is one more load for each look. */
#include "stage4_pagecache/page_map.h"

#include <errno.h>
#include <stdatomic.h>

#include "common/os_memory.h"

enum {
    LEAF_BITS = 12,
    MIDDLE_BITS = 12,
    ROOT_BITS = 48 - PAGE_SHIFT - LEAF_BITS - MIDDLE_BITS,
    LEAF_LENGTH = 1 << LEAF_BITS,
    MIDDLE_LENGTH = 1 << MIDDLE_BITS,
    ROOT_LENGTH = 1 << ROOT_BITS,
};

struct leaf {
    _Atomic(struct span *) spans[LEAF_LENGTH];
    atomic_uchar class_ids[LEAF_LENGTH];
};

struct middle {
    _Atomic(struct leaf *) leaves[MIDDLE_LENGTH];
};

static _Atomic(struct middle *) root[ROOT_LENGTH];
static bool classes_are_hidden;

static struct middle *middle_of(uintptr_t page)
{
    uintptr_t at = page >> (LEAF_BITS + MIDDLE_BITS);
    return at >= ROOT_LENGTH ? NULL : atomic_load_explicit(&root[at], memory_order_acquire);
}

static struct leaf *leaf_of(uintptr_t page)
{
    struct middle *middle = middle_of(page);
    if (middle == NULL)
        return NULL;
    uintptr_t at = page >> LEAF_BITS & (MIDDLE_LENGTH - 1);
    return atomic_load_explicit(&middle->leaves[at], memory_order_acquire);
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

/* Make the nodes on the way to `page`, the upper one first. */
static bool add_nodes(uintptr_t page)
{
    struct middle *middle = middle_of(page);
    if (middle == NULL) {
        middle = os_memory_map(sizeof *middle, PAGE_BYTES);
        if (middle == NULL)
            return false;
        atomic_store_explicit(&root[page >> (LEAF_BITS + MIDDLE_BITS)], middle,
                              memory_order_release);
    }
    if (leaf_of(page) != NULL)
        return true;
    struct leaf *leaf = os_memory_map(sizeof *leaf, PAGE_BYTES);
    if (leaf == NULL)
        return false;
    atomic_store_explicit(&middle->leaves[page >> LEAF_BITS & (MIDDLE_LENGTH - 1)], leaf,
                          memory_order_release);
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
    for (uintptr_t leaf = first_page >> LEAF_BITS; leaf <= last_page >> LEAF_BITS; leaf++)
        if (!add_nodes(leaf << LEAF_BITS))
            return false;
    return true;
}

void page_map_hide_classes(bool hide)
{
    classes_are_hidden = hide;
}

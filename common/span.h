/* span: a run of whole pages, the unit in which memory moves between the caches.
 *
 *   first_page                                   first_page + page_count
 *   │◀──────────────── page_count pages ─────────────────▶│
 *   ├─────┬─────┬─────┬─────┬─────┬───────────────────────┤
 *   │ obj │ obj │ obj │ obj │ obj │ tail: never handed out│      a span of small objects
 *   └─────┴─────┴─────┴─────┴─────┴───────────────────────┘
 *     live, or in `free_objects`, or above them
 *
 * A span's record (this struct) lies apart from the span's memory, in an object pool of the page
 * cache. Each span is in one state; the state says which cache owns it, and so which lock guards
 * the fields below.
 *
 * A span list is a doubly linked ring through a head that is itself a span record. All zero is an
 * empty list: the ring is closed when the first span comes. No lock: the owner guards it. */
#ifndef COMMON_SPAN_H
#define COMMON_SPAN_H

#include <assert.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/free_list.h"
#include "common/os_memory.h"

enum span_state {
    SPAN_UNUSED = 0, /* the record stands for no memory */
    SPAN_FREE,       /* owned by the page cache */
    SPAN_SMALL,      /* cut into objects of class_id, owned by the central cache */
    SPAN_LARGE,      /* one large object, owned by the program */
};

struct span {
    /* Set by the page cache while it owns the span; constant while anybody else does. */
    uintptr_t first_page;    /* address >> PAGE_SHIFT */
    size_t page_count;       /* 1 or more */
    size_t fresh_page_count; /* so many pages at its end were never written to: they read as zero */
    unsigned char state;     /* enum span_state */
    unsigned char class_id;  /* of a SPAN_SMALL; 0 otherwise */

    /* Guarded by the lock of the cache that owns the span: its class, or the page cache. */
    uint32_t live_count;           /* objects handed out and not yet back */
    struct free_list free_objects; /* back from the program */
    uintptr_t tail;                /* address of the first object never handed out */
    struct span *previous;         /* in the owner's list */
    struct span *next;
    uintptr_t private_words[3]; /* the owner's, for whatever its design needs */
};

static_assert(sizeof(struct span) <= 104,
              "span records stay under 1.5% of the memory they describe");

static inline uintptr_t page_of(const void *address)
{
    return (uintptr_t)address >> PAGE_SHIFT;
}

static inline char *span_start(const struct span *span)
{
    return (char *)(span->first_page << PAGE_SHIFT);
}

static inline size_t span_bytes(const struct span *span)
{
    return span->page_count << PAGE_SHIFT;
}

static inline bool span_list_is_empty(const struct span *list)
{
    return list->next == NULL || list->next == list;
}

/* The span put in last, or NULL. */
static inline struct span *span_list_first(const struct span *list)
{
    return span_list_is_empty(list) ? NULL : list->next;
}

/* The span after `span` in `list`, or NULL at the end. */
static inline struct span *span_list_next(const struct span *list, const struct span *span)
{
    return span->next == list ? NULL : span->next;
}

/* Put `span` first. It must be in no list already. */
static inline void span_list_push(struct span *list, struct span *span)
{
    if (list->next == NULL) {
        list->next = list;
        list->previous = list;
    }
    span->next = list->next;
    span->previous = list;
    list->next->previous = span;
    list->next = span;
}

/* Take `span` out of the list that it is in. */
static inline void span_list_remove(struct span *span)
{
    span->previous->next = span->next;
    span->next->previous = span->previous;
    span->next = NULL;
    span->previous = NULL;
}

#endif

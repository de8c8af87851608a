/* central_cache, another design: a span is cut up as soon as it comes, and ready batches wait in a queue.
 *
 *   new span ─▶ all of its objects on its list of free ones: no tail, one way to take an object
 *   queue    ─▶ the batch that waited longest goes out first
 *
 * The price of cutting up front: every page of a span is touched when it comes. What is gained: one
 * way less to hand out an object, and so one less to get wrong. */
#include "stage3_centralcache/central_cache.h"

#include <errno.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "common/caller_bug.h"
#include "common/lock.h"
#include "common/poison.h"
#include "stage2_threadcache/size_class.h"
#include "stage4_pagecache/page_cache.h"
#include "stage4_pagecache/page_map.h"

struct central_class {
    struct lock lock;
    struct span open;      /* list of spans with an object left */
    struct span exhausted; /* list of the others */
    size_t span_count;
    size_t handed_count; /* objects fetched and not released */
    size_t fetches;
    size_t releases;
    size_t ready_hits;
    size_t ready_count;
    size_t ready_first;                   /* where in `ready` the oldest batch is */
    void *ready[CENTRAL_CACHE_MAX_READY]; /* heads of whole batches */
};

static struct central_class classes[SIZE_CLASS_COUNT];

/* --- Marks of free objects, in their second word --- */

static bool has_mark(unsigned class_id)
{
    return size_class_bytes(class_id) >= 2 * sizeof(uintptr_t);
}

static uintptr_t mark_for(const void *object)
{
    return ~((uintptr_t)object ^ (uintptr_t)&classes);
}

static void set_mark(void *object, unsigned class_id, uintptr_t mark)
{
    if (has_mark(class_id))
        ((uintptr_t *)object)[1] = mark;
}

static bool is_marked(const void *object, unsigned class_id)
{
    return has_mark(class_id) && ((const uintptr_t *)object)[1] == mark_for(object);
}

/* Takes the object freed last. A link out of the span was written by a program that used the object
 * after freeing it. */
static void *pop_free(struct span *span, unsigned class_id)
{
    void *object = span->free_objects.head;
    const char *next = free_list_next(object);
    if (next != NULL && (uintptr_t)next - (uintptr_t)span_start(span) >= span_bytes(span))
        caller_bug(CALLER_BUG_CORRUPT_LINK, object);
    set_mark(object, class_id, 0);
    return free_list_pop(&span->free_objects);
}

/* --- Objects of one span --- */

static struct span *new_span(unsigned class_id)
{
    return page_cache_alloc(size_class_pages(class_id), 1, class_id);
}

/* From the last object to the first, so that the first one ends on top. */
static void cut_up(struct span *span, unsigned class_id)
{
    size_t object_bytes = size_class_bytes(class_id);
    for (size_t number = span_bytes(span) / object_bytes; number > 0; number--) {
        char *object = span_start(span) + (number - 1) * object_bytes;
        poison_forget(object, object_bytes);
        free_list_push(&span->free_objects, object);
        set_mark(object, class_id, mark_for(object));
    }
    span->tail = (uintptr_t)span_start(span) + span_bytes(span);
}

static void add_span_locked(struct central_class *class, struct span *span, unsigned class_id)
{
    lock_assert_held(&class->lock);
    cut_up(span, class_id);
    span_list_push(&class->open, span);
    class->span_count++;
}

static void take_from_span_locked(struct central_class *class, struct span *span, unsigned class_id,
                                  size_t want, struct free_list *out)
{
    lock_assert_held(&class->lock);
    for (; out->count < want && span->free_objects.head != NULL; span->live_count++)
        free_list_push(out, pop_free(span, class_id));
    if (span->free_objects.head == NULL) {
        span_list_remove(span);
        span_list_push(&class->exhausted, span);
    }
}

static void take_from_spans_locked(struct central_class *class, unsigned class_id, size_t want,
                                   struct free_list *out)
{
    lock_assert_held(&class->lock);
    while (out->count < want && !span_list_is_empty(&class->open))
        take_from_span_locked(class, span_list_first(&class->open), class_id, want, out);
}

static void put_in_span_locked(struct central_class *class, struct span *span, void *object,
                               unsigned class_id)
{
    lock_assert_held(&class->lock);
    if (span->free_objects.head == NULL) {
        span_list_remove(span);
        span_list_push(&class->open, span);
    }
    free_list_push(&span->free_objects, object);
    set_mark(object, class_id, mark_for(object));
    span->live_count--;
}

/* --- Ready batches --- */

static atomic_size_t ready_bytes; /* over all classes; claimed before a batch is kept */

static bool keep_ready_locked(struct central_class *class, unsigned class_id,
                              struct free_list *objects)
{
    lock_assert_held(&class->lock);
    size_t bytes = objects->count * size_class_bytes(class_id);
    if (objects->count != size_class_batch(class_id) ||
        class->ready_count == CENTRAL_CACHE_MAX_READY)
        return false;
    if (atomic_fetch_add(&ready_bytes, bytes) + bytes > CENTRAL_CACHE_MAX_READY_BYTES) {
        atomic_fetch_sub(&ready_bytes, bytes);
        return false;
    }
    size_t place = (class->ready_first + class->ready_count++) % CENTRAL_CACHE_MAX_READY;
    class->ready[place] = free_list_take_all(objects).head;
    return true;
}

static void take_ready_locked(struct central_class *class, unsigned class_id, struct free_list *out)
{
    lock_assert_held(&class->lock);
    out->head = class->ready[class->ready_first];
    class->ready_first = (class->ready_first + 1) % CENTRAL_CACHE_MAX_READY;
    class->ready_count--;
    out->count = size_class_batch(class_id);
    atomic_fetch_sub(&ready_bytes, out->count * size_class_bytes(class_id));
}

/* --- Fetch --- */

static void put_back_locked(struct central_class *class, unsigned class_id,
                            struct free_list *objects, struct span *empty);

/* As much as is there, in this order: a whole ready batch, objects in spans, a ready batch that has to
 * be broken up. What is left of that one may empty spans. */
static void take_locked(struct central_class *class, unsigned class_id, size_t want,
                        struct free_list *out, struct span *empty)
{
    lock_assert_held(&class->lock);
    if (out->count == 0 && want == size_class_batch(class_id) && class->ready_count != 0) {
        take_ready_locked(class, class_id, out);
        class->ready_hits++;
    }
    take_from_spans_locked(class, class_id, want, out);
    if (out->count == 0 && class->ready_count != 0) {
        struct free_list batch = {0};
        take_ready_locked(class, class_id, &batch);
        while (out->count < want && batch.head != NULL)
            free_list_push(out, free_list_pop(&batch));
        put_back_locked(class, class_id, &batch, empty);
    }
    class->handed_count += out->count;
    class->fetches += out->count != 0;
}

/* With no lock held. */
static void give_down(struct span *empty)
{
    for (struct span *span = span_list_first(empty); span != NULL; span = span_list_first(empty)) {
        span_list_remove(span);
        page_cache_free(span);
    }
}

size_t central_cache_fetch(unsigned class_id, size_t want, struct free_list *out)
{
    struct central_class *class = &classes[class_id];
    struct span *fresh = NULL;
    for (;;) {
        struct span empty = {0};
        lock_acquire(&class->lock);
        if (fresh !=
            NULL) { /* used at once, whatever came back meanwhile: else it might lie idle */
            add_span_locked(class, fresh, class_id);
            take_from_span_locked(class, fresh, class_id, want, out);
        }
        take_locked(class, class_id, want, out, &empty);
        lock_release(&class->lock);
        give_down(&empty);
        if (out->count != 0) {
            page_cache_tick();
            return out->count;
        }
        fresh = new_span(class_id);
        if (fresh == NULL)
            return 0;
    }
}

/* --- Release --- */

/* The span that `object` goes back into. Whatever is wrong with the object ends the process here. */
static struct span *owner_of(const void *object, unsigned class_id)
{
    struct span *span = page_map_span(object);
    if (span == NULL)
        caller_bug(CALLER_BUG_NOT_OURS, object);
    if (span->state != SPAN_SMALL || span->class_id != class_id)
        caller_bug(CALLER_BUG_WRONG_CLASS, object);
    if ((uintptr_t)object >= span->tail)
        caller_bug(CALLER_BUG_NOT_OURS, object);
    if ((size_t)((const char *)object - span_start(span)) % size_class_bytes(class_id) != 0)
        caller_bug(CALLER_BUG_INTERIOR, object);
    if (span->live_count == 0 || is_marked(object, class_id))
        caller_bug(CALLER_BUG_DOUBLE_FREE, object);
    return span;
}

static void put_back_locked(struct central_class *class, unsigned class_id,
                            struct free_list *objects, struct span *empty)
{
    lock_assert_held(&class->lock);
    for (void *object = free_list_pop(objects); object != NULL; object = free_list_pop(objects)) {
        struct span *span = owner_of(object, class_id);
        put_in_span_locked(class, span, object, class_id);
        if (span->live_count == 0) {
            span_list_remove(span);
            span_list_push(empty, span);
            class->span_count--;
        }
    }
}

void central_cache_release(unsigned class_id, struct free_list *objects)
{
    int saved_errno = errno;
    struct central_class *class = &classes[class_id];
    struct span empty = {0};
    lock_acquire(&class->lock);
    class->releases++;
    class->handed_count -= objects->count;
    if (!keep_ready_locked(class, class_id, objects))
        put_back_locked(class, class_id, objects, &empty);
    lock_release(&class->lock);
    give_down(&empty);
    page_cache_tick();
    errno = saved_errno;
}

void central_cache_flush(void)
{
    for (unsigned class_id = 1; class_id < SIZE_CLASS_COUNT; class_id++) {
        struct central_class *class = &classes[class_id];
        struct span empty = {0};
        lock_acquire(&class->lock);
        while (class->ready_count != 0) {
            struct free_list batch = {0};
            take_ready_locked(class, class_id, &batch);
            put_back_locked(class, class_id, &batch, &empty);
        }
        lock_release(&class->lock);
        give_down(&empty);
    }
}

/* --- fork --- */

void central_cache_fork_prepare(void)
{
    for (unsigned class_id = 1; class_id < SIZE_CLASS_COUNT; class_id++)
        lock_acquire_for_fork(&classes[class_id].lock, LOCK_RANK_CLASS + class_id);
}

void central_cache_fork_parent(void)
{
    for (unsigned class_id = SIZE_CLASS_COUNT - 1; class_id > 0; class_id--)
        lock_release(&classes[class_id].lock);
}

void central_cache_fork_child(void)
{
    central_cache_fork_parent();
}

/* --- Statistics and the check function --- */

static void add_stats_locked(struct central_class *class, unsigned class_id,
                             struct central_cache_stats *out)
{
    lock_assert_held(&class->lock);
    size_t bytes = size_class_bytes(class_id);
    out->fetches += class->fetches;
    out->releases += class->releases;
    out->ready_hits += class->ready_hits;
    out->handed_objects += class->handed_count;
    out->handed_bytes += class->handed_count * bytes;
    out->ready_bytes += class->ready_count * size_class_batch(class_id) * bytes;
    out->span_bytes += class->span_count * size_class_pages(class_id) * PAGE_BYTES;
    out->lock_acquisitions += class->lock.acquisitions;
    out->lock_contended += class->lock.contended;
}

void central_cache_stats(struct central_cache_stats *out)
{
    *out = (struct central_cache_stats){0};
    for (unsigned class_id = 1; class_id < SIZE_CLASS_COUNT; class_id++) {
        lock_acquire(&classes[class_id].lock);
        add_stats_locked(&classes[class_id], class_id, out);
        lock_release(&classes[class_id].lock);
    }
}

/* I1, summed up: what is out of the spans is handed out or ready. */
static unsigned check_class_locked(struct central_class *class, unsigned class_id)
{
    lock_assert_held(&class->lock);
    size_t live = 0;
    size_t spans = 0;
    const struct span *lists[] = {&class->open, &class->exhausted};
    for (size_t i = 0; i < 2; i++)
        for (const struct span *span = span_list_first(lists[i]); span != NULL;
             span = span_list_next(lists[i], span), spans++)
            live += span->live_count;
    if (live != class->handed_count + class->ready_count * size_class_batch(class_id))
        return 1;
    return spans == class->span_count ? 0 : 5;
}

unsigned central_cache_check(void)
{
    unsigned broken = atomic_load(&ready_bytes) > CENTRAL_CACHE_MAX_READY_BYTES ? 3 : 0;
    for (unsigned class_id = 1; class_id < SIZE_CLASS_COUNT && broken == 0; class_id++) {
        lock_acquire(&classes[class_id].lock);
        broken = check_class_locked(&classes[class_id], class_id);
        lock_release(&classes[class_id].lock);
    }
    return broken;
}

/* central_cache, another design: a bitmap for each span, and no links in free objects.
 *
 *   span record ── private_words[0] ─▶ 1 1 0 1 1 1 …      bit n is set: object n is in the span
 *
 * What is free and what was never handed out are the same here: a set bit. The lowest one goes out
 * first, so that a span fills from its start. Nothing is written to an object while it is free, any
 * double free is known, of objects of 8 bytes too, and links that a program damages do not exist.
 * The bitmaps come from an object pool with a lock of its own; a span gets its bitmap before it
 * enters its class, and loses it after it has left. */
#include "stage3_centralcache/central_cache.h"

#include <errno.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "common/caller_bug.h"
#include "common/lock.h"
#include "common/poison.h"
#include "stage1_objectpool/object_pool.h"
#include "stage2_threadcache/size_class.h"
#include "stage4_pagecache/page_cache.h"
#include "stage4_pagecache/page_map.h"

enum { WORD_BITS = 64 };

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
    void *ready[CENTRAL_CACHE_MAX_READY]; /* heads of whole batches */
};

static struct central_class classes[SIZE_CLASS_COUNT];

/* Of all classes: 8 bytes objects have the most of them in a span. */
static struct {
    struct lock lock;
    struct object_pool records;
    bool is_ready;
} bitmaps;

static size_t objects_that_fit(const struct span *span, unsigned class_id)
{
    return span_bytes(span) / size_class_bytes(class_id);
}

/* --- Bitmaps --- */

static uint64_t *bits_of(const struct span *span)
{
    return (uint64_t *)span->private_words[0];
}

static size_t most_words(void)
{
    size_t most = 0;
    for (unsigned class_id = 1; class_id < SIZE_CLASS_COUNT; class_id++) {
        size_t fit = size_class_pages(class_id) * PAGE_BYTES / size_class_bytes(class_id);
        most = fit > most ? fit : most;
    }
    return (most + WORD_BITS - 1) / WORD_BITS;
}

static uint64_t *new_bitmap(void)
{
    lock_acquire(&bitmaps.lock);
    if (!bitmaps.is_ready)
        bitmaps.is_ready =
            object_pool_init(&bitmaps.records, most_words() * sizeof(uint64_t), sizeof(uint64_t));
    uint64_t *bits = bitmaps.is_ready ? object_pool_alloc(&bitmaps.records) : NULL;
    lock_release(&bitmaps.lock);
    return bits;
}

static void drop_bitmap(struct span *span)
{
    lock_acquire(&bitmaps.lock);
    object_pool_free(&bitmaps.records, bits_of(span));
    lock_release(&bitmaps.lock);
    span->private_words[0] = 0;
}

/* A span with its bitmap, every object in it; with no lock held. */
static struct span *new_span(unsigned class_id)
{
    struct span *span = page_cache_alloc(size_class_pages(class_id), 1, class_id);
    uint64_t *bits = span == NULL ? NULL : new_bitmap();
    if (bits == NULL) {
        if (span != NULL)
            page_cache_free(span);
        errno = ENOMEM;
        return NULL;
    }
    size_t fit = objects_that_fit(span, class_id);
    for (size_t word = 0; word * WORD_BITS < fit; word++) {
        size_t left = fit - word * WORD_BITS;
        bits[word] = left >= WORD_BITS ? ~(uint64_t)0 : ((uint64_t)1 << left) - 1;
    }
    span->private_words[0] = (uintptr_t)bits;
    return span;
}

static size_t number_of(const struct span *span, const void *object, unsigned class_id)
{
    return (size_t)((const char *)object - span_start(span)) / size_class_bytes(class_id);
}

static bool is_in_span(const struct span *span, const void *object, unsigned class_id)
{
    size_t number = number_of(span, object, class_id);
    return (bits_of(span)[number / WORD_BITS] >> number % WORD_BITS & 1) != 0;
}

/* --- Objects of one span --- */

static void add_span_locked(struct central_class *class, struct span *span, unsigned class_id)
{
    (void)class_id;
    lock_assert_held(&class->lock);
    span_list_push(&class->open, span);
    class->span_count++;
}

static void take_number(struct span *span, size_t number, unsigned class_id, struct free_list *out)
{
    char *object = span_start(span) + number * size_class_bytes(class_id);
    uintptr_t end = (uintptr_t)object + size_class_bytes(class_id);
    if (span->tail < end) { /* handed out for the first time */
        span->tail = end;
        poison_forget(object, size_class_bytes(class_id));
    }
    free_list_push(out, object);
    span->live_count++;
}

static void take_from_span_locked(struct central_class *class, struct span *span, unsigned class_id,
                                  size_t want, struct free_list *out)
{
    lock_assert_held(&class->lock);
    uint64_t *bits = bits_of(span);
    size_t fit = objects_that_fit(span, class_id);
    for (size_t word = 0; word * WORD_BITS < fit; word++)
        while (bits[word] != 0 && out->count < want) {
            take_number(span, word * WORD_BITS + (size_t)__builtin_ctzll(bits[word]), class_id,
                        out);
            bits[word] &= bits[word] - 1; /* the lowest one */
        }
    if (span->live_count == fit) {
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
    if (span->live_count == objects_that_fit(span, class_id)) {
        span_list_remove(span);
        span_list_push(&class->open, span);
    }
    size_t number = number_of(span, object, class_id);
    bits_of(span)[number / WORD_BITS] |= (uint64_t)1 << number % WORD_BITS;
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
    class->ready[class->ready_count++] = free_list_take_all(objects).head;
    return true;
}

static void take_ready_locked(struct central_class *class, unsigned class_id, struct free_list *out)
{
    lock_assert_held(&class->lock);
    out->head = class->ready[--class->ready_count];
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
        drop_bitmap(span);
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
    if (is_in_span(span, object, class_id))
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
    lock_acquire_for_fork(&bitmaps.lock, LOCK_RANK_CLASS + SIZE_CLASS_COUNT);
}

void central_cache_fork_parent(void)
{
    lock_release(&bitmaps.lock);
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

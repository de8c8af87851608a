/* central_cache: see central_cache.h for the picture and the invariants I1 to I6.
 *
 * To fetch:
 *   1. a whole batch is wanted and one is ready: hand it over, O(1);
 *   2. else take objects from the spans that have some left: those that came back first, then new
 *      ones cut off the tail;
 *   3. nothing left at all: get a span from the page cache, with no lock held, and do 2.
 * To release: a whole batch is kept ready if there is room; else each object goes back into its
 * span, and spans with no live object left go down, with no lock held. How much room there is follows
 * the program: a class of which much is in use may keep more batches than one that was used once.
 *
 * While an object is free in its span its second word carries a mark, so that one that comes back a
 * second time is noticed; the mark is wiped when the object leaves.
 *
 * Read order: central_cache_fetch, take_locked, take_from_span_locked, central_cache_release,
 * put_back_locked. */
#include "stage3_centralcache/central_cache.h"

#include <assert.h>
#include <errno.h>
#include <stdalign.h>
#include <stdatomic.h>

#include "common/caller_bug.h"
#include "common/lock.h"
#include "common/poison.h"
#include "stage2_threadcache/size_class.h"
#include "stage4_pagecache/page_cache.h"
#include "stage4_pagecache/page_map.h"

enum {
    READY_LEAST = 8, /* batches a class may always keep: what two threads need to pass objects on */
    READY_SHARE = 16, /* and so much of what is in use: 1/16 */
};

/* On cache lines of its own, so that two classes never disturb each other. */
struct central_class {
    alignas(64) struct lock lock;
    struct span open;      /* list of spans with an object left */
    struct span exhausted; /* list of those with none: nothing looks here but the check function */
    size_t span_count;     /* in both lists */
    size_t handed_count;   /* objects fetched and not released */
    size_t fetches;
    size_t releases;
    size_t ready_hits;
    size_t ready_count;
    void *ready[CENTRAL_CACHE_MAX_READY]; /* heads of whole batches, the newest last */
};

static struct central_class classes[SIZE_CLASS_COUNT];

/* I3, over all classes. A bound and a statistic, so relaxed; each class's part is exact under its
 * lock. */
static atomic_size_t ready_bytes;

/* --- Objects of one span --- */

static bool has_tail(const struct span *span, size_t object_bytes)
{
    uintptr_t end = (uintptr_t)span_start(span) + span_bytes(span);
    return end - span->tail >= object_bytes; /* I2: room for a whole object */
}

static bool is_exhausted(const struct span *span, size_t object_bytes)
{
    return span->free_objects.head == NULL && !has_tail(span, object_bytes);
}

static bool has_mark(size_t object_bytes)
{
    return object_bytes >= 2 * sizeof(uintptr_t);
}

/* No program writes this value by accident: it depends on where the library was loaded. */
static uintptr_t mark_for(const void *object)
{
    return ((uintptr_t)object ^ (uintptr_t)&classes) * 0x9e3779b97f4a7c15u;
}

static void set_mark(void *object, size_t object_bytes, uintptr_t mark)
{
    if (has_mark(object_bytes))
        ((uintptr_t *)object)[1] = mark;
}

static bool is_marked(const void *object, size_t object_bytes)
{
    return has_mark(object_bytes) && ((const uintptr_t *)object)[1] == mark_for(object);
}

static bool contains(const struct span *span, const void *address)
{
    return (uintptr_t)address - (uintptr_t)span_start(span) < span_bytes(span);
}

/* Cut up to `want` objects off the tail and chain them before `out`, in order of address. */
static size_t cut_tail(struct span *span, size_t object_bytes, size_t want, struct free_list *out)
{
    size_t count = 0;
    void *const rest = out->head;
    void *last = NULL;
    for (; count < want && has_tail(span, object_bytes); count++) {
        void *object = (void *)span->tail;
        span->tail += object_bytes;
        set_mark(object, object_bytes, 0);
        if (last == NULL)
            out->head = object;
        else
            free_list_set_next(last, object);
        last = object;
    }
    if (last != NULL)
        free_list_set_next(last, rest);
    out->count += count;
    return count;
}

/* Objects that came back are chained in any order, and each link is in an object that may be far from
 * the processor: following the chain waits for one cache line after the other. Where at least half of a
 * span is free, asking for all of its lines first makes them come side by side. */
static void fetch_lines_of(const struct span *span)
{
    enum { LINE_BYTES = 64, WORTH_IT = 5 };
    if (span->free_objects.count < WORTH_IT || span->free_objects.count < span->live_count)
        return;
    for (const char *line = span_start(span); (uintptr_t)line < span->tail; line += LINE_BYTES)
        __builtin_prefetch(line);
}

/* The lock is let go first: a program may have a handler of SIGABRT that allocates. */
_Noreturn static void stop_locked(struct central_class *class, enum caller_bug_kind kind,
                                  const void *object)
{
    lock_release(&class->lock);
    caller_bug(kind, object);
}

/* Move up to `want` objects that came back to `out`. A link that leads out of the span was written
 * by a program that used the object after freeing it. */
static size_t take_free_locked(struct central_class *class, struct span *span, size_t object_bytes,
                               size_t want, struct free_list *out)
{
    size_t count = 0;
    fetch_lines_of(span);
    for (; count < want && span->free_objects.head != NULL; count++) {
        void *object = span->free_objects.head;
        void *next = free_list_next(object);
        if (next != NULL && !contains(span, next))
            stop_locked(class, CALLER_BUG_CORRUPT_LINK, object);
        (void)free_list_pop(&span->free_objects);
        set_mark(object, object_bytes, 0);
        free_list_push(out, object);
    }
    return count;
}

/* --- Fetch --- */

static void take_ready_locked(struct central_class *class, unsigned class_id, struct free_list *out)
{
    lock_assert_held(&class->lock);
    out->head = class->ready[--class->ready_count];
    out->count = size_class_batch(class_id);
    atomic_fetch_sub_explicit(&ready_bytes, out->count * size_class_bytes(class_id),
                              memory_order_relaxed);
}

/* I5: only spans in `open` are looked at, and each of them has something to give. */
static void take_from_span_locked(struct central_class *class, size_t object_bytes, size_t want,
                                  struct free_list *out)
{
    lock_assert_held(&class->lock);
    struct span *span = span_list_first(&class->open);
    size_t count = take_free_locked(class, span, object_bytes, want, out);
    count += cut_tail(span, object_bytes, want - count, out);
    span->live_count += (uint32_t)count; /* I1 */
    if (is_exhausted(span, object_bytes)) {
        span_list_remove(span);
        span_list_push(&class->exhausted, span);
    }
}

static void put_all_back_locked(struct central_class *class, unsigned class_id,
                                struct free_list *objects, struct span *empty);

/* For a `want` that is no whole batch. What is left of the batch goes back into its spans. None of
 * them becomes empty: all were exhausted, each holds a whole batch or more, and less than one comes
 * back. */
static void break_ready_locked(struct central_class *class, unsigned class_id, size_t want,
                               struct free_list *out)
{
    lock_assert_held(&class->lock);
    struct span empty = {0};
    struct free_list batch = {0};
    take_ready_locked(class, class_id, &batch);
    while (out->count < want && batch.head != NULL)
        free_list_push(out, free_list_pop(&batch));
    put_all_back_locked(class, class_id, &batch, &empty);
    assert(span_list_is_empty(&empty));
}

/* Returns the count taken; 0 where the class has nothing left. */
static size_t take_locked(struct central_class *class, unsigned class_id, size_t want,
                          struct free_list *out)
{
    lock_assert_held(&class->lock);
    size_t object_bytes = size_class_bytes(class_id);
    if (out->count == 0 && want == size_class_batch(class_id) && class->ready_count != 0) {
        take_ready_locked(class, class_id, out);
        class->ready_hits++;
    }
    while (out->count < want) {
        if (!span_list_is_empty(&class->open)) {
            take_from_span_locked(class, object_bytes, want - out->count, out);
        } else if (out->count == 0 && class->ready_count != 0) {
            break_ready_locked(class, class_id, want, out);
        } else {
            break;
        }
    }
    class->handed_count += out->count;
    class->fetches += out->count != 0; /* once a call, however often it comes by here */
    return out->count;
}

static atomic_size_t waiting_bytes; /* of emptied spans; a statistic, so relaxed */

/* With MEMPOOL_CHECK=1 an emptied span waits before it goes down, and its objects are verified then: the
 * program may still write to them. That takes their stamps off too, so that what is cut here later
 * carries none. */
static struct span *span_to_leave(struct span *emptied)
{
    if (!poison_is_on())
        return emptied;
    struct span *span = poison_wait(emptied);
    size_t more = emptied == NULL ? 0 : span_bytes(emptied);
    size_t less = span == NULL ? 0 : span_bytes(span);
    atomic_fetch_add_explicit(&waiting_bytes, more - less, memory_order_relaxed);
    if (span != NULL)
        for (void *object = span->free_objects.head; object != NULL;
             object = free_list_next(object)) {
            if (!contains(span, object))
                caller_bug(CALLER_BUG_CORRUPT_LINK, object);
            poison_verify(object, size_class_bytes(span->class_id));
        }
    return span;
}

/* I4, I6: the lock is released. */
static void give_spans_down(struct span *empty)
{
    for (struct span *span = span_list_first(empty); span != NULL; span = span_list_first(empty)) {
        span_list_remove(span);
        span = span_to_leave(span);
        if (span != NULL)
            page_cache_free(span);
    }
}

/* Those that wait go down too. */
static void let_all_leave(void)
{
    for (size_t i = 0; i < POISON_WAITING_SPANS && poison_is_on(); i++) {
        struct span *span = span_to_leave(NULL);
        if (span != NULL)
            page_cache_free(span);
    }
}

/* I4: a new span is used at once. Meanwhile another thread may have brought a batch back; were that
 * taken, the span would lie here with no live object and nobody to send it down. */
static void add_span_locked(struct central_class *class, struct span *span, unsigned class_id,
                            size_t want, struct free_list *out)
{
    lock_assert_held(&class->lock);
    span_list_push(&class->open, span);
    class->span_count++;
    take_from_span_locked(class, size_class_bytes(class_id), want, out);
}

size_t central_cache_fetch(unsigned class_id, size_t want, struct free_list *out)
{
    struct central_class *class = &classes[class_id];
    struct span *fresh = NULL;
    for (;;) {
        lock_acquire(&class->lock);
        if (fresh != NULL)
            add_span_locked(class, fresh, class_id, want, out);
        size_t count = take_locked(class, class_id, want, out);
        lock_release(&class->lock);
        if (count != 0) {
            page_cache_tick();
            return count;
        }
        fresh = page_cache_alloc(size_class_pages(class_id), 1, class_id);
        if (fresh == NULL)
            return 0;
    }
}

/* --- Release --- */

/* The span that `object` goes back into. Whatever is wrong with it ends the process here. */
static struct span *owner_of_locked(struct central_class *class, const void *object,
                                    unsigned class_id)
{
    struct span *span = page_map_span(object);
    if (span == NULL && free_list_is_astray(object))
        stop_locked(class, CALLER_BUG_CORRUPT_LINK, object);
    if (span == NULL)
        stop_locked(class, CALLER_BUG_NOT_OURS, object);
    if (span->state != SPAN_SMALL || span->class_id != class_id)
        stop_locked(class, CALLER_BUG_WRONG_CLASS, object);
    if ((uintptr_t)object >= span->tail)
        stop_locked(class, CALLER_BUG_NOT_OURS, object);
    size_t object_bytes = size_class_bytes(class_id);
    if ((size_t)((const char *)object - span_start(span)) % object_bytes != 0)
        stop_locked(class, CALLER_BUG_INTERIOR, object);
    if (span->live_count == 0 || is_marked(object, object_bytes))
        stop_locked(class, CALLER_BUG_DOUBLE_FREE, object);
    return span;
}

/* The first of `objects`. Its link is read only when it is known to be an object: the link that led
 * here may have been overwritten. */
static void put_back_locked(struct central_class *class, unsigned class_id,
                            struct free_list *objects, struct span *empty)
{
    lock_assert_held(&class->lock);
    size_t object_bytes = size_class_bytes(class_id);
    void *object = objects->head;
    struct span *span = owner_of_locked(class, object, class_id);
    (void)free_list_pop(objects);
    if (is_exhausted(span, object_bytes)) {
        span_list_remove(span);
        span_list_push(&class->open, span);
    }
    free_list_push(&span->free_objects, object);
    set_mark(object, object_bytes, mark_for(object));
    span->live_count--; /* I1 */
    if (span->live_count == 0) {
        span_list_remove(span); /* I4 */
        span_list_push(empty, span);
        class->span_count--;
    }
}

static void put_all_back_locked(struct central_class *class, unsigned class_id,
                                struct free_list *objects, struct span *empty)
{
    lock_assert_held(&class->lock);
    while (objects->head != NULL)
        put_back_locked(class, class_id, objects, empty);
}

/* I3: how many batches may lie ready. */
static size_t ready_limit_locked(const struct central_class *class, size_t batch)
{
    size_t limit = READY_LEAST + class->handed_count / batch / READY_SHARE;
    return limit < CENTRAL_CACHE_MAX_READY ? limit : CENTRAL_CACHE_MAX_READY;
}

/* I3: claims only what fits, so that the bound holds at every moment, whoever looks, and no two classes
 * pass it together. Relaxed: it is a number, and stands for no other memory. */
static bool claim_ready_bytes(size_t bytes)
{
    size_t before = atomic_load_explicit(&ready_bytes, memory_order_relaxed);
    do {
        if (before + bytes > CENTRAL_CACHE_MAX_READY_BYTES)
            return false;
    } while (!atomic_compare_exchange_weak_explicit(&ready_bytes, &before, before + bytes,
                                                    memory_order_relaxed, memory_order_relaxed));
    return true;
}

/* I3: returns whether the batch is kept. */
static bool keep_ready_locked(struct central_class *class, unsigned class_id,
                              struct free_list *objects)
{
    lock_assert_held(&class->lock);
    size_t batch = size_class_batch(class_id);
    if (objects->count != batch || class->ready_count >= ready_limit_locked(class, batch) ||
        !claim_ready_bytes(batch * size_class_bytes(class_id)))
        return false;
    class->ready[class->ready_count++] = free_list_take_all(objects).head;
    return true;
}

/* Put ready batches back into their spans until `most` are left. */
static void trim_ready_locked(struct central_class *class, unsigned class_id, size_t most,
                              struct span *empty)
{
    lock_assert_held(&class->lock);
    while (class->ready_count > most) {
        struct free_list batch = {0};
        take_ready_locked(class, class_id, &batch);
        put_all_back_locked(class, class_id, &batch, empty);
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
        put_all_back_locked(class, class_id, objects, &empty);
    trim_ready_locked(class, class_id, ready_limit_locked(class, size_class_batch(class_id)),
                      &empty);
    lock_release(&class->lock);
    give_spans_down(&empty);
    page_cache_tick();
    errno = saved_errno;
}

void central_cache_flush(void)
{
    for (unsigned class_id = 1; class_id < SIZE_CLASS_COUNT; class_id++) {
        struct central_class *class = &classes[class_id];
        struct span empty = {0};
        lock_acquire(&class->lock);
        trim_ready_locked(class, class_id, 0, &empty);
        lock_release(&class->lock);
        give_spans_down(&empty);
    }
    let_all_leave();
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
    size_t object_bytes = size_class_bytes(class_id);
    out->fetches += class->fetches;
    out->releases += class->releases;
    out->ready_hits += class->ready_hits;
    out->handed_objects += class->handed_count;
    out->handed_bytes += class->handed_count * object_bytes;
    out->ready_bytes += class->ready_count * size_class_batch(class_id) * object_bytes;
    out->span_bytes += class->span_count * size_class_pages(class_id) * PAGE_BYTES;
    out->lock_acquisitions += class->lock.acquisitions;
    out->lock_contended += class->lock.contended;
}

void central_cache_stats(struct central_cache_stats *out)
{
    *out = (struct central_cache_stats){
        .span_bytes = atomic_load_explicit(&waiting_bytes, memory_order_relaxed)};
    for (unsigned class_id = 1; class_id < SIZE_CLASS_COUNT; class_id++) {
        lock_acquire(&classes[class_id].lock);
        add_stats_locked(&classes[class_id], class_id, out);
        lock_release(&classes[class_id].lock);
    }
}

static unsigned check_span(const struct span *span, size_t object_bytes)
{
    size_t fit = span_bytes(span) / object_bytes;
    size_t cut = (size_t)(span->tail - (uintptr_t)span_start(span)) / object_bytes;
    size_t free_count = 0;
    for (const char *object = span->free_objects.head; object != NULL;
         object = free_list_next(object), free_count++) {
        if (!contains(span, object) || (size_t)(object - span_start(span)) % object_bytes != 0)
            return 2;
        if (free_count == cut)
            return 1;
    }
    if (cut > fit || free_count != span->free_objects.count || span->live_count + free_count != cut)
        return 1;
    return span->live_count == 0 ? 4 : 0;
}

static unsigned check_list(const struct span *list, unsigned class_id, bool exhausted, size_t *live)
{
    size_t object_bytes = size_class_bytes(class_id);
    for (struct span *span = span_list_first(list); span != NULL;
         span = span_list_next(list, span)) {
        unsigned broken = check_span(span, object_bytes);
        if (broken != 0)
            return broken;
        if (is_exhausted(span, object_bytes) != exhausted)
            return 5;
        *live += span->live_count;
    }
    return 0;
}

static unsigned check_ready(const struct central_class *class, size_t batch)
{
    for (size_t i = 0; i < class->ready_count; i++) {
        size_t length = 0;
        for (const void *object = class->ready[i]; object != NULL && length <= batch;
             object = free_list_next(object))
            length++;
        if (length != batch)
            return 3;
    }
    return 0;
}

static unsigned check_class_locked(struct central_class *class, unsigned class_id)
{
    lock_assert_held(&class->lock);
    size_t batch = size_class_batch(class_id);
    size_t live = 0;
    unsigned broken = check_list(&class->open, class_id, false, &live);
    if (broken == 0)
        broken = check_list(&class->exhausted, class_id, true, &live);
    if (broken == 0)
        broken = check_ready(class, batch);
    if (broken == 0 && live != class->handed_count + class->ready_count * batch)
        broken = 1;
    return broken;
}

unsigned central_cache_check(void)
{
    if (atomic_load_explicit(&ready_bytes, memory_order_relaxed) > CENTRAL_CACHE_MAX_READY_BYTES)
        return 3;
    unsigned broken = 0;
    for (unsigned class_id = 1; class_id < SIZE_CLASS_COUNT && broken == 0; class_id++) {
        lock_acquire(&classes[class_id].lock);
        broken = check_class_locked(&classes[class_id], class_id);
        lock_release(&classes[class_id].lock);
    }
    return broken;
}

/* thread_cache: see thread_cache.h for the picture and the invariants I5 to I8.
 *
 * The fast paths, a dozen instructions each once the layers are fused at link time:
 *   alloc: pop the active list; where it is empty, refill it (slow path).
 *   free:  push on the active list; where it has no room, make room (slow path).
 *
 * What the fast paths touch is kept in two dense arrays, not in a struct for each class: the heads of
 * eight classes share a cache line, and the rooms of all lie in two. (Side by side in 16 bytes they take
 * a third more time on a Zen processor: a load that follows a store to its neighbour waits.) `room` counts
 * down from the batch size to 0, so that one comparison with a constant says "full"; class 0 has no
 * objects and no room, as has each class of the shared empty cache.
 *
 * Each instruction counts here. A room is one byte, and a byte may alias the link that is stored before
 * it: so the processor compares and counts it where it lies, two instructions less than by a register.
 * They pay for the key that links are stored under.
 *
 * Read order: thread_cache_alloc, refill, thread_cache_free, make_room_and_free, then building and
 * flushing a cache. */
#include "stage2_threadcache/thread_cache.h"

#include <errno.h>
#include <pthread.h>

#include "common/caller_bug.h"
#include "common/free_list.h"
#include "common/lock.h"
#include "common/poison.h"
#include "common/thread_end.h"
#include "stage1_objectpool/object_pool.h"
#include "stage2_threadcache/size_class.h"
#include "stage3_centralcache/central_cache.h"

struct thread_cache {
    void *active[SIZE_CLASS_COUNT];           /* heads of the active lists */
    unsigned char room[SIZE_CLASS_COUNT];     /* I5: batch - objects in the active list */
    struct free_list spare[SIZE_CLASS_COUNT]; /* empty, or a list set aside whole */
    size_t fetches;
    size_t releases;
};

/* Two caches without memory: always empty, never written to, so all threads may share them. */
static struct thread_cache no_cache_yet; /* where a thread starts: its first slow path builds one */
static struct thread_cache no_cache;     /* a thread that has ended, or bypasses its cache */

static _Thread_local struct thread_cache *cache = &no_cache_yet;

static struct {
    struct lock lock;
    struct object_pool records; /* of struct thread_cache */
    size_t thread_count;
    size_t ended_fetches; /* of the threads that ended */
    size_t ended_releases;
    bool is_ready;     /* the pool and the key are made */
    bool bypass;       /* set while there is one thread, only read after that */
    pthread_key_t key; /* its destructor runs when a thread ends */
} registry;

/* Kept out of the fast paths: inlined, they would make those save registers on every call. */
static void *refill(size_t at) __attribute__((noinline));
static void make_room_and_free(void *object, size_t at) __attribute__((noinline));

/* The class is widened once, as an index and for the slow path both. */
void *thread_cache_alloc(unsigned class_id)
{
    struct thread_cache *mine = cache;
    size_t at = class_id;
    void *object = mine->active[at];
    if (__builtin_expect(object == NULL, 0))
        return refill(at);
    mine->active[at] = free_list_next(object);
    mine->room[at]++;
    return object;
}

/* I7: the object freed last is on top. The comparison sees the commonest double free for one load
 * that the push needs anyway. */
void thread_cache_free(void *object, unsigned class_id)
{
    struct thread_cache *mine = cache;
    size_t at = class_id;
    void *top = mine->active[at];
    if (__builtin_expect(object == top, 0))
        caller_bug(CALLER_BUG_DOUBLE_FREE, object);
    if (__builtin_expect(mine->room[at] == 0, 0)) {
        make_room_and_free(object, at);
        return;
    }
    free_list_set_next(object, top);
    mine->active[at] = object;
    mine->room[at]--;
}

/* --- Building a cache --- */

static void end_thread(void *record);

/* Under the registry's lock, at the first slow path of the process. */
static bool registry_is_ready_locked(void)
{
    lock_assert_held(&registry.lock);
    if (!registry.is_ready)
        registry.is_ready = object_pool_init(&registry.records, sizeof(struct thread_cache), 64) &&
                            pthread_key_create(&registry.key, end_thread) == 0;
    return registry.is_ready;
}

static struct thread_cache *new_record(void)
{
    struct thread_cache *record = NULL;
    lock_acquire(&registry.lock);
    if (registry_is_ready_locked())
        record = object_pool_alloc(&registry.records);
    if (record != NULL) {
        *record = (struct thread_cache){0};
        registry.thread_count++;
    }
    lock_release(&registry.lock);
    return record;
}

/* Where none is wanted, or can be had, the thread works without a cache, and tries again at its next call.
 * The pointer is set before pthread_setspecific, which may itself call malloc. */
static void build_cache(void)
{
    struct thread_cache *record = registry.bypass ? NULL : new_record();
    if (record == NULL)
        return;
    for (unsigned class_id = 1; class_id < SIZE_CLASS_COUNT; class_id++)
        record->room[class_id] = (unsigned char)size_class_batch(class_id);
    cache = record;
    if (pthread_setspecific(registry.key, record) != 0)
        end_thread(record); /* nobody would flush it */
}

/* Keeps errno, which building a cache may set: free asks too. */
static bool has_cache(void)
{
    int saved_errno = errno;
    if (cache == &no_cache_yet)
        build_cache();
    errno = saved_errno;
    return cache != &no_cache_yet && cache != &no_cache;
}

/* --- Slow paths --- */

static struct free_list get_active(unsigned class_id)
{
    size_t count = size_class_batch(class_id) - cache->room[class_id];
    return (struct free_list){.head = cache->active[class_id], .count = count};
}

static void set_active(unsigned class_id, struct free_list list)
{
    cache->active[class_id] = list.head;
    cache->room[class_id] = (unsigned char)(size_class_batch(class_id) - list.count);
}

static void *fetch_one(unsigned class_id)
{
    struct free_list one = {0};
    central_cache_fetch(class_id, 1, &one);
    if (poison_is_on() && one.head != NULL)
        poison_verify(one.head, size_class_bytes(class_id));
    return one.head;
}

/* I6: the active list is empty. The spare takes its place; where that is empty too, a whole batch
 * comes from below. */
static void *refill(size_t at)
{
    unsigned class_id = (unsigned)at;
    if (class_id == 0)
        return NULL;
    if (!has_cache())
        return fetch_one(class_id);
    struct free_list list = free_list_take_all(&cache->spare[class_id]);
    if (list.head == NULL) {
        cache->fetches++;
        if (central_cache_fetch(class_id, size_class_batch(class_id), &list) == 0)
            return NULL;
    }
    void *object = free_list_pop(&list);
    if (free_list_is_astray(list.head))
        caller_bug(CALLER_BUG_CORRUPT_LINK, object);
    set_active(class_id, list);
    return object;
}

static void release_one(void *object, unsigned class_id)
{
    struct free_list one = {0};
    free_list_push(&one, object);
    central_cache_release(class_id, &one);
}

/* I8: a detached thread that never called us does so when glibc clears up after it. A cache built then
 * would never be flushed. */
static bool comes_after_the_end(void)
{
    return cache == &no_cache_yet && !registry.bypass && thread_is_ending();
}

/* I6: the active list is full and becomes the spare; a spare that was full goes down whole. */
static void make_room_and_free(void *object, size_t at)
{
    unsigned class_id = (unsigned)at;
    if (comes_after_the_end() || !has_cache()) {
        release_one(object, class_id);
        return;
    }
    struct free_list full = cache->spare[class_id];
    cache->spare[class_id] = get_active(class_id);
    set_active(class_id, (struct free_list){0});
    if (full.head != NULL) {
        cache->releases++;
        central_cache_release(class_id, &full);
    }
    thread_cache_free(object, class_id);
}

/* --- Flushing, and the end of a thread --- */

static void flush_list(unsigned class_id, struct free_list list)
{
    if (list.head == NULL)
        return;
    cache->releases++;
    central_cache_release(class_id, &list);
}

void thread_cache_flush(void)
{
    if (cache == &no_cache_yet || cache == &no_cache)
        return;
    for (unsigned class_id = 1; class_id < SIZE_CLASS_COUNT; class_id++) {
        struct free_list active = get_active(class_id);
        set_active(class_id, (struct free_list){0});
        flush_list(class_id, active);
        flush_list(class_id, free_list_take_all(&cache->spare[class_id]));
    }
}

static void unregister_locked(const struct thread_cache *record)
{
    lock_assert_held(&registry.lock);
    registry.thread_count--;
    registry.ended_fetches += record->fetches;
    registry.ended_releases += record->releases;
}

/* I8: destructors of other thread-local data may run after this one and still allocate and free:
 * they find no_cache and go straight down. */
static void end_thread(void *record)
{
    thread_cache_flush();
    cache = &no_cache;
    lock_acquire(&registry.lock);
    unregister_locked(record);
    object_pool_free(&registry.records, record);
    lock_release(&registry.lock);
}

void thread_cache_bypass(bool on)
{
    registry.bypass = on;
    if (on) {
        thread_cache_flush();
        cache = &no_cache;
    }
}

/* --- fork --- */

void thread_cache_fork_prepare(void)
{
    lock_acquire_for_fork(&registry.lock, LOCK_RANK_THREAD_REGISTRY);
}

void thread_cache_fork_parent(void)
{
    lock_release(&registry.lock);
}

/* The other threads' records stay as they are: their lists may be in the middle of a change. */
void thread_cache_fork_child(void)
{
    lock_release(&registry.lock);
}

/* --- Statistics and the check function --- */

void thread_cache_stats(struct thread_cache_stats *out)
{
    *out = (struct thread_cache_stats){.fetches = cache->fetches, .releases = cache->releases};
    for (unsigned class_id = 1; class_id < SIZE_CLASS_COUNT; class_id++) {
        if (cache == &no_cache_yet || cache == &no_cache)
            break;
        size_t count = get_active(class_id).count + cache->spare[class_id].count;
        out->cached_objects += count;
        out->cached_bytes += count * size_class_bytes(class_id);
    }
    lock_acquire(&registry.lock);
    out->threads = registry.thread_count;
    out->fetches += registry.ended_fetches;
    out->releases += registry.ended_releases;
    lock_release(&registry.lock);
}

static bool check_length(struct free_list list)
{
    size_t length = 0;
    for (const void *object = list.head; object != NULL && length <= list.count;
         object = free_list_next(object))
        length++;
    return length == list.count;
}

unsigned thread_cache_check(void)
{
    if (cache == &no_cache_yet || cache == &no_cache)
        return 0;
    for (unsigned class_id = 1; class_id < SIZE_CLASS_COUNT; class_id++) {
        size_t batch = size_class_batch(class_id);
        if (cache->room[class_id] > batch || cache->spare[class_id].count > batch)
            return 5;
        if (!check_length(get_active(class_id)) || !check_length(cache->spare[class_id]))
            return 8;
    }
    return 0;
}

/* thread_cache, another design: the whole cache lies in thread-local storage.
 *
 *   newer   ▣▣▣▣        alloc and free at its top, at most a batch
 *   older   ▣▣▣▣▣▣      a list set aside whole; never split
 *
 * There is no record to build, so nothing that could fail, and no pool of records: only the destructor
 * of a pthread key is asked for, to flush when the thread ends. (A library that is loaded late has
 * little room for this; a course has enough.) */
#include "stage2_threadcache/thread_cache.h"

#include <errno.h>
#include <pthread.h>

#include "common/caller_bug.h"
#include "common/free_list.h"
#include "common/lock.h"
#include "common/poison.h"
#include "stage2_threadcache/size_class.h"
#include "stage3_centralcache/central_cache.h"

struct thread_cache {
    struct {
        struct free_list newer;
        struct free_list older;
    } classes[SIZE_CLASS_COUNT];
    size_t fetches;
    size_t releases;
};

enum thread_state { NOT_STARTED, WORKS, HAS_ENDED };

static _Thread_local struct thread_cache own;
static _Thread_local enum thread_state state;

static struct {
    struct lock lock;
    size_t thread_count;
    size_t ended_fetches;
    size_t ended_releases;
    bool is_ready;
    bool bypass;
    pthread_key_t key;
} registry;

/* --- A thread begins and ends --- */

static void end_thread(void *unused)
{
    (void)unused;
    thread_cache_flush();
    state = HAS_ENDED;
    lock_acquire(&registry.lock);
    registry.thread_count--;
    registry.ended_fetches += own.fetches;
    registry.ended_releases += own.releases;
    lock_release(&registry.lock);
    own.fetches = own.releases = 0;
}

static bool begin_thread(void)
{
    lock_acquire(&registry.lock);
    if (!registry.is_ready)
        registry.is_ready = pthread_key_create(&registry.key, end_thread) == 0;
    bool is_ready = registry.is_ready;
    registry.thread_count += is_ready;
    lock_release(&registry.lock);
    return is_ready;
}

/* Whether the thread keeps anything. Keeps errno. */
static bool has_cache(void)
{
    if (state == NOT_STARTED && !registry.bypass) {
        int saved_errno = errno;
        if (begin_thread()) {
            state = WORKS;
            if (pthread_setspecific(registry.key, &own) != 0)
                end_thread(NULL);
        }
        errno = saved_errno;
    }
    return state == WORKS && !registry.bypass;
}

/* --- Taking and giving --- */

static void *fetch_one(unsigned class_id)
{
    struct free_list one = {0};
    central_cache_fetch(class_id, 1, &one);
    if (poison_is_on() && one.head != NULL)
        poison_verify(one.head, size_class_bytes(class_id));
    return one.head;
}

/* The newer list is empty: the older one takes its place, or a batch from below. */
static void refill(unsigned class_id)
{
    own.classes[class_id].newer = free_list_take_all(&own.classes[class_id].older);
    if (own.classes[class_id].newer.head != NULL)
        return;
    own.fetches++;
    central_cache_fetch(class_id, size_class_batch(class_id), &own.classes[class_id].newer);
}

void *thread_cache_alloc(unsigned class_id)
{
    if (class_id == 0)
        return NULL;
    if (!has_cache())
        return fetch_one(class_id);
    if (own.classes[class_id].newer.head == NULL)
        refill(class_id);
    return free_list_pop(&own.classes[class_id].newer);
}

static void send_down(unsigned class_id, struct free_list list)
{
    if (list.count == 0)
        return;
    own.releases++;
    central_cache_release(class_id, &list);
}

void thread_cache_free(void *object, unsigned class_id)
{
    struct free_list one = {0};
    if (!has_cache()) {
        free_list_push(&one, object);
        central_cache_release(class_id, &one);
        return;
    }
    struct free_list *newer = &own.classes[class_id].newer;
    struct free_list *older = &own.classes[class_id].older;
    if (object == newer->head || (newer->head == NULL && object == older->head))
        caller_bug(CALLER_BUG_DOUBLE_FREE, object);
    if (newer->count == size_class_batch(class_id)) {
        struct free_list oldest = *older;
        *older = free_list_take_all(newer);
        send_down(class_id, oldest);
    }
    free_list_push(newer, object);
}

void thread_cache_flush(void)
{
    for (unsigned class_id = 1; class_id < SIZE_CLASS_COUNT; class_id++) {
        send_down(class_id, free_list_take_all(&own.classes[class_id].newer));
        send_down(class_id, free_list_take_all(&own.classes[class_id].older));
    }
}

void thread_cache_bypass(bool on)
{
    registry.bypass = on;
    thread_cache_flush();
}

/* --- fork, statistics, check --- */

void thread_cache_fork_prepare(void)
{
    lock_acquire_for_fork(&registry.lock, LOCK_RANK_THREAD_REGISTRY);
}

void thread_cache_fork_parent(void)
{
    lock_release(&registry.lock);
}

void thread_cache_fork_child(void)
{
    lock_release(&registry.lock);
}

void thread_cache_stats(struct thread_cache_stats *out)
{
    *out = (struct thread_cache_stats){0};
    for (unsigned class_id = 1; class_id < SIZE_CLASS_COUNT; class_id++) {
        size_t count = own.classes[class_id].newer.count + own.classes[class_id].older.count;
        out->cached_objects += count;
        out->cached_bytes += count * size_class_bytes(class_id);
    }
    lock_acquire(&registry.lock);
    out->threads = registry.thread_count;
    out->fetches = registry.ended_fetches + own.fetches;
    out->releases = registry.ended_releases + own.releases;
    lock_release(&registry.lock);
}

static size_t length_of(const struct free_list *list)
{
    size_t length = 0;
    for (const void *object = list->head; object != NULL && length <= list->count;
         object = free_list_next(object))
        length++;
    return length;
}

unsigned thread_cache_check(void)
{
    for (unsigned class_id = 1; class_id < SIZE_CLASS_COUNT; class_id++) {
        const struct free_list *newer = &own.classes[class_id].newer;
        const struct free_list *older = &own.classes[class_id].older;
        if (length_of(newer) != newer->count || length_of(older) != older->count)
            return 8;
        if (newer->count + older->count > 2 * size_class_batch(class_id))
            return 5;
    }
    return 0;
}

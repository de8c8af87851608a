/* thread_cache, another design: one list a class, whose fetches start small and double.
 *
 *   list    ▣▣▣▣▣▣▣▣▣▣▣▣        at most two batches; alloc and free at its top
 *   want    1, 2, 4, … batch    how many the next fetch asks for
 *
 * A thread that needs one object of a class fetches one; one that needs many soon fetches whole batches.
 * A list that is full keeps its upper half and sends the lower one down, since what was freed last
 * is what will be wanted next: that walks over half of the list, once for each batch of frees. */
#include "stage2_threadcache/thread_cache.h"

#include <errno.h>
#include <pthread.h>

#include "common/caller_bug.h"
#include "common/free_list.h"
#include "common/lock.h"
#include "common/poison.h"
#include "stage1_objectpool/object_pool.h"
#include "stage2_threadcache/size_class.h"
#include "stage3_centralcache/central_cache.h"

struct thread_cache {
    struct {
        struct free_list list;
        size_t want;
    } classes[SIZE_CLASS_COUNT];
    size_t fetches;
    size_t releases;
};

enum thread_state { NOT_STARTED, WORKS, HAS_ENDED };

static _Thread_local struct thread_cache *own; /* NULL: calls go straight down */
static _Thread_local enum thread_state state;

static struct {
    struct lock lock;
    struct object_pool records;
    size_t thread_count;
    size_t ended_fetches;
    size_t ended_releases;
    bool is_ready;
    bool bypass;
    pthread_key_t key;
} registry;

/* --- A thread's cache comes and goes --- */

static void end_thread(void *record)
{
    struct thread_cache *ending = record;
    thread_cache_flush();
    own = NULL;
    state = HAS_ENDED;
    lock_acquire(&registry.lock);
    registry.thread_count--;
    registry.ended_fetches += ending->fetches;
    registry.ended_releases += ending->releases;
    object_pool_free(&registry.records, ending);
    lock_release(&registry.lock);
}

static struct thread_cache *new_record(void)
{
    struct thread_cache *record = NULL;
    lock_acquire(&registry.lock);
    if (!registry.is_ready)
        registry.is_ready = object_pool_init(&registry.records, sizeof *record, 64) &&
                            pthread_key_create(&registry.key, end_thread) == 0;
    if (registry.is_ready)
        record = object_pool_alloc(&registry.records);
    if (record != NULL) {
        *record = (struct thread_cache){.fetches = 0};
        registry.thread_count++;
    }
    lock_release(&registry.lock);
    return record;
}

/* Returns the thread's cache; NULL where it has none (now). Keeps errno. */
static struct thread_cache *get(void)
{
    if (state != NOT_STARTED || registry.bypass)
        return own;
    int saved_errno = errno;
    own = new_record();
    if (own != NULL) {
        state = WORKS;
        if (pthread_setspecific(registry.key, own) != 0)
            end_thread(own);
    }
    errno = saved_errno;
    return own;
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

static void fetch(struct thread_cache *cache, unsigned class_id)
{
    size_t batch = size_class_batch(class_id);
    size_t want = cache->classes[class_id].want;
    want = want == 0 ? 1 : want > batch ? batch : want;
    cache->fetches++;
    if (central_cache_fetch(class_id, want, &cache->classes[class_id].list) != 0)
        cache->classes[class_id].want = 2 * want;
}

void *thread_cache_alloc(unsigned class_id)
{
    if (class_id == 0)
        return NULL;
    struct thread_cache *cache = get();
    if (cache == NULL)
        return fetch_one(class_id);
    if (cache->classes[class_id].list.head == NULL)
        fetch(cache, class_id);
    return free_list_pop(&cache->classes[class_id].list);
}

/* Cuts the list after `count` objects; returns what lay below. */
static struct free_list cut_after(struct free_list *list, size_t count)
{
    void *last = list->head;
    for (size_t walked = 1; walked < count; walked++)
        last = free_list_next(last);
    struct free_list rest = {free_list_next(last), list->count - count};
    free_list_set_next(last, NULL);
    list->count = count;
    return rest;
}

static void send_down(struct thread_cache *cache, unsigned class_id, struct free_list *list)
{
    if (list->count == 0)
        return;
    cache->releases++;
    central_cache_release(class_id, list);
}

void thread_cache_free(void *object, unsigned class_id)
{
    struct thread_cache *cache = get();
    struct free_list one = {0};
    if (cache == NULL) {
        free_list_push(&one, object);
        central_cache_release(class_id, &one);
        return;
    }
    struct free_list *list = &cache->classes[class_id].list;
    size_t batch = size_class_batch(class_id);
    if (object == list->head)
        caller_bug(CALLER_BUG_DOUBLE_FREE, object);
    if (list->count == 2 * batch) {
        struct free_list lower = cut_after(list, batch);
        send_down(cache, class_id, &lower);
    }
    free_list_push(list, object);
}

void thread_cache_flush(void)
{
    if (own == NULL)
        return;
    for (unsigned class_id = 1; class_id < SIZE_CLASS_COUNT; class_id++) {
        struct free_list all = free_list_take_all(&own->classes[class_id].list);
        if (all.count > size_class_batch(class_id)) {
            struct free_list lower = cut_after(&all, size_class_batch(class_id));
            send_down(own, class_id, &lower);
        }
        send_down(own, class_id, &all);
    }
}

void thread_cache_bypass(bool on)
{
    registry.bypass = on;
    thread_cache_flush();
    if (on && own != NULL)
        own = NULL;
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
    for (unsigned class_id = 1; own != NULL && class_id < SIZE_CLASS_COUNT; class_id++) {
        out->cached_objects += own->classes[class_id].list.count;
        out->cached_bytes += own->classes[class_id].list.count * size_class_bytes(class_id);
    }
    lock_acquire(&registry.lock);
    out->threads = registry.thread_count;
    out->fetches = registry.ended_fetches + (own == NULL ? 0 : own->fetches);
    out->releases = registry.ended_releases + (own == NULL ? 0 : own->releases);
    lock_release(&registry.lock);
}

unsigned thread_cache_check(void)
{
    for (unsigned class_id = 1; own != NULL && class_id < SIZE_CLASS_COUNT; class_id++) {
        const struct free_list *list = &own->classes[class_id].list;
        size_t length = 0;
        for (const void *object = list->head; object != NULL && length <= list->count;
             object = free_list_next(object))
            length++;
        if (length != list->count)
            return 8;
        if (length > 2 * size_class_batch(class_id))
            return 5;
    }
    return 0;
}

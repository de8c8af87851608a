/* thread_cache, another design: stacks that are arrays of pointers, one a class.
 *
 *   stack   │ ▪ ▪ ▪ ▪ ▪ ▪ · · · · │      two batches long; `used` says where its top is
 *             oldest    newest
 *
 * Objects are not touched while they are here: links are written only on their way down, and read only
 * on their way up. When a stack is full its older half goes down, and the newer half moves to its
 * start. All stacks of a thread lie in one array, one behind the other. */
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

/* All batches together, twice; object pools have room for that. */
enum { MOST_POINTERS = 4096 };

struct thread_cache {
    unsigned first[SIZE_CLASS_COUNT]; /* where in `pointers` the class's stack starts */
    unsigned used[SIZE_CLASS_COUNT];
    size_t fetches;
    size_t releases;
    void *pointers[MOST_POINTERS];
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

static void lay_out(struct thread_cache *record)
{
    unsigned first = 0;
    record->fetches = record->releases = 0;
    for (unsigned class_id = 0; class_id < SIZE_CLASS_COUNT; class_id++) {
        record->first[class_id] = first;
        record->used[class_id] = 0;
        first += 2 * (unsigned)size_class_batch(class_id);
    }
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
    registry.thread_count += record != NULL;
    lock_release(&registry.lock);
    if (record != NULL)
        lay_out(record);
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

static void **stack_of(struct thread_cache *cache, unsigned class_id)
{
    return &cache->pointers[cache->first[class_id]];
}

static void fetch(struct thread_cache *cache, unsigned class_id)
{
    struct free_list list = {0};
    void **stack = stack_of(cache, class_id);
    cache->fetches++;
    central_cache_fetch(class_id, size_class_batch(class_id), &list);
    while (list.head != NULL)
        stack[cache->used[class_id]++] = free_list_pop(&list);
}

void *thread_cache_alloc(unsigned class_id)
{
    if (class_id == 0)
        return NULL;
    struct thread_cache *cache = get();
    if (cache == NULL)
        return fetch_one(class_id);
    if (cache->used[class_id] == 0)
        fetch(cache, class_id);
    if (cache->used[class_id] == 0)
        return NULL;
    return stack_of(cache, class_id)[--cache->used[class_id]];
}

/* Send the `count` oldest objects of a class down; at most a batch at a time. */
static void send_oldest(struct thread_cache *cache, unsigned class_id, unsigned count)
{
    struct free_list list = {0};
    void **stack = stack_of(cache, class_id);
    for (unsigned at = 0; at < count; at++)
        free_list_push(&list, stack[at]);
    for (unsigned at = count; at < cache->used[class_id]; at++)
        stack[at - count] = stack[at];
    cache->used[class_id] -= count;
    if (list.count == 0)
        return;
    cache->releases++;
    central_cache_release(class_id, &list);
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
    void **stack = stack_of(cache, class_id);
    unsigned batch = (unsigned)size_class_batch(class_id);
    if (cache->used[class_id] != 0 && object == stack[cache->used[class_id] - 1])
        caller_bug(CALLER_BUG_DOUBLE_FREE, object);
    if (cache->used[class_id] == 2 * batch)
        send_oldest(cache, class_id, batch);
    stack[cache->used[class_id]++] = object;
}

void thread_cache_flush(void)
{
    if (own == NULL)
        return;
    for (unsigned class_id = 1; class_id < SIZE_CLASS_COUNT; class_id++) {
        unsigned batch = (unsigned)size_class_batch(class_id);
        if (own->used[class_id] > batch)
            send_oldest(own, class_id, batch);
        send_oldest(own, class_id, own->used[class_id]);
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
        out->cached_objects += own->used[class_id];
        out->cached_bytes += own->used[class_id] * size_class_bytes(class_id);
    }
    lock_acquire(&registry.lock);
    out->threads = registry.thread_count;
    out->fetches = registry.ended_fetches + (own == NULL ? 0 : own->fetches);
    out->releases = registry.ended_releases + (own == NULL ? 0 : own->releases);
    lock_release(&registry.lock);
}

unsigned thread_cache_check(void)
{
    for (unsigned class_id = 1; own != NULL && class_id < SIZE_CLASS_COUNT; class_id++)
        if (own->used[class_id] > 2 * size_class_batch(class_id))
            return 5;
    return 0;
}

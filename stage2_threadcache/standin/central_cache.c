/* The stand-in of the central cache: see central_cache_standin.h. One plain mutex guards it all; not
 * a struct lock, so that the lock rules see only the locks of the code under test. */
#include <errno.h>
#include <pthread.h>

#include "common/lock.h"
#include "common/testing/test.h"
#include "stage2_threadcache/size_class.h"
#include "stage2_threadcache/standin/central_cache_standin.h"
#include "stage2_threadcache/standin/object_table.h"
#include "stage3_centralcache/central_cache.h"

static struct {
    pthread_mutex_t mutex;
    struct central_standin_counts counts[SIZE_CLASS_COUNT];
    size_t fail_in;
    bool fail_all;
    size_t most_given;
} state = {.mutex = PTHREAD_MUTEX_INITIALIZER};

static void check_call(const char *function, unsigned class_id)
{
    CHECK(class_id >= 1 && class_id < SIZE_CLASS_COUNT, "%s was called for class %u", function,
          class_id);
    CHECK(lock_held_count() == 0, "%s was called while a lock is held", function);
}

/* --- Fetch --- */

static size_t count_to_give_locked(size_t want)
{
    if (state.fail_all || (state.fail_in != 0 && --state.fail_in == 0))
        return 0;
    return state.most_given != 0 && want > state.most_given ? state.most_given : want;
}

static size_t fetch_locked(unsigned class_id, size_t want, struct free_list *out)
{
    struct central_standin_counts *counts = &state.counts[class_id];
    size_t count = count_to_give_locked(want);
    for (size_t i = 0; i < count; i++)
        free_list_push(out, object_table_hand_out(class_id)->object);
    counts->fetches++;
    if (want > counts->largest_fetch)
        counts->largest_fetch = want;
    counts->out += count;
    if (counts->out > counts->most_out)
        counts->most_out = counts->out;
    return count;
}

size_t central_cache_fetch(unsigned class_id, size_t want, struct free_list *out)
{
    check_call("central_cache_fetch", class_id);
    CHECK(want >= 1, "central_cache_fetch was asked for no object");
    CHECK(out->head == NULL && out->count == 0, "central_cache_fetch needs an empty list");
    pthread_mutex_lock(&state.mutex);
    size_t count = fetch_locked(class_id, want, out);
    pthread_mutex_unlock(&state.mutex);
    if (count == 0)
        errno = ENOMEM;
    return count;
}

/* --- Release --- */

/* Returns the object's link, which is read only once it is known to be an object. */
static void *take_back_locked(unsigned class_id, void *object)
{
    struct record *record = object_table_find(object);
    CHECK(record != NULL, "central_cache_release was given %p, which it never handed out", object);
    CHECK(record->is_out, "central_cache_release was given object %p twice", object);
    CHECK(record->class_id == class_id, "object %p of class %u was released to class %u", object,
          record->class_id, class_id);
    void *next = free_list_next(object);
    object_table_take_back(record);
    return next;
}

static void release_locked(unsigned class_id, struct free_list list)
{
    struct central_standin_counts *counts = &state.counts[class_id];
    for (size_t i = 0; i < list.count; i++) {
        CHECK(list.head != NULL, "a list of %zu objects was released that ends after %zu",
              list.count, i);
        list.head = take_back_locked(class_id, list.head);
    }
    CHECK(list.head == NULL, "a list of %zu objects was released that goes on after them",
          list.count);
    counts->releases++;
    if (list.count > counts->largest_release)
        counts->largest_release = list.count;
    counts->out -= list.count;
}

void central_cache_release(unsigned class_id, struct free_list *objects)
{
    check_call("central_cache_release", class_id);
    CHECK(objects->count >= 1, "central_cache_release was given no object");
    pthread_mutex_lock(&state.mutex);
    release_locked(class_id, *objects);
    pthread_mutex_unlock(&state.mutex);
    *objects = (struct free_list){0};
}

/* --- The rest of central_cache.h --- */

/* Nothing is kept ready here. */
void central_cache_flush(void)
{
}

void central_cache_fork_prepare(void)
{
    pthread_mutex_lock(&state.mutex);
}

void central_cache_fork_parent(void)
{
    pthread_mutex_unlock(&state.mutex);
}

void central_cache_fork_child(void)
{
    pthread_mutex_unlock(&state.mutex);
}

void central_cache_stats(struct central_cache_stats *out)
{
    *out = (struct central_cache_stats){0};
    for (unsigned class_id = 1; class_id < SIZE_CLASS_COUNT; class_id++) {
        struct central_standin_counts counts = central_standin_counts(class_id);
        out->fetches += counts.fetches;
        out->releases += counts.releases;
        out->handed_objects += counts.out;
        out->handed_bytes += counts.out * central_standin_bytes(class_id);
    }
}

unsigned central_cache_check(void)
{
    return 0;
}

/* --- What tests ask for --- */

struct central_standin_counts central_standin_counts(unsigned class_id)
{
    pthread_mutex_lock(&state.mutex);
    struct central_standin_counts counts = state.counts[class_id];
    pthread_mutex_unlock(&state.mutex);
    return counts;
}

size_t central_standin_out(void)
{
    struct central_cache_stats stats;
    central_cache_stats(&stats);
    return stats.handed_objects;
}

bool central_standin_is_out(const void *object, unsigned class_id)
{
    pthread_mutex_lock(&state.mutex);
    const struct record *record = object_table_find(object);
    bool is_out = record != NULL && record->class_id == class_id && record->is_out;
    pthread_mutex_unlock(&state.mutex);
    return is_out;
}

void central_standin_fail_fetch(size_t nth)
{
    pthread_mutex_lock(&state.mutex);
    state.fail_in = nth;
    pthread_mutex_unlock(&state.mutex);
}

void central_standin_fail_all_fetches(bool fail)
{
    pthread_mutex_lock(&state.mutex);
    state.fail_all = fail;
    pthread_mutex_unlock(&state.mutex);
}

void central_standin_give_at_most(size_t count)
{
    pthread_mutex_lock(&state.mutex);
    state.most_given = count;
    pthread_mutex_unlock(&state.mutex);
}

void central_standin_spoil(void *object, size_t at)
{
    pthread_mutex_lock(&state.mutex);
    struct record *record = object_table_find(object);
    CHECK(record != NULL && !record->is_out, "object %p should be back by now", object);
    object_table_spoil(record, at);
    pthread_mutex_unlock(&state.mutex);
}

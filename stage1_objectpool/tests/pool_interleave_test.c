/* The object pool with several threads: it has no lock of its own, and needs nothing but its owner's. */
#include <pthread.h>

#include "common/testing/interleave/interleave.h"
#include "common/testing/os_memory_standin.h"
#include "common/testing/property/property.h"
#include "common/testing/property/shadow.h"
#include "stage1_objectpool/object_pool.h"

enum { THREADS = 3, ROUNDS = 3, OBJECT_BYTES = 40 };

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static struct object_pool shared;
static struct object_pool own[THREADS];
static struct shadow shadow;

static void *take_locked(struct object_pool *pool)
{
    pthread_mutex_lock(&mutex);
    void *object = object_pool_alloc(pool);
    pthread_mutex_unlock(&mutex);
    return object;
}

static void share_a_pool(unsigned index, void *unused)
{
    (void)index;
    (void)unused;
    for (int round = 0; round < ROUNDS; round++) {
        void *first = take_locked(&shared);
        PROPERTY_CHECK(shadow_add(&shadow, first, OBJECT_BYTES, 8));
        void *second = take_locked(&shared);
        PROPERTY_CHECK(shadow_add(&shadow, second, OBJECT_BYTES, 8));
        PROPERTY_CHECK(shadow_remove(&shadow, first));
        PROPERTY_CHECK(shadow_remove(&shadow, second));
        pthread_mutex_lock(&mutex);
        object_pool_free(&shared, first);
        object_pool_free(&shared, second);
        pthread_mutex_unlock(&mutex);
    }
}

TEST(object_pool_interleave, is_guarded_by_its_owners_lock, .points = 0, .invariant = "I1",
     .section = "1.4", .hint = "All that a call reads and writes is in the pool that it is given.")
{
    CHECK(object_pool_init(&shared, OBJECT_BYTES, 8), "object_pool_init failed");
    test_run_threads(THREADS, share_a_pool, NULL);
    CHECK_EQUAL(object_pool_live_count(&shared), 0, "live objects after all came back");
    object_pool_destroy(&shared);
    CHECK_EQUAL(os_standin_live_regions(), 0, "regions mapped after destroy");
}

/* No lock at all: a static variable in the pool's code is found out. */
static void use_own_pool(unsigned index, void *unused)
{
    (void)unused;
    for (int round = 0; round < ROUNDS; round++) {
        void *object = object_pool_alloc(&own[index]);
        PROPERTY_CHECK(shadow_add(&shadow, object, OBJECT_BYTES << index, 8));
        PROPERTY_CHECK(shadow_remove(&shadow, object));
        object_pool_free(&own[index], object);
    }
    object_pool_destroy(&own[index]);
}

TEST(object_pool_interleave, shares_nothing_between_two_pools, .points = 0, .invariant = "I4",
     .section = "1.4", .hint = "No static variables: all state is in struct object_pool.")
{
    for (unsigned i = 0; i < THREADS; i++)
        CHECK(object_pool_init(&own[i], OBJECT_BYTES << i, 8), "object_pool_init failed");
    test_run_threads(THREADS, use_own_pool, NULL);
    CHECK_EQUAL(os_standin_live_regions(), 0, "regions mapped after all pools were destroyed");
}

/* Work is counted, not timed: a pair of calls costs the same with 10 free objects and with 10,000. */
static size_t accesses_of_a_pair(size_t free_count)
{
    static void *objects[10000];
    CHECK(object_pool_init(&shared, OBJECT_BYTES, 8), "object_pool_init failed");
    for (size_t i = 0; i < free_count; i++)
        objects[i] = object_pool_alloc(&shared);
    for (size_t i = 0; i < free_count; i++)
        object_pool_free(&shared, objects[i]);
    size_t before = interleave_accesses();
    object_pool_free(&shared, object_pool_alloc(&shared));
    size_t after = interleave_accesses();
    object_pool_destroy(&shared);
    return after - before;
}

TEST(object_pool_interleave, costs_the_same_however_many_are_free, .points = 0, .invariant = "I3",
     .section = "1.4", .hint = "Nothing that alloc and free do should walk a list.")
{
    CHECK_AT_MOST(accesses_of_a_pair(10000), accesses_of_a_pair(10),
                  "memory accesses of alloc and free with 10,000 objects free, and with 10");
}

/* What an object pool does, one sentence a test. The limits and failures are in
 * object_pool_limits_test.c. */
#include <stdlib.h>

#include "common/os_memory.h"
#include "common/testing/os_memory_standin.h"
#include "common/testing/test.h"
#include "stage1_objectpool/object_pool.h"

/* Tests of the tasks before destroy leave their pools behind: a test is a process. */
static struct object_pool *make_pool(size_t object_bytes, size_t alignment)
{
    static struct object_pool pools[8];
    static size_t made;
    struct object_pool *pool = &pools[made++];
    CHECK(object_pool_init(pool, object_bytes, alignment),
          "object_pool_init(%zu bytes, alignment %zu): expected true, got false", object_bytes,
          alignment);
    return pool;
}

static void *take(struct object_pool *pool)
{
    void *object = object_pool_alloc(pool);
    CHECK(object != NULL, "object_pool_alloc: expected an object, got NULL");
    return object;
}

TEST(object_pool, hands_out_an_object, .points = 4, .invariant = "I1", .section = "1.2",
     .hint = "Map a chunk when there is none, and cut the first object off its tail.")
{
    struct object_pool *pool = make_pool(48, 16);
    char *object = take(pool);
    CHECK(os_standin_covers(object, 48), "expected an object inside a region of os_memory, got %p",
          (void *)object);
    test_fill(object, 48, 1);
    test_check_filled(object, 48, 1);
}

enum { PLACES = 500 };

/* A shadow of the pool: each live object is filled with its own pattern, which must be there when
 * the object goes back. Overlapping objects, or one handed out twice, overwrite a pattern. */
struct shadow_work {
    struct object_pool *pool;
    size_t object_bytes; /* that are filled; 0 where only the count is looked at */
    void *live[PLACES];
    size_t live_count;
};

static void take_or_free(struct shadow_work *work, size_t place)
{
    void **object = &work->live[place];
    if (*object == NULL) {
        *object = take(work->pool);
        test_fill(*object, work->object_bytes, place);
        work->live_count++;
    } else {
        test_check_filled(*object, work->object_bytes, place);
        object_pool_free(work->pool, *object);
        *object = NULL;
        work->live_count--;
    }
}

TEST(object_pool, counts_its_live_objects, .points = 4, .invariant = "I1", .section = "1.3",
     .needs = "object_pool/hands_out_an_object",
     .hint =
         "One more for each object handed out, whether it is new or was free; one less for each "
         "that comes back. NULL is no object: free ignores it.")
{
    enum { STEPS = 5000 };
    static struct shadow_work work;
    struct test_random random = test_random_start(1);
    struct object_pool *pool = make_pool(24, 8);
    CHECK_EQUAL(object_pool_live_count(pool), 0, "live objects of a new pool");
    void *first = take(pool);
    void *second = take(pool);
    CHECK_EQUAL(object_pool_live_count(pool), 2, "live objects after two were handed out");
    object_pool_free(pool, first);
    CHECK_EQUAL(object_pool_live_count(pool), 1, "live objects after one came back");
    object_pool_free(pool, second);
    CHECK_EQUAL(object_pool_live_count(pool), 0, "live objects after both came back");
    object_pool_free(pool, NULL);
    CHECK_EQUAL(object_pool_live_count(pool), 0, "live objects after NULL was freed");
    work.pool = pool;
    for (size_t step = 0; step < STEPS; step++) {
        take_or_free(&work, test_random_below(&random, PLACES));
        CHECK_EQUAL(object_pool_live_count(pool), work.live_count, "live objects");
    }
}

TEST(object_pool, hands_back_the_object_freed_last, .points = 6, .invariant = "I3",
     .section = "1.3", .needs = "object_pool/hands_out_an_object",
     .hint = "The list of free objects is a stack: push on free, pop on alloc. Advance its head.")
{
    struct object_pool *pool = make_pool(64, 16);
    void *first = take(pool);
    void *second = take(pool);
    void *third = take(pool);
    object_pool_free(pool, second);
    object_pool_free(pool, first);
    object_pool_free(pool, third);
    void *const expected[] = {third, first, second};
    for (size_t i = 0; i < 3; i++) {
        void *object = take(pool);
        CHECK(object == expected[i], "freed second, first, third; alloc %zu: expected %p, got %p",
              i + 1, expected[i], object);
    }
}

TEST(object_pool, maps_no_chunk_while_an_object_is_free, .points = 6, .invariant = "I3",
     .section = "1.3", .needs = "object_pool/hands_out_an_object",
     .hint = "Look at the list of free objects before the chunk's tail.")
{
    enum { COUNT = 10000 };
    struct object_pool *pool = make_pool(128, 16);
    static void *objects[COUNT];
    for (size_t i = 0; i < COUNT; i++)
        objects[i] = take(pool);
    struct os_memory_stats before;
    os_memory_stats(&before);
    for (int round = 0; round < 3; round++) {
        for (size_t i = 0; i < COUNT; i++)
            object_pool_free(pool, objects[i]);
        for (size_t i = 0; i < COUNT; i++)
            objects[i] = take(pool);
    }
    struct os_memory_stats after;
    os_memory_stats(&after);
    CHECK_EQUAL(after.map_calls, before.map_calls, "os_memory_map calls while all objects return");
}

TEST(object_pool, gives_every_chunk_back, .points = 6, .invariant = "I4", .section = "1.4",
     .needs = "object_pool/hands_out_an_object",
     .hint = "Chain the chunks through a header at their start; read the link before you unmap.")
{
    struct object_pool *pool = make_pool(1000, 8);
    for (int i = 0; i < 1000; i++)
        take(pool);
    struct os_memory_stats stats;
    os_memory_stats(&stats);
    CHECK_AT_MOST(8, os_standin_live_regions(), "chunks behind 1000 objects of 1000 bytes");
    object_pool_destroy(pool);
    CHECK_EQUAL(os_standin_live_regions(), 0, "regions still mapped after destroy");
    CHECK_EQUAL(object_pool_live_count(pool), 0, "live objects after destroy");
}

TEST(object_pool, works_on_after_destroy, .points = 4, .invariant = "I4", .section = "1.4",
     .needs = "object_pool/hands_out_an_object",
     .hint = "Destroy leaves the pool as init made it: no free object may survive its chunk.")
{
    struct object_pool *pool = make_pool(40, 8);
    void *kept = take(pool);
    object_pool_free(pool, kept);
    object_pool_destroy(pool);
    object_pool_destroy(pool);
    char *object = take(pool);
    CHECK(os_standin_covers(object, 40), "after destroy, alloc returned %p, which is not mapped",
          (void *)object);
    test_fill(object, 40, 7);
    object_pool_destroy(pool);
    CHECK_EQUAL(os_standin_live_regions(), 0, "regions still mapped after the second destroy");
}

TEST(object_pool, asks_for_chunks_of_128_KiB, .points = 4, .invariant = "I4", .section = "1.2",
     .needs = "object_pool/hands_out_an_object",
     .hint = "OBJECT_POOL_CHUNK_BYTES for each chunk, whatever the object's size.")
{
    struct object_pool *pool = make_pool(512, 16);
    for (int i = 0; i < 1000; i++)
        take(pool);
    struct os_memory_stats stats;
    os_memory_stats(&stats);
    CHECK_EQUAL(stats.mapped_bytes, stats.map_calls * OBJECT_POOL_CHUNK_BYTES,
                "bytes mapped for the chunks");
    CHECK_AT_MOST(stats.map_calls, 5, "chunks mapped for 1000 objects of 512 bytes");
}

TEST(object_pool, keeps_two_pools_apart, .points = 4, .invariant = "I1", .section = "1.3",
     .needs = "object_pool/hands_out_an_object",
     .hint = "All state is in the struct that the caller passes; no static variables.")
{
    struct object_pool *small = make_pool(16, 8);
    struct object_pool *large = make_pool(4096, 64);
    char *a = take(small);
    char *b = take(large);
    object_pool_free(small, a);
    CHECK_EQUAL(object_pool_live_count(large), 1, "live objects of the other pool");
    char *c = take(large);
    CHECK(c != a, "the large pool handed out %p, freed in the small pool", (void *)c);
    test_fill(b, 4096, 2);
    test_fill(c, 4096, 3);
    test_check_filled(b, 4096, 2);
    test_check_filled(c, 4096, 3);
}

TEST(object_pool, keeps_live_objects_apart_over_random_work, .points = 4, .invariant = "I2",
     .section = "1.3", .needs = "object_pool/hands_out_an_object",
     .hint = "Is any object handed out twice, or cut so that it overlaps its neighbour?")
{
    enum { STEPS = 20000 };
    static const size_t sizes[] = {1, 8, 24, 100, 1024};
    static struct shadow_work works[sizeof sizes / sizeof *sizes];
    struct test_random random = test_random_start(1);
    for (size_t s = 0; s < sizeof sizes / sizeof *sizes; s++) {
        works[s].pool = make_pool(sizes[s], 1);
        works[s].object_bytes = sizes[s];
        for (size_t step = 0; step < (test_is_slowed() ? STEPS / 5 : STEPS); step++)
            take_or_free(&works[s], test_random_below(&random, PLACES));
    }
}

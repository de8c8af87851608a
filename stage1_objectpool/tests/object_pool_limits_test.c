/* Borders of the object pool: every size and alignment, ends of chunks, failing memory, caller's
 * bugs. */
#include <errno.h>
#include <stdint.h>
#include <stdlib.h>

#include "common/os_memory.h"
#include "common/testing/os_memory_standin.h"
#include "common/testing/test.h"
#include "stage1_objectpool/object_pool.h"

TEST(object_pool_limits, refuses_what_is_out_of_range, .points = 4, .invariant = "I2",
     .section = "1.1", .hint = "Check both numbers before anything else; errno = EINVAL.")
{
    static const struct {
        size_t object_bytes;
        size_t alignment;
    } wrong[] = {{0, 8},
                 {OBJECT_POOL_MAX_OBJECT_BYTES + 1, 8},
                 {SIZE_MAX, 8},
                 {16, 0},
                 {16, 3},
                 {16, 24},
                 {16, 2 * PAGE_BYTES}};
    struct object_pool pool;
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        errno = 0;
        CHECK(!object_pool_init(&pool, wrong[i].object_bytes, wrong[i].alignment),
              "object_pool_init(%zu bytes, alignment %zu): expected false, got true",
              wrong[i].object_bytes, wrong[i].alignment);
        CHECK_EQUAL(errno, EINVAL, "errno");
    }
    CHECK_EQUAL(os_standin_live_regions(), 0, "regions mapped by object_pool_init");
}

static uintptr_t overlap_of(const char *low, const char *high, size_t bytes)
{
    return high < low                     ? overlap_of(high, low, bytes)
           : (size_t)(high - low) < bytes ? bytes - (size_t)(high - low)
                                          : 0;
}

/* Three objects of each size and alignment: aligned, apart, and fit to be filled to the last byte. */
static void check_size_and_alignment(size_t object_bytes, size_t alignment)
{
    struct object_pool pool;
    CHECK(object_pool_init(&pool, object_bytes, alignment),
          "object_pool_init(%zu bytes, alignment %zu): expected true, got false", object_bytes,
          alignment);
    char *objects[3];
    for (size_t i = 0; i < 3; i++) {
        objects[i] = object_pool_alloc(&pool);
        CHECK(objects[i] != NULL, "%zu bytes, alignment %zu: expected object %zu, got NULL",
              object_bytes, alignment, i + 1);
        CHECK((uintptr_t)objects[i] % alignment == 0, "%zu bytes: %p is not a multiple of %zu",
              object_bytes, (void *)objects[i], alignment);
        CHECK(os_standin_covers(objects[i], object_bytes),
              "object %p of %zu bytes does not lie whole inside a chunk", (void *)objects[i],
              object_bytes);
        for (size_t j = 0; j < i; j++)
            CHECK(overlap_of(objects[i], objects[j], object_bytes) == 0,
                  "objects %p and %p of %zu bytes overlap", (void *)objects[j], (void *)objects[i],
                  object_bytes);
    }
    object_pool_destroy(&pool);
}

TEST(object_pool_limits, serves_every_size_at_every_alignment, .points = 8, .invariant = "I2",
     .section = "1.4", .needs = "object_pool/hands_out_an_object",
     .hint = "Round the object up to its alignment, and to the size of a pointer. Where does the "
             "first object of a chunk start?")
{
    for (size_t alignment = 1; alignment <= PAGE_BYTES; alignment *= 2) {
        for (size_t bytes = 1; bytes <= 4096; bytes += bytes < 40 ? 1 : 337)
            check_size_and_alignment(bytes, alignment);
        check_size_and_alignment(OBJECT_POOL_MAX_OBJECT_BYTES - 1, alignment);
        check_size_and_alignment(OBJECT_POOL_MAX_OBJECT_BYTES, alignment);
    }
}

/* Sizes that do not divide a chunk leave a rest; the last object must end before the chunk does. */
TEST(object_pool_limits, stays_inside_the_chunk_at_its_end, .points = 10, .invariant = "I2",
     .section = "1.4", .needs = "object_pool/hands_out_an_object",
     .hint = "Ask whether a whole object is left, not whether anything is left.")
{
    static const size_t sizes[] = {7, 24, 48, 1000, 1023, 4095, 12345, 40000, 43000, 65535, 65536};
    for (size_t s = 0; s < sizeof sizes / sizeof *sizes; s++) {
        struct object_pool pool;
        CHECK(object_pool_init(&pool, sizes[s], 8), "object_pool_init failed");
        size_t count = 2 * OBJECT_POOL_CHUNK_BYTES / sizes[s] + 3;
        for (size_t i = 0; i < count; i++) {
            char *object = object_pool_alloc(&pool);
            CHECK(object != NULL, "object %zu of %zu bytes: got NULL", i, sizes[s]);
            CHECK(os_standin_covers(object, sizes[s]),
                  "object %zu of %zu bytes, at %p, reaches over the end of its chunk", i, sizes[s],
                  (void *)object);
        }
        object_pool_destroy(&pool);
    }
}

/* A design may keep a link for each object beside it. An object that is as long as it is aligned needs
 * no rounding up. */
TEST(object_pool_limits, wastes_at_most_a_page_of_a_chunk, .points = 4, .invariant = "I1",
     .section = "1.4", .needs = "object_pool/hands_out_an_object",
     .hint = "A chunk holds (128 KiB - header) / size objects; the header is small.")
{
    enum { LINK_BYTES = sizeof(void *) };
    static const struct {
        size_t object_bytes;
        size_t alignment;
    } shapes[] = {{8, 8}, {16, 8}, {64, 64}, {96, 8}, {1000, 8}, {4096, 8}, {4096, 4096}};
    for (size_t s = 0; s < sizeof shapes / sizeof *shapes; s++) {
        size_t bytes = shapes[s].object_bytes;
        struct object_pool pool;
        CHECK(object_pool_init(&pool, bytes, shapes[s].alignment), "object_pool_init failed");
        size_t count = (OBJECT_POOL_CHUNK_BYTES - PAGE_BYTES) / (bytes + LINK_BYTES);
        for (size_t i = 0; i < count; i++)
            CHECK(object_pool_alloc(&pool) != NULL, "object %zu of %zu bytes: got NULL", i, bytes);
        CHECK(os_standin_live_regions() == 1,
              "%zu objects of %zu bytes, at multiples of %zu: expected 1 chunk, got %zu", count,
              bytes, shapes[s].alignment, os_standin_live_regions());
        object_pool_destroy(&pool);
    }
}

TEST(object_pool_limits, survives_failing_memory, .points = 6, .invariant = "I1", .section = "1.4",
     .needs = "object_pool/hands_out_an_object",
     .hint = "Where os_memory_map returns NULL, change nothing and return NULL.")
{
    enum { FILLS_A_CHUNK = OBJECT_POOL_CHUNK_BYTES / 4096 };
    for (size_t nth = 1; nth <= 4; nth++) {
        struct object_pool pool;
        CHECK(object_pool_init(&pool, 4096, 8), "object_pool_init failed");
        os_standin_fail_map(nth);
        size_t got = 0;
        size_t failed = 0;
        for (size_t i = 0; i < 5 * FILLS_A_CHUNK; i++) {
            errno = 0;
            if (object_pool_alloc(&pool) != NULL) {
                got++;
            } else {
                failed++;
                CHECK_EQUAL(errno, ENOMEM, "errno after a failed map");
            }
        }
        CHECK_EQUAL(failed, 1, "failed allocations for one failed map");
        CHECK_EQUAL(object_pool_live_count(&pool), got, "live objects");
        object_pool_destroy(&pool);
        CHECK_EQUAL(os_standin_live_regions(), 0, "regions still mapped after destroy");
    }
}

TEST(object_pool_limits, keeps_errno_on_free, .points = 2, .invariant = "I1", .section = "1.3",
     .needs = "object_pool/hands_out_an_object",
     .hint = "Nothing that free does should touch errno.")
{
    static struct object_pool pool;
    CHECK(object_pool_init(&pool, 32, 8), "object_pool_init failed");
    void *object = object_pool_alloc(&pool);
    CHECK(object != NULL, "got NULL");
    errno = 4242;
    object_pool_free(&pool, object);
    CHECK_EQUAL(errno, 4242, "errno after free");
}

TEST(object_pool_limits, notices_a_double_free_at_once, .points = 4, .invariant = "I3",
     .section = "1.3", .needs = "object_pool/hands_out_an_object",
     .hint = "The object freed last is the head of the list.")
{
    static struct object_pool pool;
    CHECK(object_pool_init(&pool, 32, 8), "object_pool_init failed");
    void *object = object_pool_alloc(&pool);
    CHECK(object != NULL, "got NULL");
    object_pool_free(&pool, object);
    test_expect_caller_bug(CALLER_BUG_DOUBLE_FREE, object);
    object_pool_free(&pool, object);
}

TEST(object_pool_limits, checks_itself, .points = 0, .invariant = "I1", .section = "1.5",
     .needs = "object_pool/hands_out_an_object",
     .hint =
         "Walk the list of free objects: is each inside a chunk, at a multiple of the step? Then: "
         "live + free + never handed out.")
{
    enum { PLACES = 40, STEPS = 12000 };
    static void *live[PLACES];
    static struct object_pool pool;
    struct test_random random = test_random_start(2);
    CHECK(object_pool_init(&pool, 7000, 8), "object_pool_init failed");
    CHECK_EQUAL(object_pool_check(&pool), 0, "object_pool_check of an empty pool");
    for (size_t step = 0; step < STEPS; step++) {
        size_t place = test_random_below(&random, PLACES);
        if (live[place] == NULL) {
            live[place] = object_pool_alloc(&pool);
        } else {
            object_pool_free(&pool, live[place]);
            live[place] = NULL;
        }
        CHECK_EQUAL(object_pool_check(&pool), 0, "object_pool_check");
    }
    object_pool_destroy(&pool);
    CHECK_EQUAL(object_pool_check(&pool), 0, "object_pool_check after destroy");
}

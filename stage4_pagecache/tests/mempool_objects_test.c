/* Objects of every size, small and large: aligned, as long as asked for, and apart from each other. */
#include <errno.h>
#include <stdint.h>

#include "common/testing/os_memory_standin.h"
#include "common/testing/test.h"
#include "stage2_threadcache/size_class.h"
#include "stage4_pagecache/mempool.h"
#include "stage4_pagecache/page_cache.h"
#include "stage4_pagecache/page_map.h"
#include "stage4_pagecache/tests/objects.h"

/* The last objects handed out stay live for a while: each is marked, and must keep its mark. */
static void take_in_turn(size_t bytes)
{
    enum { LIVE = 32 };
    static struct {
        char *object;
        size_t bytes;
    } live[LIVE];
    static size_t turn;
    size_t place = turn++ % LIVE;
    if (live[place].object != NULL) {
        objects_check(live[place].object, live[place].bytes, live[place].bytes, turn - 1 - LIVE);
        mempool_free(live[place].object);
    }
    live[place].object = objects_take(bytes);
    live[place].bytes = bytes;
    objects_mark(live[place].object, bytes, turn - 1);
}

/* Two spans' worth of objects of one class, all filled to the last byte while all are live. */
static void fill_two_spans(unsigned class_id)
{
    enum { MOST = 4096 };
    static char *objects[MOST];
    size_t bytes = size_class_bytes(class_id);
    size_t count = 2 * (size_class_pages(class_id) * PAGE_BYTES / bytes) + 1;
    CHECK_AT_MOST(count, MOST, "objects of two spans");
    for (size_t i = 0; i < count; i++) {
        objects[i] = objects_take(bytes);
        objects_mark(objects[i], bytes, i);
    }
    for (size_t i = 0; i < count; i++)
        objects_check(objects[i], bytes, bytes, i);
    for (size_t i = 0; i < count; i++)
        mempool_free(objects[i]);
}

TEST(mempool_objects, come_in_every_size_up_to_256_KiB, .points = 1, .invariant = "I1",
     .section = "4.7",
     .hint = "size_class_of says which class holds the size; above SIZE_CLASS_MAX_BYTES there is "
             "none, and the object is a span of its own.")
{
    for (size_t bytes = 0; bytes <= SIZE_CLASS_MAX_BYTES + 1; bytes += bytes < 2 * KIB ? 1 : 61)
        take_in_turn(bytes);
    for (unsigned class_id = 1; class_id < SIZE_CLASS_COUNT; class_id++)
        for (size_t bytes = size_class_bytes(class_id) - 1; bytes <= size_class_bytes(class_id) + 1;
             bytes++)
            take_in_turn(bytes);
    for (unsigned class_id = 1; class_id < SIZE_CLASS_COUNT; class_id++)
        fill_two_spans(class_id);
}

TEST(mempool_objects, may_be_as_large_as_64_MiB, .points = 1, .invariant = "I2", .section = "4.7",
     .hint = "Round up to whole pages, and ask the page cache for a span of class 0.")
{
    static const size_t sizes[] = {SIZE_CLASS_MAX_BYTES + 1,
                                   300 * KIB,
                                   MIB,
                                   2 * MIB - 1,
                                   2 * MIB,
                                   2 * MIB + 1,
                                   5 * MIB + 99,
                                   64 * MIB};
    enum { COUNT = sizeof sizes / sizeof *sizes };
    char *objects[COUNT];
    for (size_t i = 0; i < COUNT; i++) {
        objects[i] = objects_take(sizes[i]);
        objects_mark(objects[i], sizes[i], i);
    }
    for (size_t i = 0; i < COUNT; i++)
        objects_check(objects[i], sizes[i], sizes[i], i);
    for (size_t i = 0; i < COUNT; i += 2)
        mempool_free(objects[i]);
    for (size_t i = 1; i < COUNT; i += 2) {
        objects_check(objects[i], sizes[i], sizes[i], i);
        mempool_free(objects[i]);
    }
}

/* However an object comes to its size: by each of the calls, and by growing. */
static char *take_by(unsigned way, size_t bytes)
{
    switch (way) {
    case 0:
        return objects_take(bytes);
    case 1:
        return mempool_calloc(1, bytes);
    case 2:
        return mempool_aligned_alloc(64, bytes);
    default:
        return mempool_realloc(objects_take(100 * KIB), bytes);
    }
}

TEST(mempool_objects, have_a_class_up_to_256_KiB_and_pages_above, .points = 0, .invariant = "I2",
     .section = "4.8", .needs = "mempool_objects/may_be_as_large_as_64_MiB",
     .hint = "SIZE_CLASS_MAX_BYTES itself is small. The border is the same in every call.")
{
    static const char *const calls[] = {"mempool_alloc", "mempool_calloc", "mempool_aligned_alloc",
                                        "mempool_realloc"};
    for (unsigned way = 0; way < sizeof calls / sizeof *calls; way++) {
        char *small = take_by(way, SIZE_CLASS_MAX_BYTES);
        char *large = take_by(way, SIZE_CLASS_MAX_BYTES + 1);
        CHECK(page_map_class(small) == SIZE_CLASS_COUNT - 1,
              "%s of 256 KiB: expected an object of class %u, got class %u", calls[way],
              SIZE_CLASS_COUNT - 1, page_map_class(small));
        CHECK(page_map_class(large) == 0,
              "%s of 256 KiB and a byte: expected a span of its own, got an object of class %u",
              calls[way], page_map_class(large));
        mempool_free(small);
        mempool_free(large);
    }
}

/* Between two spans in use lies a free one of exactly the pages that the object needs. */
TEST(mempool_objects, take_no_more_pages_than_they_need, .points = 0, .invariant = "I8",
     .section = "4.7", .needs = "mempool_objects/may_be_as_large_as_64_MiB",
     .hint = "Ask the page cache for as many pages as hold the object, at any page: where it wants "
             "no alignment, ask for none.")
{
    for (size_t page_count = SIZE_CLASS_MAX_BYTES / PAGE_BYTES + 1; page_count < 60; page_count++) {
        struct span *before = page_cache_alloc(1, 1, 0);
        struct span *hole = page_cache_alloc(page_count, 1, 0);
        struct span *behind = page_cache_alloc(1, 1, 0);
        CHECK(before != NULL && hole != NULL && behind != NULL, "page_cache_alloc: got NULL");
        char *start = span_start(hole);
        page_cache_free(hole);
        char *object = objects_take(page_count * PAGE_BYTES);
        CHECK(object == start,
              "an object of %zu pages: expected the free span of as many pages at %p, got %p",
              page_count, (void *)start, (void *)object);
    }
}

/* Known from real pools: a large object's span that is not marked in use is united with a neighbour
 * that is freed, and its memory handed out again. */
TEST(mempool_objects, keep_apart_when_large_neighbours_are_freed, .points = 1, .invariant = "I2",
     .section = "4.7",
     .hint = "A span in use has another state than a free one, or its neighbour's free takes it.")
{
    enum { COUNT = 24, BYTES = 320 * KIB };
    static char *objects[COUNT];
    for (size_t i = 0; i < COUNT; i++) {
        objects[i] = objects_take(BYTES);
        objects_mark(objects[i], BYTES, i);
    }
    for (size_t i = 0; i < COUNT; i += 2)
        mempool_free(objects[i]);
    for (size_t i = 0; i < COUNT; i += 2) {
        objects[i] = objects_take(BYTES / 4 * (1 + i % 4));
        objects_mark(objects[i], BYTES / 4 * (1 + i % 4), i);
    }
    for (size_t i = 1; i < COUNT; i += 2)
        objects_check(objects[i], BYTES, BYTES, i);
}

/* Sizes of all magnitudes, the small ones more often than the large ones. */
static size_t random_size(struct test_random *random)
{
    size_t limit = (size_t)16 << test_random_below(random, 17);
    if (test_random_below(random, 50) == 0)
        limit = 4 * MIB;
    return test_random_below(random, limit);
}

/* A shadow of the pool: what is live, how long it is, and what it was marked with. */
TEST(mempool_objects, keep_their_contents_over_random_work, .points = 0, .invariant = "I1",
     .section = "4.7",
     .hint = "Some object was handed out while it was live, or overlaps another. Which path did "
             "the last free of that size take?")
{
    enum { PLACES = 300, STEPS = 12000 };
    static struct {
        char *object;
        size_t bytes;
    } live[PLACES];
    struct test_random random = test_random_start(7);
    for (size_t step = 0; step < (test_is_slowed() ? STEPS / 4 : STEPS); step++) {
        size_t place = test_random_below(&random, PLACES);
        if (live[place].object != NULL) {
            objects_check(live[place].object, live[place].bytes, live[place].bytes, place);
            mempool_free(live[place].object);
            live[place].object = NULL;
        } else {
            live[place].bytes = random_size(&random);
            live[place].object = objects_take(live[place].bytes);
            objects_mark(live[place].object, live[place].bytes, place);
        }
    }
}

TEST(mempool_objects, of_impossible_sizes_are_refused, .points = 1, .invariant = "I4",
     .section = "4.7",
     .hint = "A size near SIZE_MAX becomes small when it is rounded up. Check before you round.")
{
    static const size_t impossible[] = {(size_t)PTRDIFF_MAX - 2 * PAGE_BYTES,
                                        (size_t)PTRDIFF_MAX - PAGE_BYTES + 1,
                                        PTRDIFF_MAX,
                                        (size_t)PTRDIFF_MAX + 1,
                                        SIZE_MAX - PAGE_BYTES,
                                        SIZE_MAX - PAGE_BYTES + 1,
                                        SIZE_MAX - 1,
                                        SIZE_MAX};
    char *kept = objects_take(100);
    objects_mark(kept, 100, 1);
    os_standin_fail_all_maps(true); /* the system has no such region either */
    for (size_t i = 0; i < sizeof impossible / sizeof *impossible; i++) {
        errno = 0;
        void *object = mempool_alloc(impossible[i]);
        CHECK(object == NULL, "mempool_alloc(%zu): expected NULL, got %p", impossible[i], object);
        CHECK_EQUAL(errno, ENOMEM, "errno");
    }
    os_standin_fail_all_maps(false);
    objects_mark(objects_take(4 * MIB), 4 * MIB, 2);
    objects_check(kept, 100, 100, 1);
}

TEST(mempool_objects, are_freed_without_touching_errno, .points = 1, .invariant = "I4",
     .section = "4.7", .hint = "NULL is ignored. No path of free may set errno.")
{
    static const size_t sizes[] = {1,       100,     5000, 100 * KIB, SIZE_CLASS_MAX_BYTES,
                                   3 * MIB, 40 * MIB};
    errno = 4242;
    mempool_free(NULL);
    CHECK_EQUAL(errno, 4242, "errno after mempool_free(NULL)");
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        char *object = objects_take(sizes[i]);
        objects_mark(object, sizes[i], i);
        errno = 4242;
        mempool_free(object);
        CHECK_EQUAL(errno, 4242, "errno after mempool_free");
    }
}

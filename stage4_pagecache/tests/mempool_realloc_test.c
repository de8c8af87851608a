/* realloc and calloc: contents kept, contents zero, and products that do not fit. */
#include <errno.h>
#include <stdint.h>
#include <string.h>

#include "common/testing/os_memory_standin.h"
#include "common/testing/test.h"
#include "stage4_pagecache/mempool.h"
#include "stage4_pagecache/tests/objects.h"

static char *resize(char *object, size_t bytes)
{
    char *resized = mempool_realloc(object, bytes);
    CHECK(resized != NULL, "mempool_realloc(%p, %zu): expected an object, got NULL", (void *)object,
          bytes);
    return resized;
}

static size_t smaller(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* --- realloc --- */

/* Between two neighbours of its own size, which a copy of the wrong length would overwrite. */
static void resize_between_neighbours(size_t from, size_t to)
{
    char *before = objects_take(to);
    char *object = objects_take(from);
    char *behind = objects_take(to);
    objects_mark(before, to, 1);
    objects_mark(object, from, 2);
    objects_mark(behind, to, 3);
    object = resize(object, to);
    objects_check(object, from, smaller(from, to), 2);
    objects_mark(object, to, 4);
    objects_check(before, to, to, 1);
    objects_check(behind, to, to, 3);
    objects_check(object, to, to, 4);
    mempool_free(before);
    mempool_free(object);
    mempool_free(behind);
}

/* 0 bytes give an object of the smallest class, not NULL. */
static void resize_from_null_and_to_zero(size_t bytes)
{
    char *object = resize(NULL, bytes);
    objects_mark(object, bytes, bytes);
    objects_check(object, bytes, bytes, bytes);
    object = resize(object, 0);
    mempool_free(resize(object, 50));
}

TEST(mempool_realloc, keeps_contents_up_to_the_smaller_size, .points = 1, .invariant = "I4",
     .section = "4.8",
     .hint = "Copy the smaller of the old object's usable bytes and the new size, no more.")
{
    static const size_t sizes[] = {1,       8,      16,  24,        100,           1000,
                                   5000,    40000,  MIB, 256 * KIB, 256 * KIB + 1, 300 * KIB,
                                   2 * MIB, 5 * MIB};
    enum { COUNT = sizeof sizes / sizeof *sizes };
    for (size_t from = 0; from < COUNT; from++)
        for (size_t to = 0; to < COUNT; to++)
            resize_between_neighbours(sizes[from], sizes[to]);
    for (size_t i = 0; i < COUNT; i++)
        resize_from_null_and_to_zero(sizes[i]);
}

/* From NULL to megabytes, each byte known on the way. Last, a copy of the new size instead of the old
 * one would read far beyond the region that a small object lies in. */
TEST(mempool_realloc, grows_from_nothing_to_megabytes, .points = 1, .invariant = "I8",
     .section = "4.8", .needs = "mempool_realloc/keeps_contents_up_to_the_smaller_size",
     .hint = "The old object ends where its usable bytes end.")
{
    char *object = NULL;
    size_t bytes = 0;
    for (size_t next = 3; next < 12 * MIB; next += next / 3 + 1) {
        object = resize(object, next);
        for (size_t at = bytes; at < next; at++)
            object[at] = (char)(at * 131 >> 5);
        bytes = next;
    }
    for (size_t at = 0; at < bytes; at++)
        CHECK(object[at] == (char)(at * 131 >> 5), "byte %zu of %zu was lost on the way", at,
              bytes);
    object = objects_take(64);
    objects_mark(object, 64, 5);
    object = resize(object, 24 * MIB);
    objects_check(object, 64, 64, 5);
}

/* Every way there is of failing: the object stays, with its contents, and can be freed. */
static void check_failing_resize(char *object, size_t old_bytes, size_t bytes)
{
    errno = 0;
    char *resized = mempool_realloc(object, bytes);
    CHECK(resized == NULL, "mempool_realloc to %zu bytes: expected NULL, got %p", bytes,
          (void *)resized);
    CHECK_EQUAL(errno, ENOMEM, "errno");
    objects_check(object, old_bytes, old_bytes, old_bytes);
}

TEST(mempool_realloc, leaves_the_object_alone_where_it_fails, .points = 1, .invariant = "I4",
     .section = "4.8", .hint = "Free the old object only after the new one is there.")
{
    static const size_t old_sizes[] = {8, 1000, 200 * KIB, 3 * MIB};
    static const size_t sizes[] = {300 * MIB, (size_t)PTRDIFF_MAX - 2 * PAGE_BYTES, PTRDIFF_MAX,
                                   SIZE_MAX - PAGE_BYTES + 1, SIZE_MAX};
    for (size_t i = 0; i < sizeof old_sizes / sizeof *old_sizes; i++) {
        char *object = objects_take(old_sizes[i]);
        objects_mark(object, old_sizes[i], old_sizes[i]);
        os_standin_fail_all_maps(true);
        for (size_t j = 0; j < sizeof sizes / sizeof *sizes; j++)
            check_failing_resize(object, old_sizes[i], sizes[j]);
        os_standin_fail_all_maps(false);
        mempool_free(resize(object, old_sizes[i] / 2 + 1));
    }
}

/* --- calloc --- */

static char *take_zeroed(size_t count, size_t bytes)
{
    char *object = mempool_calloc(count, bytes);
    CHECK(object != NULL, "mempool_calloc(%zu, %zu): expected an object, got NULL", count, bytes);
    objects_check_zero(object, count * bytes);
    return object;
}

TEST(mempool_calloc, is_zero_on_recycled_memory, .points = 1, .invariant = "I7", .section = "4.8",
     .hint = "Small objects are always cleared; of a large one all but its fresh pages.")
{
    static const size_t sizes[] = {1,         8,   40,      1000,          9000,   100 * KIB,
                                   256 * KIB, MIB, 3 * MIB, 256 * KIB + 1, 5 * MIB};
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        char *object = take_zeroed(sizes[i], 1);
        memset(object, 0xa5, sizes[i]);
        mempool_free(object);
        object = take_zeroed(1, sizes[i]);
        memset(object, 0x5a, sizes[i]);
        mempool_free(object);
        mempool_free(take_zeroed(1, sizes[i] - sizes[i] / 3));
    }
}

/* In a fresh region: what realloc cuts off, and what it grew into, was written to. */
static void check_zero_after_resizing_in_place(void)
{
    char *object = objects_take(7 * MIB);
    memset(object, 0xee, 7 * MIB);
    object = resize(object, MIB);
    char *rest = take_zeroed(5 * MIB, 1);
    mempool_free(rest);
    object = resize(object, 6 * MIB);
    memset(object, 0xdd, 6 * MIB);
    mempool_free(object);
    mempool_free(take_zeroed(1, 7 * MIB));
}

/* Large objects written to, grown, shrunk and freed all over a few regions: calloc meets every mixture
 * of pages that were written to and pages that were not. */
TEST(mempool_calloc, is_zero_over_any_mixture_of_old_and_fresh_pages, .points = 1,
     .invariant = "I7", .section = "4.8",
     .hint =
         "Which pages of a span are fresh after a split, after coalescing, after realloc grew an "
         "object into its neighbour?")
{
    enum { PLACES = 12, STEPS = 200 };
    static char *live[PLACES];
    struct test_random random = test_random_start(3);
    check_zero_after_resizing_in_place();
    for (size_t step = 0; step < STEPS; step++) {
        size_t place = test_random_below(&random, PLACES);
        size_t bytes = 257 * KIB + test_random_below(&random, 600 * KIB);
        if (live[place] == NULL)
            live[place] = take_zeroed(bytes, 1);
        else if (test_random_below(&random, 3) == 0)
            live[place] = resize(live[place], bytes);
        else
            bytes = 0;
        if (bytes == 0)
            mempool_free(live[place]);
        else
            memset(live[place], 0xee, bytes);
        if (bytes == 0)
            live[place] = NULL;
    }
}

TEST(mempool_calloc, refuses_a_product_that_overflows, .points = 1, .invariant = "I4",
     .section = "4.8", .hint = "__builtin_mul_overflow says whether the product fits.")
{
    static const struct {
        size_t count;
        size_t bytes;
    } overflowing[] = {{SIZE_MAX, SIZE_MAX},
                       {SIZE_MAX / 2 + 1, 2},
                       {2, SIZE_MAX / 2 + 1},
                       {SIZE_MAX / 8 + 2, 8},
                       {(size_t)1 << 33, (size_t)1 << 33},
                       {SIZE_MAX, 1},
                       {1, (size_t)PTRDIFF_MAX + 1}};
    for (size_t i = 0; i < sizeof overflowing / sizeof *overflowing; i++) {
        errno = 0;
        void *object = mempool_calloc(overflowing[i].count, overflowing[i].bytes);
        CHECK(object == NULL, "mempool_calloc(%zu, %zu): expected NULL, got %p",
              overflowing[i].count, overflowing[i].bytes, object);
        CHECK_EQUAL(errno, ENOMEM, "errno");
    }
    mempool_free(take_zeroed(0, 100));
    mempool_free(take_zeroed(SIZE_MAX, 0));
}

TEST(mempool_calloc, gives_a_small_object_no_page_of_its_own, .points = 1, .invariant = "I7",
     .section = "4.8",
     .hint = "Only what is larger than SIZE_CLASS_MAX_BYTES is a span of its own.")
{
    enum { OBJECTS = 4000 }; /* pages for them would be 32 MiB */
    static void *objects[OBJECTS];
    struct os_memory_stats before;
    struct os_memory_stats after;
    mempool_free(mempool_calloc(1, 24));
    os_memory_stats(&before);
    for (size_t i = 0; i < OBJECTS; i++)
        objects[i] = mempool_calloc(1, 24);
    os_memory_stats(&after);
    CHECK_AT_MOST(after.mapped_bytes - before.mapped_bytes, 8 * MIB,
                  "bytes mapped for 4000 callocs of 24 bytes");
    for (size_t i = 0; i < OBJECTS; i++)
        mempool_free(objects[i]);
}

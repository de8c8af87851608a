/* Aligned objects, usable sizes, and frees that name a size. */
#include <errno.h>
#include <stdint.h>

#include "common/testing/os_memory_standin.h"
#include "common/testing/test.h"
#include "stage2_threadcache/size_class.h"
#include "stage4_pagecache/mempool.h"
#include "stage4_pagecache/tests/objects.h"

static char *take_aligned(size_t alignment, size_t bytes)
{
    char *object = mempool_aligned_alloc(alignment, bytes);
    CHECK(object != NULL, "mempool_aligned_alloc(%zu, %zu): expected an object, got NULL",
          alignment, bytes);
    CHECK((uintptr_t)object % alignment == 0,
          "mempool_aligned_alloc(%zu, %zu): %p is not a multiple of the alignment", alignment,
          bytes, (void *)object);
    return object;
}

/* --- aligned_alloc --- */

/* All sizes of one alignment, three of each, are live at the same time; then the plain free takes them. */
static void check_alignment(size_t alignment)
{
    const size_t sizes[] = {0,    1,        24,       alignment - 1, alignment, alignment + 1,
                            5000, 70 * KIB, 300 * KIB};
    enum { SIZE_COUNT = sizeof sizes / sizeof *sizes, COUNT = 3 * SIZE_COUNT };
    char *objects[COUNT];
    for (size_t i = 0; i < COUNT; i++) {
        objects[i] = take_aligned(alignment, sizes[i % SIZE_COUNT]);
        objects_mark(objects[i], sizes[i % SIZE_COUNT], i);
    }
    for (size_t i = 0; i < COUNT; i++)
        objects_check(objects[i], sizes[i % SIZE_COUNT], sizes[i % SIZE_COUNT], i);
    for (size_t i = 0; i < COUNT; i++)
        mempool_free(objects[i]);
}

/* Two of each size, or one would lie at the start of a span, which is aligned to anything. */
static void check_sizes_between(size_t alignment)
{
    for (size_t bytes = alignment; bytes <= 16 * alignment; bytes += alignment / 2) {
        char *first = take_aligned(alignment, bytes);
        char *second = take_aligned(alignment, bytes);
        mempool_free(first);
        mempool_free(second);
    }
}

static void check_impossible_alignments(void)
{
    static const size_t wrong[] = {0, 3, 24, 48, 4097, 3 * MIB, SIZE_MAX};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        errno = 0;
        void *object = mempool_aligned_alloc(wrong[i], 64);
        CHECK(object == NULL, "mempool_aligned_alloc(%zu, 64): expected NULL, got %p", wrong[i],
              object);
        CHECK_EQUAL(errno, EINVAL, "errno");
    }
    os_standin_fail_all_maps(true);
    for (size_t alignment = (size_t)1 << 47; alignment != 0; alignment *= 2) {
        errno = 0;
        void *object = mempool_aligned_alloc(alignment, SIZE_MAX - 5);
        CHECK(object == NULL, "alignment %zu, SIZE_MAX - 5: expected NULL, got %p", alignment,
              object);
        object = mempool_aligned_alloc(alignment, 64);
        CHECK(object == NULL, "alignment %zu: expected NULL, got %p", alignment, object);
        CHECK_EQUAL(errno, ENOMEM, "errno");
    }
}

TEST(mempool_aligned, at_every_power_of_two_up_to_4_MiB, .points = 1, .invariant = "I4",
     .section = "4.8",
     .hint = "Spans start at a page: in a class whose size is a multiple of the alignment each "
             "object is aligned. Above a page, ask the page cache for aligned pages.")
{
    os_standin_give_odd_addresses(true);
    for (size_t alignment = 1; alignment <= 4 * MIB; alignment *= 2)
        check_alignment(alignment);
    for (size_t alignment = 16; alignment <= PAGE_BYTES; alignment *= 2)
        check_sizes_between(alignment);
    check_impossible_alignments();
}

/* --- usable_size --- */

/* What it says may be used is used, to the last byte, beside neighbours that do the same. */
static void check_usable(size_t bytes)
{
    enum { COUNT = 3 };
    char *objects[COUNT];
    size_t usable[COUNT];
    for (size_t i = 0; i < COUNT; i++) {
        objects[i] = objects_take(bytes);
        usable[i] = mempool_usable_size(objects[i]);
        CHECK(usable[i] >= bytes, "usable size of an object of %zu bytes: got %zu", bytes,
              usable[i]);
        CHECK_AT_MOST(usable[i], bytes + bytes / 7 + PAGE_BYTES, "usable size");
        objects_mark(objects[i], usable[i], i);
    }
    for (size_t i = 0; i < COUNT; i++)
        objects_check(objects[i], usable[i], usable[i], i);
    for (size_t i = 0; i < COUNT; i++)
        mempool_free(objects[i]);
}

TEST(mempool_usable_size, may_be_used_whole, .points = 1, .invariant = "I1", .section = "4.8",
     .hint = "The bytes of the object's class; of a large object, its whole span.")
{
    CHECK_EQUAL(mempool_usable_size(NULL), 0, "usable size of NULL");
    for (size_t bytes = 0; bytes <= 600; bytes++)
        check_usable(bytes);
    for (size_t bytes = 600; bytes <= 3 * MIB; bytes += bytes / 5)
        check_usable(bytes);
    check_usable(SIZE_CLASS_MAX_BYTES);
    check_usable(SIZE_CLASS_MAX_BYTES + 1);
}

/* --- free_sized --- */

static void free_after_realloc(size_t from, size_t to)
{
    char *object = mempool_realloc(objects_take(from), to);
    CHECK(object != NULL, "mempool_realloc from %zu to %zu bytes: got NULL", from, to);
    mempool_free_sized(object, to, 0);
}

TEST(mempool_free_sized, takes_every_size_that_was_asked_for, .points = 1, .invariant = "I1",
     .section = "4.8",
     .hint = "An object that realloc shrank or grew in place has the size it was given last.")
{
    static const size_t sizes[] = {
        0,   1,      7, 9, 64, 100, 1025, 8192, 9000, 50 * KIB, 200 * KIB, 256 * KIB, 256 * KIB + 1,
        MIB, 4 * MIB};
    enum { COUNT = sizeof sizes / sizeof *sizes };
    mempool_free_sized(NULL, 100, 0);
    for (size_t i = 0; i < COUNT; i++) {
        mempool_free_sized(objects_take(sizes[i]), sizes[i], 0);
        mempool_free_sized(mempool_calloc(1, sizes[i]), sizes[i], 0);
        for (size_t alignment = 1; alignment <= 64 * KIB; alignment *= 4)
            mempool_free_sized(take_aligned(alignment, sizes[i]), sizes[i], alignment);
        for (size_t j = 0; j < COUNT; j++)
            free_after_realloc(sizes[i], sizes[j]);
    }
}

TEST(mempool_free_sized, refuses_a_size_too_large_for_a_small_object, .points = 1,
     .invariant = "I1", .section = "4.8", .hint = "The size is verified, never trusted.")
{
    char *object = objects_take(100);
    test_expect_caller_bug(CALLER_BUG_WRONG_SIZE, object);
    mempool_free_sized(object, 5000, 0);
}

TEST(mempool_free_sized, refuses_a_small_size_for_a_large_object, .points = 0, .invariant = "I2",
     .section = "4.8", .hint = "Count the pages that the size would have taken.")
{
    char *object = objects_take(3 * MIB);
    test_expect_caller_bug(CALLER_BUG_WRONG_SIZE, object);
    mempool_free_sized(object, 100, 0);
}

TEST(mempool_free_sized, refuses_an_alignment_that_the_object_has_not, .points = 1,
     .invariant = "I1", .section = "4.8", .hint = "The address says which alignments it has.")
{
    char *object = objects_take(100);
    while ((uintptr_t)object % 64 == 0)
        object = objects_take(100);
    test_expect_caller_bug(CALLER_BUG_WRONG_SIZE, object);
    mempool_free_sized(object, 100, 64);
}

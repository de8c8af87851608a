/* What callers do wrong and the pool sees at once, without MEMPOOL_CHECK=1. */
#include <stdint.h>
#include <stdlib.h>

#include "common/os_memory.h"
#include "common/testing/test.h"
#include "stage4_pagecache/mempool.h"
#include "stage4_pagecache/tests/objects.h"

enum { LARGE_BYTES = 400 * 1024 };

/* Of three large objects side by side the one in the middle: while its neighbours live, its span
 * stays a span of its own after it is freed. */
static char *take_between_neighbours(void)
{
    char *a = objects_take(LARGE_BYTES);
    char *b = objects_take(LARGE_BYTES);
    char *c = objects_take(LARGE_BYTES);
    char *low = a < b ? a : b;
    char *high = a < b ? b : a;
    return c < low ? low : c > high ? high : c;
}

TEST(mempool_bugs, small_object_freed_twice_in_a_row, .points = 1, .invariant = "I1",
     .section = "4.7",
     .hint = "The thread cache sees it, if each free of a small object gets there.")
{
    char *object = objects_take(100);
    mempool_free(object);
    test_expect_caller_bug(CALLER_BUG_DOUBLE_FREE, object);
    mempool_free(object);
}

static void allocate_much(void)
{
    for (int i = 0; i < 1000; i++)
        objects_take(100);
}

/* A program may catch SIGABRT and allocate once more, to write a report: no lock may be in its way, not
 * even that of the class in which the bug was noticed. */
TEST(mempool_bugs, leave_a_handler_able_to_allocate, .points = 0, .invariant = "I1",
     .section = "4.9",
     .hint = "The central cache lets its lock go before it says what the caller did.")
{
    enum { COUNT = 1000 };
    static char *objects[COUNT];
    for (size_t i = 0; i < COUNT; i++)
        objects[i] = objects_take(100);
    for (size_t i = 0; i < COUNT; i += 2)
        mempool_free(objects[i]);
    (void)mempool_purge();
    test_expect_caller_bug_then(CALLER_BUG_DOUBLE_FREE, objects[0], allocate_much);
    mempool_free(objects[0]);
    (void)mempool_purge();
}

TEST(mempool_bugs, large_object_freed_twice, .points = 1, .invariant = "I2", .section = "4.7",
     .hint = "The first page of a free span maps to it: look at the span's state.")
{
    char *object = take_between_neighbours();
    mempool_free(object);
    test_expect_caller_bug(CALLER_BUG_DOUBLE_FREE, object);
    mempool_free(object);
}

TEST(mempool_bugs, large_object_freed_by_an_address_inside, .points = 1, .invariant = "I2",
     .section = "4.7", .hint = "A large object starts where its span starts, and nowhere else.")
{
    char *object = take_between_neighbours();
    test_expect_caller_bug(CALLER_BUG_INTERIOR, object + 64);
    mempool_free(object + 64);
}

TEST(mempool_bugs, large_object_freed_by_an_address_in_its_middle, .points = 0, .invariant = "I3",
     .section = "4.7",
     .hint = "A page between the first and the last of a large span maps to none.")
{
    char *inside = take_between_neighbours() + LARGE_BYTES / 2;
    test_expect_caller_bug(CALLER_BUG_NOT_OURS, inside);
    mempool_free(inside);
}

TEST(mempool_bugs, freed_large_object_resized, .points = 0, .invariant = "I2", .section = "4.8",
     .hint = "realloc asks the same questions about the address as free does.")
{
    char *object = take_between_neighbours();
    mempool_free(object);
    test_expect_caller_bug(CALLER_BUG_DOUBLE_FREE, object);
    mempool_realloc(object, LARGE_BYTES / 4);
}

TEST(mempool_bugs, small_object_resized_by_an_address_inside, .points = 1, .invariant = "I1",
     .section = "4.8",
     .hint = "From the start of the span, the address must be a whole number of objects away.")
{
    char *object = objects_take(1000);
    test_expect_caller_bug(CALLER_BUG_INTERIOR, object + 48);
    mempool_realloc(object + 48, 3000);
}

TEST(mempool_bugs, variable_on_the_stack_freed, .points = 1, .invariant = "I3", .section = "4.7",
     .hint = "page_map_span may be asked about any address: NULL is its answer for those that were "
             "never the pool's.")
{
    objects_take(100);
    int variable = 0;
    test_expect_caller_bug(CALLER_BUG_NOT_OURS, &variable);
    mempool_free(&variable);
}

TEST(mempool_bugs, object_of_another_malloc_freed, .points = 0, .invariant = "I3", .section = "4.7",
     .hint = "Only pages of the pool's own spans are in the page map.")
{
    objects_take(100);
    void *foreign = malloc(100);
    test_expect_caller_bug(CALLER_BUG_NOT_OURS, foreign);
    mempool_free(foreign);
}

TEST(mempool_bugs, address_beyond_48_bits_freed, .points = 1, .invariant = "I3", .section = "4.7",
     .hint = "No entry of the page map is for such an address; nothing may be read there.")
{
    uintptr_t beyond = (uintptr_t)objects_take(100) | (uintptr_t)0xabcd << 48;
    test_expect_caller_bug(CALLER_BUG_NOT_OURS, (void *)beyond);
    mempool_free((void *)beyond);
}

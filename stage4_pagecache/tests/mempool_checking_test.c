/* The thorough mode, MEMPOOL_CHECK=1: what it finds, and that it leaves correct programs alone; and
 * addresses that are not the pool's where those are ignored. */
#include <stdint.h>
#include <stdlib.h>

#include "common/testing/test.h"
#include "stage4_pagecache/mempool.h"
#include "stage4_pagecache/tests/objects.h"

enum { OBJECT_BYTES = 100, COUNT = 20 };

/* Some of one class; the others keep their span in use while one of them is freed. */
static void take_objects(char *objects[COUNT], size_t bytes)
{
    for (size_t i = 0; i < COUNT; i++) {
        objects[i] = objects_take(bytes);
        objects_mark(objects[i], bytes, i);
    }
}

TEST(mempool_checking, sees_a_write_to_a_freed_object, .points = 1, .invariant = "I1",
     .section = "4.9",
     .hint =
         "poison_fill when it is freed; the thread cache verifies it when it is handed out again.")
{
    char *objects[COUNT];
    mempool_set_checking(true);
    take_objects(objects, OBJECT_BYTES);
    mempool_free(objects[7]);
    objects[7][50] = 'x';
    test_expect_caller_bug(CALLER_BUG_USE_AFTER_FREE, objects[7] + 50);
    for (int i = 0; i < 1000; i++)
        objects_take(OBJECT_BYTES);
}

/* Its span's last object came back, so it would be gone, and nobody would look at the object again. */
TEST(mempool_checking, sees_a_write_to_a_span_that_emptied, .points = 0, .invariant = "I1",
     .section = "4.9",
     .hint = "The central cache lets an emptied span wait, and verifies its objects before it goes "
             "down.")
{
    char *objects[COUNT];
    mempool_set_checking(true);
    take_objects(objects, OBJECT_BYTES);
    for (size_t i = 0; i < COUNT; i++)
        mempool_free(objects[i]);
    objects[7][50] = 'x';
    test_expect_caller_bug(CALLER_BUG_USE_AFTER_FREE, objects[7] + 50);
    (void)mempool_purge();
}

TEST(mempool_checking, sees_a_double_free_after_other_frees, .points = 1, .invariant = "I1",
     .section = "4.9", .hint = "An object that carries the stamp of poison_fill is free.")
{
    char *objects[COUNT];
    mempool_set_checking(true);
    take_objects(objects, 40 * KIB);
    for (int i = 3; i < 12; i++)
        mempool_free(objects[i]);
    test_expect_caller_bug(CALLER_BUG_DOUBLE_FREE, objects[5]);
    mempool_free(objects[5]);
}

TEST(mempool_checking, sees_an_address_inside_a_small_object, .points = 0, .invariant = "I1",
     .section = "4.9",
     .hint = "With the classes hidden, each free looks at the span: is it the start of an object?")
{
    char *objects[COUNT];
    mempool_set_checking(true);
    take_objects(objects, OBJECT_BYTES);
    test_expect_caller_bug(CALLER_BUG_INTERIOR, objects[5] + 16);
    mempool_free(objects[5] + 16);
}

TEST(mempool_checking, sees_an_object_freed_that_was_never_handed_out, .points = 0,
     .invariant = "I1", .section = "4.9", .hint = "The central cache sees it, if it gets there.")
{
    char *objects[COUNT];
    mempool_set_checking(true);
    take_objects(objects, OBJECT_BYTES);
    size_t step = mempool_usable_size(objects[0]);
    char *next = objects[0];
    for (size_t i = 0; i < COUNT; i++) /* the first objects of a new span lie side by side */
        next = objects[i] > next ? objects[i] : next;
    next += step;
    test_expect_caller_bug(CALLER_BUG_NOT_OURS, next);
    mempool_free(next);
}

/* Take what was freed while everything was checked, some of it from spans that wait, and free it. */
static void use_again(size_t bytes)
{
    enum { MANY = 500 };
    char *objects[MANY];
    for (size_t i = 0; i < MANY; i++)
        objects[i] = objects_take(bytes);
    for (size_t i = 0; i < MANY; i++)
        mempool_free(objects[i]);
}

TEST(mempool_checking, may_end_and_begin_again, .points = 0, .invariant = "I1", .section = "4.9",
     .hint =
         "Once it is off, nobody takes a stamp off the object that is handed out: no stamp counts.")
{
    char *kept[COUNT];
    mempool_set_checking(true);
    take_objects(kept, OBJECT_BYTES);
    use_again(OBJECT_BYTES);
    mempool_set_checking(false);
    use_again(OBJECT_BYTES);
    for (size_t i = 0; i < COUNT; i++) {
        objects_check(kept[i], OBJECT_BYTES, OBJECT_BYTES, i);
        mempool_free(kept[i]);
    }
    take_objects(kept, OBJECT_BYTES);
    mempool_set_checking(true);
    for (size_t i = 0; i < COUNT; i++)
        mempool_free(kept[i]);
    use_again(OBJECT_BYTES);
    mempool_set_checking(false);
    CHECK_EQUAL(mempool_check(), 0, "mempool_check");
}

TEST(mempool_foreign, addresses_are_ignored_and_counted_if_so_wished, .points = 1,
     .invariant = "I3", .section = "4.9",
     .hint = "Count them in mempool_stats; change nothing else.")
{
    static int variable;
    int on_the_stack = 0;
    char *kept = objects_take(200);
    objects_mark(kept, 200, 1);
    void *another = malloc(5000);
    void *const foreign[] = {&variable,
                             &on_the_stack,
                             another,
                             (char *)another + 8,
                             (void *)8,
                             (void *)((uintptr_t)kept ^ (uintptr_t)1 << 45),
                             (void *)((uintptr_t)kept | (uintptr_t)1 << 47 << 1),
                             (void *)UINTPTR_MAX};
    enum { FOREIGN_COUNT = sizeof foreign / sizeof *foreign };
    mempool_ignore_foreign(true);
    for (size_t i = 0; i < FOREIGN_COUNT; i++)
        mempool_free(foreign[i]);
    mempool_free(NULL);
    CHECK(mempool_realloc(another, 10) == NULL, "mempool_realloc of a foreign object: not NULL");
    CHECK_EQUAL(mempool_usable_size(another), 0, "usable size of a foreign object");
    struct mempool_stats stats;
    mempool_stats(&stats);
    CHECK_EQUAL(stats.foreign_frees, FOREIGN_COUNT, "foreign_frees");
    free(another);
    objects_check(kept, 200, 200, 1);
    mempool_free(kept);
    test_expect_caller_bug(CALLER_BUG_DOUBLE_FREE, kept);
    mempool_free(kept);
}

/* The layer's own check function and statistics: task 3.7. Worth no points, since they are the
 * student's word on the student's work; but a good check function finds bugs where they are made. */
#include "common/poison.h"
#include "stage2_threadcache/size_class.h"
#include "stage3_centralcache/central_cache.h"
#include "stage3_centralcache/standin/page_cache_standin.h"
#include "stage3_centralcache/tests/program.h"

TEST(central_cache_own, check_finds_nothing_broken, .points = 0, .invariant = "I1",
     .section = "3.7", .needs = "central_cache_spans/hands_out_an_object",
     .hint = "Walk every class under its lock; live, free and tail must add up.")
{
    static struct bag bags[SIZE_CLASS_COUNT];
    struct test_random random = test_random_start(4);
    for (unsigned class_id = 1; class_id < SIZE_CLASS_COUNT; class_id++)
        bags[class_id] = (struct bag){.class_id = class_id, .owner = class_id};
    for (int step = 0; step < 3000; step++) {
        struct bag *bag = &bags[1 + test_random_below(&random, SIZE_CLASS_COUNT - 1)];
        if (test_random_below(&random, 2) == 0)
            bag_take(bag, size_class_batch(bag->class_id));
        else
            bag_give(bag, size_class_batch(bag->class_id), &random);
        if (step % 100 == 0)
            CHECK_EQUAL(central_cache_check(), 0, "central_cache_check");
    }
}

static struct central_cache_stats stats(void)
{
    struct central_cache_stats now;
    central_cache_stats(&now);
    return now;
}

TEST(central_cache_own, statistics_add_up, .points = 0, .invariant = "I1", .section = "3.7",
     .needs = "central_cache_spans/hands_out_an_object",
     .hint = "Count per class, under its lock; central_cache_stats adds the classes up.")
{
    unsigned class_id = size_class_of(64);
    struct free_list batch = {0};
    take_exactly(class_id, 64, &batch);
    char *one = take_one(class_id);
    CHECK_EQUAL(stats().handed_objects, 65, "objects handed out");
    CHECK_EQUAL(stats().handed_bytes, 65 * 64, "bytes handed out");
    CHECK_EQUAL(stats().span_bytes, page_standin_counts().pages_out * PAGE_BYTES, "bytes of spans");
    give(class_id, &batch);
    CHECK_EQUAL(stats().releases, 1, "releases");
    CHECK_EQUAL(stats().ready_bytes, 64 * 64, "bytes ready");
    size_t fetches = stats().fetches;
    take(class_id, 64, &batch);
    CHECK_EQUAL(stats().ready_hits, 1, "fetches answered by a ready batch");
    CHECK_EQUAL(stats().fetches, fetches + 1, "fetches");
    CHECK_AT_MOST(1, stats().lock_acquisitions, "lock acquisitions");
    CHECK_EQUAL(stats().lock_contended, 0, "lock acquisitions that had to wait");
    give(class_id, &batch);
    give_one(class_id, one);
    central_cache_flush();
    CHECK_EQUAL(stats().span_bytes, 0, "bytes of spans after flush");
}

/* --- With MEMPOOL_CHECK=1 --- */

/* Empty a few spans, whose objects are poisoned as the layer above does. What goes down at once passes:
 * only a design that lets spans wait, to look at them later, has more to show. Returns an object of
 * a span that waits; NULL if none does. */
static char *let_spans_wait(unsigned class_id)
{
    enum { SPANS = 3 };
    size_t object_bytes = size_class_bytes(class_id);
    struct free_list held = {0};
    poison_switch(true);
    take_exactly(class_id, SPANS * (size_class_pages(class_id) * PAGE_BYTES / object_bytes), &held);
    char *last = held.head;
    for (void *object = held.head; object != NULL; object = free_list_next(object))
        poison_fill(object, object_bytes);
    give_some(class_id, &held, held.count, 1);
    return page_standin_counts().spans_out != 0 ? last : NULL;
}

TEST(central_cache_own, counts_spans_that_wait_to_be_verified, .points = 0, .invariant = "I4",
     .section = "3.7", .needs = "central_cache_spans/hands_out_an_object",
     .hint = "While poison_is_on, an emptied span may wait before it goes down. It counts in "
             "span_bytes until then, and flush lets it go.")
{
    (void)let_spans_wait(size_class_of(64));
    CHECK_EQUAL(stats().span_bytes, page_standin_counts().pages_out * PAGE_BYTES, "bytes of spans");
    central_cache_flush();
    expect_all_spans_back();
    CHECK_EQUAL(stats().span_bytes, 0, "bytes of spans after flush");
}

TEST(central_cache_own, sees_a_write_in_a_span_that_waits, .points = 0, .invariant = "I4",
     .section = "3.7", .needs = "central_cache_spans/hands_out_an_object",
     .hint = "Before a span that waited goes down: poison_verify for each of its free objects.")
{
    char *object = let_spans_wait(size_class_of(64));
    CHECK_EQUAL(central_cache_check(), 0, "central_cache_check");
    if (object == NULL)
        return;
    object[40] = 'x';
    test_expect_caller_bug(CALLER_BUG_USE_AFTER_FREE, object + 40);
    central_cache_flush();
}

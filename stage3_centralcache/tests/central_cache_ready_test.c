/* Whole batches: kept ready (task 3.4), and put back by a flush (task 3.5). */
#include "stage2_threadcache/size_class.h"
#include "stage3_centralcache/central_cache.h"
#include "stage3_centralcache/standin/page_cache_standin.h"
#include "stage3_centralcache/tests/program.h"
#include "stage4_pagecache/page_map.h"

static bool contains(const struct free_list *list, const void *wanted)
{
    for (const void *object = list->head; object != NULL; object = free_list_next(object))
        if (object == wanted)
            return true;
    return false;
}

/* Release a whole batch and fetch it again; nothing may go up or down meanwhile. */
static void send_round(unsigned class_id, struct free_list *batch)
{
    struct page_standin_counts before = page_standin_counts();
    void *objects[SIZE_CLASS_MAX_BATCH];
    size_t count = 0;
    for (void *object = batch->head; object != NULL; object = free_list_next(object))
        objects[count++] = object;
    give(class_id, batch);
    CHECK_EQUAL(page_standin_counts().frees, before.frees, "spans that went down with a batch");
    CHECK_EQUAL(take(class_id, count, batch), count, "objects fetched when a batch is ready");
    for (size_t i = 0; i < count; i++)
        CHECK(contains(batch, objects[i]), "class %u: %p of the ready batch was not handed over",
              class_id, objects[i]);
    CHECK_EQUAL(page_standin_counts().allocs, before.allocs, "spans asked for with a batch ready");
}

/* A batch is a span: were it not kept, the span would go down. Where none is ready there is room. */
static void keep_one_ready_whatever_is_in_use(unsigned class_id)
{
    enum { MOST_BATCHES = 300 };
    struct free_list batch = {0};
    for (size_t in_use = 0; in_use < MOST_BATCHES; in_use++) {
        batch = (struct free_list){0}; /* the objects of the one before stay in use */
        take_exactly(class_id, size_class_batch(class_id), &batch);
        send_round(class_id, &batch);
    }
}

TEST(central_cache_ready, keeps_a_whole_batch_ready, .points = 3, .invariant = "I3",
     .section = "3.4", .needs = "central_cache_spans/hands_out_an_object",
     .hint = "A list of size_class_batch objects: keep its head in a slot, and hand it over to the "
             "next who wants a whole batch. Its objects count as out of their spans.")
{
    for (unsigned class_id = 1; class_id < SIZE_CLASS_COUNT; class_id++) {
        struct free_list batch = {0};
        take_exactly(class_id, size_class_batch(class_id), &batch);
        for (int round = 0; round < 3; round++)
            send_round(class_id, &batch);
    }
    keep_one_ready_whatever_is_in_use(size_class_of(128));
}

/* Far more than 8 MiB pass through, a batch at a time. */
TEST(central_cache_ready, does_not_forget_what_it_handed_over, .points = 1, .invariant = "I3",
     .section = "3.4", .needs = "central_cache_ready/keeps_a_whole_batch_ready",
     .hint = "The bytes of a ready batch are added to the sum when it is kept, and taken off when "
             "it is handed over.")
{
    unsigned class_id = size_class_of(256 * 1024);
    struct free_list batch = {0};
    take(class_id, 1, &batch);
    for (int round = 0; round < 200; round++)
        send_round(class_id, &batch);
}

/* Spans of which each is one batch: what is not kept ready goes down at once. */
static void check_slots(unsigned class_id)
{
    enum { SPANS = 100 };
    struct free_list lists[SPANS] = {{0}};
    const struct span *spans[SPANS] = {0};
    size_t batch = size_class_batch(class_id);
    struct free_list all = {0};
    take_exactly(class_id, SPANS * batch, &all);
    for (char *object = free_list_pop(&all); object != NULL; object = free_list_pop(&all)) {
        size_t i = 0;
        while (spans[i] != NULL && spans[i] != page_map_span(object))
            i++;
        spans[i] = page_map_span(object);
        free_list_push(&lists[i], object);
    }
    size_t before = page_standin_counts().spans_out;
    for (size_t i = 0; i < SPANS; i++)
        give(class_id, &lists[i]);
    size_t kept = page_standin_counts().spans_out - (before - SPANS);
    CHECK_AT_MOST(kept, CENTRAL_CACHE_MAX_READY, "batches kept ready, of 100 that were released");
    CHECK(kept != 0, "class %u: of 100 batches that were released, none was kept ready", class_id);
}

TEST(central_cache_ready, keeps_at_most_64_batches_a_class, .points = 3, .invariant = "I3",
     .section = "3.4", .needs = "central_cache_ready/keeps_a_whole_batch_ready",
     .hint = "When all slots are taken, the objects go back into their spans, as from any other "
             "list.")
{
    check_slots(size_class_of(128));
    check_slots(size_class_of(1024));
    check_slots(size_class_of(40 * 1024));
}

/* One object a batch and a span; what is kept is what is still out. Were the bytes of batches that
 * were not kept still counted, there would be no room for one when all are handed over again. */
TEST(central_cache_ready, keeps_at_most_8_MiB_over_all_classes, .points = 3, .invariant = "I3",
     .section = "3.4", .needs = "central_cache_ready/keeps_a_whole_batch_ready",
     .hint = "One sum for all classes, though each class has a lock of its own: an atomic. Claim "
             "the bytes first, and give them back if that was too much.")
{
    enum { EACH = 20 };
    const unsigned first = size_class_of(64 * 1024);
    struct free_list lists[SIZE_CLASS_COUNT] = {{0}};
    for (int round = 0; round < 2; round++) {
        for (unsigned class_id = first; class_id < SIZE_CLASS_COUNT; class_id++)
            take_exactly(class_id, EACH, &lists[class_id]);
        struct free_list one = {0};
        free_list_push(&one, free_list_pop(&lists[first]));
        send_round(first, &one);
        free_list_push(&lists[first], one.head);
        for (unsigned class_id = first; class_id < SIZE_CLASS_COUNT; class_id++)
            give_some(class_id, &lists[class_id], EACH, 1);
        CHECK_AT_MOST(page_standin_counts().pages_out * PAGE_BYTES, CENTRAL_CACHE_MAX_READY_BYTES,
                      "bytes kept ready, of 50 MB that were released");
    }
}

/* All else is exhausted, and the page cache has nothing: what lies ready is memory too. */
TEST(central_cache_ready, breaks_a_batch_up_when_nothing_else_is_left, .points = 1,
     .invariant = "I3", .section = "3.4", .needs = "central_cache_ready/keeps_a_whole_batch_ready",
     .hint =
         "Where no span has an object and fewer than a batch are wanted, take a ready batch apart: "
         "some go out, the others go back into their spans.")
{
    unsigned class_id = size_class_of(8 * 1024); /* two are a batch, and fill a span */
    struct free_list batch = {0};
    take_exactly(class_id, 2, &batch);
    give(class_id, &batch);
    page_standin_fail_all_allocs(true);
    char *first = take_one(class_id);
    give_one(class_id, take_one(class_id));
    give_one(class_id, first);
}

/* A program may go on for long with what lies ready here, and never call the page cache otherwise. */
TEST(central_cache_ready, lets_the_page_cache_see_that_time_goes_by, .points = 1, .invariant = "I6",
     .section = "3.4", .needs = "central_cache_ready/keeps_a_whole_batch_ready",
     .hint = "page_cache_tick, once in each fetch and each release, when the lock is released.")
{
    unsigned class_id = size_class_of(64);
    struct free_list batch = {0};
    take_exactly(class_id, size_class_batch(class_id), &batch);
    size_t before = page_standin_counts().ticks;
    give(class_id, &batch);
    CHECK(page_standin_counts().ticks > before, "a release did not call page_cache_tick");
    before = page_standin_counts().ticks;
    (void)take(class_id, size_class_batch(class_id), &batch);
    CHECK(page_standin_counts().ticks > before, "a fetch did not call page_cache_tick");
    CHECK_EQUAL(page_standin_counts().locked_calls, 0, "calls down while a lock was held");
}

/* --- Flush --- */

TEST(central_cache_flush, puts_ready_batches_back, .points = 2, .invariant = "I4", .section = "3.5",
     .needs = "central_cache_spans/hands_out_an_object",
     .hint = "For each class: take the ready batches, put their objects back into their spans, and "
             "when the lock is released, give down what became empty.")
{
    for (unsigned class_id = 1; class_id < SIZE_CLASS_COUNT; class_id++) {
        struct free_list held = {0};
        take_exactly(class_id, 3 * size_class_batch(class_id), &held);
        give_some(class_id, &held, 3 * size_class_batch(class_id), size_class_batch(class_id));
    }
    central_cache_flush();
    expect_all_spans_back();
    CHECK_EQUAL(page_standin_counts().locked_calls, 0, "page cache calls with a lock held");
    central_cache_flush();
}

static void do_random_work(struct bag *bags, struct test_random *random, size_t steps)
{
    for (size_t step = 0; step < steps; step++) {
        struct bag *bag = &bags[1 + test_random_below(random, SIZE_CLASS_COUNT - 1)];
        size_t batch = size_class_batch(bag->class_id);
        size_t count = 1 + test_random_below(random, 2 * batch);
        if (count > batch)
            count = batch; /* whole batches half of the time */
        if (test_random_below(random, 5) < 3)
            bag_take(bag, count);
        else
            bag_give(bag, count, random);
        if (test_random_below(random, 500) == 0)
            central_cache_flush();
    }
}

TEST(central_cache_flush, brings_spans_back_to_the_start_value, .points = 3, .invariant = "I1",
     .section = "3.5", .needs = "central_cache_spans/hands_out_an_object",
     .hint = "Where is an object counted out, and where in again? A ready batch that is broken up, "
             "for a smaller want or by flush, is one more way back.")
{
    static struct bag bags[SIZE_CLASS_COUNT];
    struct test_random random = test_random_start(3);
    for (unsigned class_id = 1; class_id < SIZE_CLASS_COUNT; class_id++)
        bags[class_id] = (struct bag){.class_id = class_id, .owner = class_id};
    do_random_work(bags, &random, 8000);
    for (unsigned class_id = 1; class_id < SIZE_CLASS_COUNT; class_id++)
        while (bags[class_id].count > 0)
            bag_give(&bags[class_id], size_class_batch(class_id), &random);
    central_cache_flush();
    expect_all_spans_back();
}

/* --- What another thread may do while no lock is held --- */

static struct {
    unsigned class_id;
    struct free_list list;
} other_thread;

static void bring_list_back(void)
{
    give(other_thread.class_id, &other_thread.list);
}

static void exchange_objects(void)
{
    char *object = take_one(other_thread.class_id);
    give_one(other_thread.class_id, object);
    if (other_thread.list.head != NULL)
        give(other_thread.class_id, &other_thread.list);
}

/* Nothing is free; while a span is asked for, `back` objects come back. */
static void fetch_while_objects_come_back(unsigned class_id, size_t back)
{
    size_t fit = size_class_pages(class_id) * PAGE_BYTES / size_class_bytes(class_id);
    size_t batch = size_class_batch(class_id);
    struct free_list held = {0};
    other_thread.class_id = class_id;
    take_exactly(class_id, back, &other_thread.list);
    take_exactly(class_id, (back + fit - 1) / fit * fit - back, &held);
    page_standin_on_alloc(bring_list_back);
    struct free_list fetched = {0};
    take(class_id, batch, &fetched);
    CHECK(other_thread.list.head == NULL,
          "fetch(class %u) must ask for a span when nothing is left", class_id);
    give_some(class_id, &fetched, fetched.count, batch);
    give_some(class_id, &held, held.count, batch);
    central_cache_flush();
    expect_all_spans_back();
}

TEST(central_cache_flush, lets_others_in_while_it_asks_for_a_span, .points = 2, .invariant = "I4",
     .section = "3.5", .needs = "central_cache_spans/hands_out_an_object",
     .hint = "With the lock released, anything may happen: objects come back, a batch becomes "
             "ready. What becomes of the new span then, if its objects are not needed any more?")
{
    for (unsigned class_id = 1; class_id < SIZE_CLASS_COUNT; class_id++) {
        fetch_while_objects_come_back(class_id, size_class_batch(class_id));
        fetch_while_objects_come_back(class_id, 1);
    }
}

TEST(central_cache_flush, lets_others_in_while_spans_go_down, .points = 1, .invariant = "I6",
     .section = "3.5", .needs = "central_cache_spans/hands_out_an_object",
     .hint = "Nothing that you read under the lock is true any more when you have the lock again.")
{
    for (unsigned class_id = 1; class_id < SIZE_CLASS_COUNT; class_id++) {
        size_t batch = size_class_batch(class_id);
        struct free_list held = {0};
        other_thread.class_id = class_id;
        take_exactly(class_id, batch, &other_thread.list);
        take_exactly(class_id, 6 * batch, &held);
        page_standin_on_free(exchange_objects);
        give_some(class_id, &held, 3 * batch, 1);
        give_some(class_id, &held, 3 * batch, batch);
        page_standin_on_free(exchange_objects);
        central_cache_flush();
        page_standin_on_free(NULL);
        if (other_thread.list.head != NULL)
            give(class_id, &other_thread.list);
    }
    central_cache_flush();
    expect_all_spans_back();
}

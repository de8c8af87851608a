/* The central cache under chosen interleavings. Classes whose spans hold few objects, so that spans
 * come and go all the time: that is where threads meet. */
#include "common/testing/interleave/interleave.h"
#include "common/testing/property/property.h"
#include "common/testing/property/shadow.h"
#include "stage2_threadcache/size_class.h"
#include "stage3_centralcache/central_cache.h"
#include "stage3_centralcache/standin/page_cache_standin.h"
#include "stage3_centralcache/tests/program.h"

enum { FILLED_BYTES = 64, ROUNDS = 2 };

static struct shadow shadow;
static unsigned few_class;    /* a few objects a span; a batch is 2 */
static unsigned single_class; /* one object a span */

static void choose_classes(void)
{
    few_class = size_class_of(9 * 1024);
    single_class = size_class_of(36 * 1024);
}

/* Fetch and note; the objects are the caller's, in an array. */
static size_t fetch(unsigned class_id, size_t want, void **objects)
{
    struct free_list list = {0};
    size_t count = take(class_id, want, &list);
    for (size_t i = 0; i < count; i++) {
        objects[i] = free_list_pop(&list);
        PROPERTY_CHECK(shadow_add(&shadow, objects[i], FILLED_BYTES, 16));
    }
    return count;
}

static void release(unsigned class_id, size_t count, void **objects)
{
    struct free_list list = {0};
    for (size_t i = 0; i < count; i++) {
        CHECK(objects[i] != NULL, "there is no object %zu to release", i);
        PROPERTY_CHECK(shadow_remove(&shadow, objects[i]));
        free_list_push(&list, objects[i]);
    }
    give(class_id, &list);
}

static void check_all_is_back(void)
{
    central_cache_flush();
    expect_all_spans_back();
    CHECK_EQUAL(page_standin_counts().locked_calls, 0, "page cache calls with a lock held");
}

/* --- One object at a time: spans open and go down --- */

static void use_single_objects(unsigned index, void *unused)
{
    (void)index;
    (void)unused;
    void *object = NULL;
    for (int round = 0; round < ROUNDS; round++) {
        fetch(few_class, 1, &object);
        interleave_say("has an object");
        release(few_class, 1, &object);
    }
}

TEST(central_cache_interleave, lets_spans_come_and_go, .points = 0, .invariant = "I4",
     .section = "3.5",
     .hint = "Whether a span's last object is back is decided and acted upon in one locked step: "
             "take it off the lists there, give it down after.")
{
    choose_classes();
    test_run_threads(3, use_single_objects, NULL);
    check_all_is_back();
}

/* --- Whole batches, and somebody who flushes them --- */

static void use_batches_or_flush(unsigned index, void *unused)
{
    (void)unused;
    void *objects[SIZE_CLASS_MAX_BATCH];
    for (int round = 0; round < ROUNDS; round++) {
        size_t count = fetch(few_class, size_class_batch(few_class), objects);
        release(few_class, count, objects);
        if (index == 0)
            central_cache_flush();
    }
}

TEST(central_cache_interleave, flushes_while_batches_move, .points = 0, .invariant = "I3",
     .section = "3.5",
     .hint = "A ready batch is in one place only: whoever takes it out of its slot has it.")
{
    choose_classes();
    test_run_threads(3, use_batches_or_flush, NULL);
    check_all_is_back();
}

/* --- Odd counts, two classes --- */

static void use_odd_counts(unsigned index, void *unused)
{
    (void)unused;
    void *objects[2][SIZE_CLASS_MAX_BATCH];
    for (int round = 0; round < ROUNDS; round++) {
        size_t few = fetch(few_class, 1 + (index + (unsigned)round) % 3, objects[0]);
        size_t single = fetch(single_class, 1, objects[1]);
        release(few_class, few, objects[0]);
        release(single_class, single, objects[1]);
    }
}

TEST(central_cache_interleave, takes_and_gives_any_counts, .points = 0, .invariant = "I1",
     .section = "3.5",
     .hint = "Live, free and tail of a span change together, under its class's lock.")
{
    choose_classes();
    test_run_threads(2, use_odd_counts, NULL);
    check_all_is_back();
}

/* --- Statistics and checks --- */

static void ask_or_work(unsigned index, void *unused)
{
    void *object = NULL;
    if (index != 0) {
        use_single_objects(index, unused);
        return;
    }
    size_t count = fetch(few_class, 1, &object);
    struct central_cache_stats stats;
    central_cache_stats(&stats);
    CHECK(stats.handed_objects >= 1, "an object is out, but %zu are counted", stats.handed_objects);
    CHECK_EQUAL(central_cache_check(), 0, "central_cache_check");
    release(few_class, count, &object);
}

TEST(central_cache_interleave, may_be_asked_at_any_time, .points = 0, .invariant = "I1",
     .section = "3.7",
     .hint = "Statistics and checks read what others write: class by class, each "
             "under its lock.")
{
    choose_classes();
    test_run_threads(2, ask_or_work, NULL);
}

/* So many bytes lie ready that none of the batches that are brought fits: at no moment may they count.
 * Batches of one object, eight a class, which a class may always keep. */
static void fill_up_with_ready_batches(void)
{
    enum { EACH = 8 };
    for (unsigned class_id = SIZE_CLASS_COUNT - 1; class_id >= size_class_of(112 * 1024);
         class_id--) {
        void *objects[EACH];
        for (size_t i = 0; i < EACH; i++)
            fetch(class_id, 1, &objects[i]);
        for (size_t i = 0; i < EACH; i++)
            release(class_id, 1, &objects[i]);
    }
}

enum { TOO_MANY = 40 };
static void *too_many[TOO_MANY];

static void bring_more_or_check(unsigned index, void *unused)
{
    (void)unused;
    for (size_t i = 0; i < TOO_MANY && index == 0; i++)
        release(size_class_of(112 * 1024), 1, &too_many[i]);
    if (index != 0)
        CHECK_EQUAL(central_cache_check(), 0, "central_cache_check");
}

TEST(central_cache_interleave, stays_within_its_bound_at_every_moment, .points = 0,
     .invariant = "I3", .section = "3.7",
     .hint = "Add to the sum of ready bytes only what fits: compare and exchange, and again where "
             "another thread was faster.")
{
    for (size_t i = 0; i < TOO_MANY; i++)
        fetch(size_class_of(112 * 1024), 1, &too_many[i]);
    fill_up_with_ready_batches();
    test_run_threads(2, bring_more_or_check, NULL);
}

/* --- Weak spots: work, counted (I5) --- */

/* Each span of this class is one object: exhausted as soon as it is there. */
static size_t accesses_of_a_fetch(void)
{
    struct free_list list = {0};
    size_t before = interleave_accesses();
    (void)central_cache_fetch(single_class, 1, &list);
    return interleave_accesses() - before;
}

TEST(central_cache_interleave, costs_the_same_however_many_spans_are_exhausted, .points = 0,
     .invariant = "I5", .section = "3.1",
     .hint = "A span with nothing left is in no list that fetch walks.")
{
    choose_classes();
    for (size_t i = 0; i < 10; i++)
        (void)take_one(single_class);
    size_t with_few = accesses_of_a_fetch();
    for (size_t i = 0; i < 9989; i++)
        (void)take_one(single_class);
    CHECK_AT_MOST(accesses_of_a_fetch(), with_few,
                  "memory accesses of a fetch with 10,000 exhausted spans, and with 10");
}

/* A whole batch that is ready is handed over as it is: objects of a batch of 64 cost no more than
 * those of a batch of 2. */
static size_t accesses_of_a_ready_batch(unsigned class_id)
{
    struct free_list batch = {0};
    take_exactly(class_id, size_class_batch(class_id), &batch);
    give(class_id, &batch);
    size_t before = interleave_accesses();
    (void)central_cache_fetch(class_id, size_class_batch(class_id), &batch);
    return interleave_accesses() - before;
}

TEST(central_cache_interleave, hands_a_ready_batch_over_at_one_price, .points = 0,
     .invariant = "I3", .section = "3.4",
     .hint = "Head and count move; no object of the batch is looked at.")
{
    choose_classes();
    CHECK_AT_MOST(accesses_of_a_ready_batch(size_class_of(64)),
                  accesses_of_a_ready_batch(few_class),
                  "memory accesses for a ready batch of 64 objects, and for one of 2");
}

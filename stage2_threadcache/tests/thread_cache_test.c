/* What a thread's cache does, one sentence a test. Its borders and failures are in
 * thread_cache_limits_test.c; many threads in thread_cache_threads_test.c;
 * fork and bypass in thread_cache_modes_test.c. */
#include <stdbool.h>
#include <stddef.h>

#include "common/testing/test.h"
#include "stage2_threadcache/size_class.h"
#include "stage2_threadcache/standin/central_cache_standin.h"
#include "stage2_threadcache/tests/cache_work.h"
#include "stage2_threadcache/thread_cache.h"

/* Class 5 is 64 bytes, in batches of about 128, so 64; class 34 is 1152 bytes, in batches of 3 to 14;
 * class 90 is 144 KiB, one at a time. */
enum { SMALL_CLASS = 5, MIDDLE_CLASS = 34, SINGLE_CLASS = 90, MOST_OBJECTS = 4096 };

static void *objects[MOST_OBJECTS];

TEST(thread_cache, hands_out_an_object, .points = 2, .invariant = "I8", .section = "2.4",
     .hint = "Fetch a batch from the central cache, keep the rest, hand out one.")
{
    char *first = take(SMALL_CLASS);
    char *second = take(SMALL_CLASS);
    CHECK(first != second, "two allocs returned the same object, %p", (void *)first);
    test_fill(first, 64, 1);
    test_fill(second, 64, 2);
    test_check_filled(first, 64, 1);
    test_check_filled(second, 64, 2);
}

TEST(thread_cache, has_no_object_of_class_0, .points = 1, .invariant = "I1", .section = "2.4",
     .hint = "Class 0 is none: nothing to hand out, and nothing to ask of the central cache.")
{
    void *object = thread_cache_alloc(0);
    CHECK(object == NULL, "thread_cache_alloc(0): expected NULL, got %p", object);
    take(SMALL_CLASS);
    object = thread_cache_alloc(0);
    CHECK(object == NULL, "thread_cache_alloc(0): expected NULL, got %p", object);
}

TEST(thread_cache, fetches_a_batch_at_a_time, .points = 3, .invariant = "I6", .section = "2.4",
     .needs = "thread_cache/hands_out_an_object",
     .hint = "Want size_class_batch objects, and go down again only when all of them are gone.")
{
    static const unsigned classes[] = {SMALL_CLASS, MIDDLE_CLASS};
    for (size_t i = 0; i < sizeof classes / sizeof *classes; i++) {
        size_t count = 40 * batch_of(classes[i]);
        for (size_t n = 0; n < count; n++)
            test_fill(take(classes[i]), 64, n);
        struct central_standin_counts counts = central_standin_counts(classes[i]);
        CHECK_AT_MOST(counts.fetches, most_calls(count, classes[i]),
                      "calls of central_cache_fetch for 40 batches of objects");
        CHECK_AT_MOST(counts.largest_fetch, batch_of(classes[i]), "objects wanted by one call");
    }
}

TEST(thread_cache, hands_back_the_object_freed_last, .points = 3, .invariant = "I7",
     .section = "2.5", .needs = "thread_cache/hands_out_an_object",
     .hint = "The lists are stacks. It must hold at every fill of the cache, also when a list has "
             "just become full.")
{
    static const unsigned classes[] = {SMALL_CLASS, MIDDLE_CLASS, SINGLE_CLASS};
    for (size_t i = 0; i < sizeof classes / sizeof *classes; i++) {
        size_t count = 4 * batch_of(classes[i]);
        take_many(objects, count, classes[i]);
        for (size_t n = 0; n < count; n++) {
            give(objects[n], classes[i]);
            void *again = take(classes[i]);
            CHECK(again == objects[n], "class %u, %zu objects held: freed %p, then alloc gave %p",
                  classes[i], cached(classes[i]), objects[n], again);
            give(again, classes[i]);
        }
    }
}

/* Objects are allocated and freed at random places, now mostly the one, now mostly the other, so that
 * lists fill up and run empty. Each object carries a pattern as long as it is live. Once in a while
 * the central cache has less to give than is wanted. */
enum { PLACES = 1000, STEPS = 12000, STEPS_OF_A_KIND = 2000, PATTERN_BYTES = 256 };

static const unsigned random_classes[] = {1, SMALL_CLASS, 20, MIDDLE_CLASS, 58};
enum { RANDOM_CLASSES = sizeof random_classes / sizeof *random_classes };

static void *freed_last[SIZE_CLASS_COUNT]; /* NULL where an alloc came after it */

static size_t pattern_bytes(unsigned class_id)
{
    size_t bytes = central_standin_bytes(class_id);
    return bytes < PATTERN_BYTES ? bytes : PATTERN_BYTES;
}

static void take_into(size_t place)
{
    unsigned class_id = random_classes[place % RANDOM_CLASSES];
    void *object = take(class_id);
    CHECK(freed_last[class_id] == NULL || object == freed_last[class_id],
          "class %u: freed %p, then alloc gave %p", class_id, freed_last[class_id], object);
    freed_last[class_id] = NULL;
    test_fill(object, pattern_bytes(class_id), place);
    objects[place] = object;
}

static void give_from(size_t place)
{
    unsigned class_id = random_classes[place % RANDOM_CLASSES];
    test_check_filled(objects[place], pattern_bytes(class_id), place);
    give(objects[place], class_id);
    freed_last[class_id] = objects[place];
    objects[place] = NULL;
}

TEST(thread_cache, loses_no_object_and_gives_none_twice, .points = 2, .invariant = "I8",
     .section = "2.5", .needs = "thread_cache/hands_out_an_object",
     .hint =
         "Fetched = live + cached + released. Where a list moves, its count moves with it; where "
         "a list is given away, it is empty after that.")
{
    struct test_random random = test_random_start(2);
    for (size_t step = 0; step < STEPS; step++) {
        size_t place = test_random_below(&random, PLACES);
        bool mostly_takes = step / STEPS_OF_A_KIND % 2 == 0;
        bool is_exception = test_random_below(&random, 4) == 0;
        if (objects[place] == NULL && mostly_takes != is_exception)
            take_into(place);
        else if (objects[place] != NULL && mostly_takes == is_exception)
            give_from(place);
        if (step % 500 == 0)
            central_standin_give_at_most(test_random_below(&random, 9));
    }
    for (size_t place = 0; place < PLACES; place++)
        if (objects[place] != NULL)
            give_from(place);
}

TEST(thread_cache, serves_every_class_to_the_last_byte, .points = 2, .invariant = "I8",
     .section = "2.5", .needs = "thread_cache/hands_out_an_object",
     .hint = "Does the cache have a place for class 97, the last one?")
{
    for (unsigned class_id = 1; class_id < SIZE_CLASS_COUNT; class_id++) {
        size_t bytes = central_standin_bytes(class_id);
        size_t count = 3 * batch_of(class_id);
        for (size_t n = 0; n < count; n++) {
            objects[n] = take(class_id);
            test_fill(objects[n], bytes < 128 ? bytes : 128, n);
            test_fill((char *)objects[n] + bytes - 8, 8, n);
        }
        for (size_t n = 0; n < count; n++) {
            test_check_filled((char *)objects[n] + bytes - 8, 8, n);
            give(objects[n], class_id);
        }
    }
}

/* take and give call from another file, cache_work.c: both must mean the same cache. */
TEST(thread_cache, is_one_cache_for_all_files, .points = 2, .invariant = "I7", .section = "2.5",
     .needs = "thread_cache/hands_out_an_object",
     .hint = "A static variable in a header is another one in each file that includes it. It "
             "belongs into the .c file.")
{
    for (size_t n = 0; n < 10; n++) {
        void *here = thread_cache_alloc(SMALL_CLASS);
        thread_cache_free(here, SMALL_CLASS);
        void *there = take(SMALL_CLASS);
        CHECK(there == here, "this file freed %p, then alloc in another file gave %p", here, there);
        give(there, SMALL_CLASS);
        here = thread_cache_alloc(SMALL_CLASS);
        CHECK(here == there, "another file freed %p, then alloc in this file gave %p", there, here);
        thread_cache_free(here, SMALL_CLASS);
        take(SMALL_CLASS);
    }
}

TEST(thread_cache, gives_all_back_when_flushed, .points = 3, .invariant = "I8", .section = "2.6",
     .needs = "thread_cache/hands_out_an_object",
     .hint = "Both lists of each class go down, whatever is in them, and are empty after that. An "
             "empty list does not go down.")
{
    static const unsigned classes[] = {1, SMALL_CLASS, MIDDLE_CLASS, SINGLE_CLASS, 97};
    thread_cache_flush();
    for (size_t i = 0; i < sizeof classes / sizeof *classes; i++) {
        size_t count = 2 * batch_of(classes[i]) + 1;
        for (size_t freed = 0; freed <= count; freed += 1 + count / 8) {
            take_many(objects, count, classes[i]);
            give_many(objects, freed, classes[i]);
            thread_cache_flush();
            CHECK(cached(classes[i]) == 0, "class %u: the thread holds %zu objects after a flush",
                  classes[i], cached(classes[i]));
            thread_cache_flush();
            give_many(objects + freed, count - freed, classes[i]);
        }
    }
    thread_cache_flush();
    CHECK_EQUAL(central_standin_out(), 0, "objects out after all were freed and flushed");
}

/* Worth no points: statistics and checks are for you, and are never scored on their word. */
TEST(
    thread_cache, counts_and_checks_itself, .points = 0, .invariant = "I8", .section = "2.10",
    .needs = "thread_cache/hands_out_an_object",
    .hint = "Count calls down, not allocs and frees; walk the lists and compare with their counts.")
{
    take_many(objects, 100, SMALL_CLASS);
    give_many(objects, 90, SMALL_CLASS);
    take(MIDDLE_CLASS);
    CHECK_EQUAL(thread_cache_check(), 0, "thread_cache_check");
    struct thread_cache_stats stats;
    thread_cache_stats(&stats);
    CHECK_EQUAL(stats.threads, 1, "threads");
    CHECK_EQUAL(stats.cached_objects, cached(SMALL_CLASS) + cached(MIDDLE_CLASS), "cached objects");
    CHECK_EQUAL(stats.cached_bytes, 64 * cached(SMALL_CLASS) + 1152 * cached(MIDDLE_CLASS),
                "cached bytes");
    CHECK_EQUAL(stats.fetches,
                central_standin_counts(SMALL_CLASS).fetches +
                    central_standin_counts(MIDDLE_CLASS).fetches,
                "fetches");
    take_many(objects, 300, SMALL_CLASS);
    give_many(objects, 300, SMALL_CLASS);
    thread_cache_stats(&stats);
    CHECK_EQUAL(stats.releases, central_standin_counts(SMALL_CLASS).releases, "releases");
    CHECK_EQUAL(stats.releases, central_standin_counts(SMALL_CLASS).releases, "releases");
}

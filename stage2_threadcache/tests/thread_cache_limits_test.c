/* Borders of the thread cache: full and empty lists, failing memory, partial batches, caller's bugs. */
#include <errno.h>

#include "common/free_list.h"
#include "common/testing/os_memory_standin.h"
#include "common/testing/test.h"
#include "stage2_threadcache/standin/central_cache_standin.h"
#include "stage2_threadcache/tests/cache_work.h"
#include "stage2_threadcache/thread_cache.h"
#include "stage3_centralcache/central_cache.h"

/* Bytes and batch: class 5 has 64 B, 64; class 20 has 352 B, about 23; class 34 has 1152 B, about 7;
 * class 58 has 9 KiB, 2; classes 90 and 97 have 144 and 256 KiB, 1. */
enum { SMALL_CLASS = 5, MIDDLE_CLASS = 34, MOST_OBJECTS = 4096 };
static const unsigned classes[] = {SMALL_CLASS, 20, MIDDLE_CLASS, 58, 90, 97};
enum { CLASSES = sizeof classes / sizeof *classes };

static void *objects[MOST_OBJECTS];

/* --- Failing memory --- */

static void check_fails(unsigned class_id)
{
    errno = 0;
    void *object = thread_cache_alloc(class_id);
    CHECK(object == NULL, "no object can be had, but thread_cache_alloc(%u) returned %p", class_id,
          object);
    CHECK_EQUAL(errno, ENOMEM, "errno after an alloc that failed");
}

TEST(thread_cache_limits, says_when_memory_is_out, .points = 2, .invariant = "I8", .section = "2.4",
     .needs = "thread_cache/hands_out_an_object",
     .hint = "Where the fetch gives 0 objects, return NULL and leave the lists as they were: the "
             "next call may find some.")
{
    central_standin_fail_all_fetches(true);
    check_fails(SMALL_CLASS);
    check_fails(SMALL_CLASS);
    central_standin_fail_all_fetches(false);
    take(SMALL_CLASS);
    central_standin_fail_all_fetches(true);
    while (cached(SMALL_CLASS) != 0)
        take(SMALL_CLASS);
    check_fails(SMALL_CLASS);
    check_fails(MIDDLE_CLASS);
    CHECK_EQUAL(central_standin_out(), live(SMALL_CLASS), "objects out, all of them live");
    central_standin_fail_all_fetches(false);
    central_standin_fail_fetch(1);
    check_fails(MIDDLE_CLASS);
    take_many(objects, 100, SMALL_CLASS);
    take_many(objects, 100, MIDDLE_CLASS);
}

TEST(thread_cache_limits, takes_less_than_a_batch, .points = 2, .invariant = "I8", .section = "2.4",
     .needs = "thread_cache/hands_out_an_object",
     .hint = "central_cache_fetch returns how many it gave; that may be 1, and all of them count.")
{
    for (size_t most = 1; most <= 5; most++) {
        central_standin_give_at_most(most);
        for (size_t n = 0; n < 20; n++)
            test_fill(take(SMALL_CLASS), 64, n);
    }
}

/* The first call of a thread may be a free, and it may come when there is no memory for the thread's
 * record. */
TEST(thread_cache_limits, frees_without_memory_for_its_own_record, .points = 2, .invariant = "I8",
     .section = "2.7", .needs = "thread_cache/hands_out_an_object",
     .hint = "free never fails: without a cache the object goes straight down. Whatever set errno "
             "on the way, free puts it back.")
{
    struct free_list list = {0};
    CHECK_EQUAL(central_cache_fetch(SMALL_CLASS, 2, &list), 2, "objects fetched");
    void *first = free_list_pop(&list);
    void *second = free_list_pop(&list);
    os_standin_fail_all_maps(true);
    errno = 4242;
    thread_cache_free(first, SMALL_CLASS);
    CHECK_EQUAL(errno, 4242, "errno after free");
    errno = 0;
    void *object = thread_cache_alloc(SMALL_CLASS);
    CHECK(object != NULL || errno == ENOMEM, "alloc: got NULL with errno %d", errno);
    if (object != NULL)
        thread_cache_free(object, SMALL_CLASS);
    os_standin_fail_all_maps(false);
    thread_cache_free(second, SMALL_CLASS);
    thread_cache_flush();
    CHECK_EQUAL(central_standin_out(), 0, "objects out after all were freed and flushed");
    take_many(objects, 100, SMALL_CLASS);
}

/* --- Full lists --- */

TEST(thread_cache_limits, holds_at_most_two_batches_of_a_class, .points = 4, .invariant = "I5",
     .section = "2.5", .needs = "thread_cache/hands_out_an_object",
     .hint = "Two lists of a batch each: where both are full, one goes down before anything is "
             "pushed. give() checks after every free.")
{
    for (size_t i = 0; i < CLASSES; i++) {
        size_t count = 6 * batch_of(classes[i]);
        for (size_t round = 0; round < 3; round++) {
            take_many(objects, count, classes[i]);
            give_many(objects, count, classes[i]);
        }
    }
}

TEST(thread_cache_limits, sends_down_whole_batches, .points = 3, .invariant = "I6",
     .section = "2.5", .needs = "thread_cache/hands_out_an_object",
     .hint = "A list that is full goes down whole, with its count, and is empty after that. The "
             "other one stays.")
{
    static const unsigned whole[] = {SMALL_CLASS, 20, MIDDLE_CLASS};
    for (size_t i = 0; i < sizeof whole / sizeof *whole; i++) {
        size_t count = 30 * batch_of(whole[i]);
        take_many(objects, count, whole[i]);
        give_many(objects, count, whole[i]);
        struct central_standin_counts counts = central_standin_counts(whole[i]);
        CHECK_AT_MOST(counts.releases, most_calls(count, whole[i]),
                      "calls of central_cache_release for 30 batches of objects");
        CHECK_AT_MOST(counts.largest_release, batch_of(whole[i]), "objects released by one call");
    }
}

/* Calls down while the thread goes to and fro: `width` allocs, then as many frees. */
static size_t calls_to_and_fro(size_t width, void **unused, unsigned class_id)
{
    enum { ROUNDS = 100 };
    struct central_standin_counts before = central_standin_counts(class_id);
    for (size_t round = 0; round < ROUNDS; round++) {
        take_many(unused, width, class_id);
        give_many(unused, width, class_id);
    }
    struct central_standin_counts after = central_standin_counts(class_id);
    return after.fetches + after.releases - before.fetches - before.releases;
}

/* A few calls are right: the border is met once, or batches grow until they are whole. */
TEST(thread_cache_limits, does_not_ping_pong_at_a_border, .points = 3, .invariant = "I6",
     .section = "2.5", .needs = "thread_cache/hands_out_an_object",
     .hint =
         "With one list, a thread at its border calls down again and again. Exchange active and "
         "spare list instead.")
{
    static const unsigned hovering[] = {20, MIDDLE_CLASS};
    for (size_t i = 0; i < sizeof hovering / sizeof *hovering; i++) {
        size_t batch = batch_of(hovering[i]);
        for (size_t taken = 0; taken <= 3 * batch; taken++) {
            for (size_t width = 1; width <= 3; width++)
                CHECK_AT_MOST(calls_to_and_fro(width, objects + taken, hovering[i]), 2 * batch + 2,
                              "calls down in 100 rounds of 1 to 3 allocs and frees");
            objects[taken] = take(hovering[i]);
        }
    }
}

TEST(thread_cache_limits, keeps_errno_on_free, .points = 2, .invariant = "I8", .section = "2.5",
     .needs = "thread_cache/hands_out_an_object",
     .hint = "Nothing that free does should touch errno, nor the functions that it calls.")
{
    size_t count = 5 * batch_of(SMALL_CLASS);
    take_many(objects, count, SMALL_CLASS);
    for (size_t n = 0; n < count; n++) {
        errno = 4242;
        thread_cache_free(objects[n], SMALL_CLASS);
        CHECK_EQUAL(errno, 4242, "errno after free");
    }
}

/* --- Caller's bugs --- */

TEST(thread_cache_limits, notices_a_double_free_at_once, .points = 2, .invariant = "I7",
     .section = "2.5", .needs = "thread_cache/hands_out_an_object",
     .hint = "The object freed last is the head of a list.")
{
    void *object = take(SMALL_CLASS);
    give(object, SMALL_CLASS);
    give(take(MIDDLE_CLASS), MIDDLE_CLASS);
    test_expect_caller_bug(CALLER_BUG_DOUBLE_FREE, object);
    thread_cache_free(object, SMALL_CLASS);
}

TEST(thread_cache_limits, notices_a_double_free_when_a_list_is_full, .points = 1, .invariant = "I7",
     .section = "2.5", .needs = "thread_cache/hands_out_an_object",
     .hint = "The free that fills a list, or finds it full, must compare as any other does.")
{
    size_t batch = batch_of(MIDDLE_CLASS);
    take_many(objects, batch, MIDDLE_CLASS);
    while (cached(MIDDLE_CLASS) != 0)
        take(MIDDLE_CLASS);
    give_many(objects, batch, MIDDLE_CLASS);
    test_expect_caller_bug(CALLER_BUG_DOUBLE_FREE, objects[batch - 1]);
    thread_cache_free(objects[batch - 1], MIDDLE_CLASS);
}

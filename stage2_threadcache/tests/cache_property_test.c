/* What holds for every sequence of calls of the thread cache, found by random calls on one thread or on
 * three, never two at a time.
 *
 *   central cache (stand-in) ── out ──▶  held by thread 0 + held by 1 + held by 2 + live
 *
 * The stand-in counts what is out; what a thread holds follows from how that changes in its calls.
 * A slot is a place for a group of objects of one class. */
#include <errno.h>
#include <stdbool.h>
#include <string.h>

#include "common/testing/property/property.h"
#include "common/testing/property/shadow.h"
#include "stage2_threadcache/size_class.h"
#include "stage2_threadcache/standin/central_cache_standin.h"
#include "stage2_threadcache/tests/cache_work.h"
#include "stage2_threadcache/thread_cache.h"

enum { SLOTS = 24, MOST_IN_SLOT = 160, MOST_FILLED = 512 };

static struct {
    void *objects[MOST_IN_SLOT];
    size_t count;
    unsigned class_id;
} slots[SLOTS];

static struct {
    size_t held[SIZE_CLASS_COUNT];
    void *freed_last[SIZE_CLASS_COUNT]; /* the next alloc must give it; NULL where it need not */
} threads[PROPERTY_MOST_THREADS];

static struct shadow shadow;

/* --- What a call may do --- */

static size_t out(unsigned class_id)
{
    return central_standin_counts(class_id).out;
}

static size_t fetches(unsigned class_id)
{
    return central_standin_counts(class_id).fetches;
}

static size_t filled_bytes(unsigned class_id)
{
    size_t bytes = central_standin_bytes(class_id);
    return bytes < MOST_FILLED ? bytes : MOST_FILLED;
}

static void check_conservation(void)
{
    size_t held = 0;
    for (unsigned thread = 0; thread < PROPERTY_MOST_THREADS; thread++)
        for (unsigned class_id = 1; class_id < SIZE_CLASS_COUNT; class_id++)
            held += threads[thread].held[class_id];
    CHECK(central_standin_out() == shadow.count + held,
          "%zu objects are out of the central cache, but %zu are live and %zu held by threads",
          central_standin_out(), shadow.count, held);
}

static void check_holds_two_batches(unsigned class_id)
{
    size_t held = threads[property_thread()].held[class_id];
    CHECK(held <= 2 * batch_of(class_id),
          "class %u: the thread holds %zu free objects; two batches are %zu", class_id, held,
          2 * batch_of(class_id));
}

/* --- The operations --- */

static void *alloc_checked(unsigned class_id)
{
    size_t held = threads[property_thread()].held[class_id];
    size_t out_before = out(class_id);
    size_t fetches_before = fetches(class_id);
    void *wanted = threads[property_thread()].freed_last[class_id];
    errno = 0;
    void *object = thread_cache_alloc(class_id);
    CHECK(held == 0 || fetches(class_id) == fetches_before,
          "alloc of class %u called central_cache_fetch though the thread holds %zu free objects",
          class_id, held);
    if (object == NULL) {
        CHECK(fetches(class_id) > fetches_before && out(class_id) == out_before,
              "thread_cache_alloc(%u) returned NULL though no fetch failed", class_id);
        CHECK_EQUAL(errno, ENOMEM, "errno after an alloc that failed");
        return NULL;
    }
    CHECK(central_standin_is_out(object, class_id),
          "thread_cache_alloc(%u) returned %p, which is no object of that class, or was given back",
          class_id, object);
    CHECK(wanted == NULL || wanted == object, "class %u: freed %p, then alloc gave %p", class_id,
          wanted, object);
    threads[property_thread()].freed_last[class_id] = NULL;
    threads[property_thread()].held[class_id] += out(class_id) - out_before - 1;
    check_holds_two_batches(class_id);
    return object;
}

static void run_alloc(const uint64_t *arguments)
{
    unsigned class_id = (unsigned)arguments[0];
    size_t slot = arguments[1];
    check_conservation();
    if (class_id == 0 || slots[slot].count != 0 || arguments[2] == 0)
        property_skip();
    slots[slot].class_id = class_id;
    for (size_t i = 0; i < arguments[2]; i++) {
        void *object = alloc_checked(class_id);
        property_result("%zu of class %u, the last %p", i + 1, class_id, object);
        if (object == NULL)
            return;
        PROPERTY_CHECK(shadow_add(&shadow, object, filled_bytes(class_id),
                                  central_standin_bytes(class_id) < 16 ? 8 : 16));
        slots[slot].objects[slots[slot].count++] = object;
    }
}

static void free_checked(void *object, unsigned class_id)
{
    size_t out_before = out(class_id);
    PROPERTY_CHECK(shadow_remove(&shadow, object));
    errno = 4242;
    thread_cache_free(object, class_id);
    CHECK_EQUAL(errno, 4242, "errno after a free");
    threads[property_thread()].held[class_id] += 1 - (out_before - out(class_id));
    threads[property_thread()].freed_last[class_id] = object;
    check_holds_two_batches(class_id);
}

static void run_free(const uint64_t *arguments)
{
    size_t slot = arguments[0];
    check_conservation();
    if (slots[slot].count == 0 || arguments[1] == 0)
        property_skip();
    size_t count = arguments[1] < slots[slot].count ? arguments[1] : slots[slot].count;
    for (size_t i = 0; i < count; i++)
        free_checked(slots[slot].objects[--slots[slot].count], slots[slot].class_id);
    property_result("%zu of class %u", count, slots[slot].class_id);
}

static void forget_thread(void)
{
    for (unsigned class_id = 1; class_id < SIZE_CLASS_COUNT; class_id++) {
        threads[property_thread()].held[class_id] = 0;
        threads[property_thread()].freed_last[class_id] = NULL;
    }
}

static void run_flush(const uint64_t *arguments)
{
    (void)arguments;
    check_conservation();
    thread_cache_flush();
    forget_thread();
    check_conservation();
    property_result("flushed");
}

/* The engine ends the thread after this; the next call finds out whether it gave all back. */
static void run_end(const uint64_t *arguments)
{
    (void)arguments;
    check_conservation();
    if (property_thread() == 0)
        property_skip();
    forget_thread();
    property_result("ended");
}

static void run_give_at_most(const uint64_t *arguments)
{
    central_standin_give_at_most(arguments[0]);
    property_result("set");
}

/* --- The properties --- */

/* Batches of 64, 23, 7, 2 and 1. */
static uint64_t draw_class(struct test_random *random)
{
    static const unsigned classes[] = {5, 20, 34, 58, 97};
    return classes[test_random_below(random, sizeof classes / sizeof *classes)];
}

static uint64_t draw_count(struct test_random *random)
{
    return test_random_below(random, 3) == 0 ? test_random_below(random, MOST_IN_SLOT)
                                             : test_random_below(random, 12);
}

static const struct property_operation operations[] = {
    {"alloc",
     12,
     {{"class", 0, draw_class}, {"slot", SLOTS, NULL}, {"count", 0, draw_count}},
     run_alloc,
     false},
    {"free", 12, {{"slot", SLOTS, NULL}, {"count", 0, draw_count}}, run_free, false},
    {"flush", 1, {{NULL, 0, NULL}}, run_flush, false},
    {"give-at-most", 1, {{"count", 9, NULL}}, run_give_at_most, false},
    {"end", 1, {{NULL, 0, NULL}}, run_end, true},
};

/* Conservation: with all freed and flushed, and all other threads ended, nothing is out. */
static void give_all_back(void)
{
    for (unsigned thread = 1; thread < PROPERTY_MOST_THREADS; thread++)
        for (unsigned class_id = 1; class_id < SIZE_CLASS_COUNT; class_id++)
            threads[thread].held[class_id] = 0;
    check_conservation();
    for (size_t slot = 0; slot < SLOTS; slot++)
        while (slots[slot].count != 0)
            free_checked(slots[slot].objects[--slots[slot].count], slots[slot].class_id);
    thread_cache_flush();
    memset(threads, 0, sizeof threads); /* a fuzzer makes more calls after this */
    CHECK_EQUAL(central_standin_out(), 0, "objects out after all were freed and flushed");
}

static size_t all_fetches(void)
{
    size_t count = 0;
    for (unsigned class_id = 1; class_id < SIZE_CLASS_COUNT; class_id++)
        count += fetches(class_id);
    return count;
}

static const struct property on_one_thread = {
    .operations = operations,
    .operation_count = sizeof operations / sizeof *operations,
    .sequences = 40,
    .calls = 200,
    .finish = give_all_back,
    .fail_below = central_standin_fail_fetch,
    .calls_below = all_fetches,
};

static const struct property on_three_threads = {
    .operations = operations,
    .operation_count = sizeof operations / sizeof *operations,
    .sequences = 40,
    .calls = 200,
    .thread_count = 3,
    .finish = give_all_back,
};

TEST(thread_cache_property, keeps_its_invariants_whatever_the_calls, .points = 2, .invariant = "I8",
     .section = "2.6", .needs = "thread_cache/hands_out_an_object",
     .hint = "Replay the script in gdb. Fetched = live + cached + released, after every call.")
{
    property_check(&on_one_thread);
}

TEST(thread_cache_property, loses_nothing_wherever_a_fetch_fails, .points = 2, .invariant = "I8",
     .section = "2.6", .needs = "thread_cache/hands_out_an_object",
     .hint = "When central_cache_fetch gives 0 objects, the lists must be as they were before.")
{
    property_check_failures(&on_one_thread, 2);
}

TEST(thread_cache_property, keeps_its_invariants_on_several_threads, .points = 1, .invariant = "I8",
     .section = "2.7", .needs = "thread_cache/loses_no_object_and_gives_none_twice",
     .threads = true,
     .hint = "The calls are made one at a time, so this is no race: what does a thread do with an "
             "object of another thread, and with all it holds when it ends?")
{
    property_check(&on_three_threads);
}

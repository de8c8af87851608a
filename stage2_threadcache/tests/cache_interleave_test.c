/* The thread cache under chosen interleavings: what threads share is the registry of records, and the
 * objects that one takes and another frees. */
#include <stdbool.h>

#include "common/testing/interleave/interleave.h"
#include "common/testing/property/property.h"
#include "common/testing/property/shadow.h"
#include "stage2_threadcache/standin/central_cache_standin.h"
#include "stage2_threadcache/tests/cache_work.h"
#include "stage2_threadcache/thread_cache.h"

enum { SINGLE_CLASS = 97, PAIR_CLASS = 58, FILLED_BYTES = 64, MOST_THREADS = 4 };

static struct shadow shadow;

static void *take_noted(unsigned class_id)
{
    void *object = alloc(class_id);
    PROPERTY_CHECK(shadow_add(&shadow, object, FILLED_BYTES, 16));
    return object;
}

static void give_noted(void *object, unsigned class_id)
{
    PROPERTY_CHECK(shadow_remove(&shadow, object));
    thread_cache_free(object, class_id);
}

/* --- Threads that start and end --- */

static void live_shortly(unsigned index, void *unused)
{
    (void)index;
    (void)unused;
    void *first = take_noted(PAIR_CLASS);
    void *second = take_noted(SINGLE_CLASS);
    give_noted(first, PAIR_CLASS);
    give_noted(second, SINGLE_CLASS);
    interleave_say("is done");
}

TEST(thread_cache_interleave, start_and_end_as_they_like, .points = 0, .invariant = "I8",
     .section = "2.7",
     .hint = "Building and dropping a record is one step each, with the registry's lock held.")
{
    for (int round = 0; round < 2; round++) {
        test_run_threads(3, live_shortly, NULL);
        CHECK_EQUAL(central_standin_out(), 0, "objects out after all threads have ended");
    }
}

/* --- Objects freed by another thread --- */

static void *table[8];

/* Takes two, lays them on the table, and frees what the others laid there. */
static void exchange(unsigned index, void *unused)
{
    (void)unused;
    table[2 * index] = take_noted(PAIR_CLASS);
    table[2 * index + 1] = take_noted(PAIR_CLASS);
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        void *object = table[i];
        table[i] = NULL;
        if (object != NULL)
            give_noted(object, PAIR_CLASS);
    }
}

TEST(thread_cache_interleave, free_what_others_took, .points = 0, .invariant = "I8",
     .section = "2.7", .hint = "A freed object is the cache's of the thread that freed it.")
{
    test_run_threads(MOST_THREADS, exchange, NULL);
    for (size_t i = 0; i < sizeof table / sizeof *table; i++)
        if (table[i] != NULL)
            give_noted(table[i], PAIR_CLASS);
    thread_cache_flush();
    CHECK_EQUAL(central_standin_out(), 0, "objects out after all were freed");
}

/* --- Flush while others work --- */

static void flush_or_work(unsigned index, void *unused)
{
    (void)unused;
    for (int round = 0; round < 2; round++) {
        void *object = take_noted(PAIR_CLASS);
        give_noted(object, PAIR_CLASS);
        if (index == 0)
            thread_cache_flush();
    }
}

TEST(thread_cache_interleave, flush_nothing_of_others, .points = 0, .invariant = "I8",
     .section = "2.6", .hint = "A flush is of the calling thread's lists and no others.")
{
    test_run_threads(3, flush_or_work, NULL);
    CHECK_EQUAL(central_standin_out(), 0, "objects out after all threads have ended");
}

/* --- Statistics --- */

static void ask_or_live_shortly(unsigned index, void *unused)
{
    struct thread_cache_stats stats;
    live_shortly(index, unused);
    if (index != 0)
        return;
    thread_cache_stats(&stats);
    CHECK(stats.threads >= 1 && stats.threads <= 3,
          "3 threads have caches at most, counted are %zu", stats.threads);
    CHECK_EQUAL(thread_cache_check(), 0, "thread_cache_check");
}

TEST(thread_cache_interleave, may_be_asked_at_any_time, .points = 0, .invariant = "I8",
     .section = "2.10", .hint = "The registry's counts are read with its lock held.")
{
    test_run_threads(3, ask_or_live_shortly, NULL);
}

/* --- Work, counted --- */

/* Memory accesses of a free and an alloc that stay in the thread. */
static size_t accesses_of_a_pair(size_t held)
{
    static void *objects[200];
    for (size_t i = 0; i < held; i++)
        objects[i] = alloc(1);
    for (size_t i = 0; i < held; i++)
        thread_cache_free(objects[i], 1);
    size_t before = interleave_accesses();
    thread_cache_free(alloc(1), 1);
    return interleave_accesses() - before;
}

TEST(thread_cache_interleave, costs_the_same_however_many_it_holds, .points = 0, .invariant = "I7",
     .section = "2.5", .hint = "A pop and a push: no list is walked.")
{
    size_t few = accesses_of_a_pair(3);
    CHECK_AT_MOST(accesses_of_a_pair(60), few,
                  "memory accesses of an alloc and a free with 60 objects held, and with 3");
}

/* The trace of stage 2: bursts of allocs and frees of a dozen classes, as a parser or a server makes
 * them, by one thread. */
#include "common/testing/counts/counts.h"
#include "stage2_threadcache/size_class.h"
#include "stage2_threadcache/standin/central_cache_standin.h"
#include "stage2_threadcache/thread_cache.h"

enum { CLASSES = 12, MOST_HELD = 400, BURSTS = 4000, MOST_OF_A_BURST = 60 };

static void *held[CLASSES][MOST_HELD];
static size_t held_counts[CLASSES];
static size_t operations;

static unsigned class_of(size_t index)
{
    return (unsigned)(2 + 5 * index);
}

static void take(size_t index)
{
    if (held_counts[index] == MOST_HELD)
        return;
    void *object = thread_cache_alloc(class_of(index));
    CHECK(object != NULL, "thread_cache_alloc(%u): got NULL", class_of(index));
    held[index][held_counts[index]++] = object;
    operations++;
}

static void give(size_t index)
{
    if (held_counts[index] == 0)
        return;
    thread_cache_free(held[index][--held_counts[index]], class_of(index));
    operations++;
}

static void burst(struct test_random *random)
{
    size_t index = test_random_below(random, CLASSES);
    size_t count = 1 + test_random_below(random, MOST_OF_A_BURST);
    bool takes = test_random_below(random, 2) == 0;
    for (size_t i = 0; i < count; i++)
        if (takes)
            take(index);
        else
            give(index);
}

TEST(counts, thread_cache, .invariant = "I6", .section = "2.5",
     .hint = "How many objects move at a time, and how often does a thread at a border call down?")
{
    struct test_random random = counts_random();
    size_t calls = 0;
    for (size_t i = 0; i < BURSTS; i++)
        burst(&random);
    for (size_t index = 0; index < CLASSES; index++) {
        struct central_standin_counts counts = central_standin_counts(class_of(index));
        calls += counts.fetches + counts.releases;
    }
    counts_tell_calls("calls of the central cache per 1,000 operations", calls, operations, 1);
    counts_tell_calls("locks acquired per 1,000 operations", counts_locks(), operations, 1);
}

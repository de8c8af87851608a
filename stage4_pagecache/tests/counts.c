/* The trace of stage 4: a program that works with objects of all sizes, a few of them large, and lets
 * most of its memory go now and then. */
#include "common/testing/counts/counts.h"
#include "common/testing/os_memory_standin.h"
#include "stage4_pagecache/mempool.h"

enum { PLACES = 4000, STEPS = 60000, STEPS_OF_A_WAVE = 15000, KIB = 1024 };

static struct {
    char *start;
    size_t bytes;
} places[PLACES];

static size_t live_bytes;
static size_t most_live_bytes;

/* Sizes of every order of magnitude are equally likely, up to 2 KiB; one in 300 is large. */
static size_t some_size(struct test_random *random)
{
    size_t most = (size_t)16 << test_random_below(random, 8);
    if (test_random_below(random, 300) == 0)
        most = 600 * (size_t)KIB;
    return 1 + test_random_below(random, most);
}

static void step(size_t place, bool takes, struct test_random *random)
{
    if (places[place].start == NULL && takes) {
        places[place].bytes = some_size(random);
        places[place].start = mempool_alloc(places[place].bytes);
        CHECK(places[place].start != NULL, "mempool_alloc(%zu): got NULL", places[place].bytes);
        live_bytes += places[place].bytes;
    } else if (places[place].start != NULL && !takes) {
        mempool_free(places[place].start);
        places[place].start = NULL;
        live_bytes -= places[place].bytes;
    }
    most_live_bytes = live_bytes > most_live_bytes ? live_bytes : most_live_bytes;
}

TEST(counts, pool, .invariant = "I8", .section = "4.4",
     .hint = "Is a region mapped while free spans would do? Are spans split and coalesced?")
{
    struct test_random random = counts_random();
    for (size_t i = 0; i < STEPS; i++) {
        bool grows = i / STEPS_OF_A_WAVE % 2 == 0;
        size_t place = test_random_below(&random, PLACES);
        step(place, grows != (test_random_below(&random, 4) == 0), &random);
    }
    struct os_memory_stats os;
    os_memory_stats(&os);
    counts_tell_calls("calls of os_memory per 1,000 operations",
                      os.map_calls + os.unmap_calls + os.purge_calls, STEPS, 0.5);
    counts_tell_calls("locks acquired per 1,000 operations", counts_locks(), STEPS, 1);
    test_count("most bytes mapped over most bytes live",
               (double)os_standin_peak_bytes() / (double)most_live_bytes);
}

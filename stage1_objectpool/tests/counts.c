/* The trace of stage 1: records come and go at random, in waves, as those of spans and threads do. */
#include "common/testing/counts/counts.h"
#include "common/testing/os_memory_standin.h"
#include "stage1_objectpool/object_pool.h"

enum { PLACES = 20000, STEPS = 200000, STEPS_OF_A_WAVE = 50000, OBJECT_BYTES = 96 };

static void *places[PLACES];

TEST(counts, object_pool, .invariant = "I3", .section = "1.3",
     .hint = "Is a chunk mapped while objects are free? Is much of each chunk left unused?")
{
    static struct object_pool pool;
    struct test_random random = counts_random();
    size_t live = 0;
    size_t most_live = 0;
    CHECK(object_pool_init(&pool, OBJECT_BYTES, 16), "object_pool_init failed");
    for (size_t step = 0; step < STEPS; step++) {
        void **place = &places[test_random_below(&random, PLACES)];
        bool grows = step / STEPS_OF_A_WAVE % 2 == 0;
        bool is_exception = test_random_below(&random, 4) == 0;
        if (*place == NULL && grows != is_exception) {
            *place = object_pool_alloc(&pool);
            CHECK(*place != NULL, "object_pool_alloc: got NULL");
            live++;
        } else if (*place != NULL && grows == is_exception) {
            object_pool_free(&pool, *place);
            *place = NULL;
            live--;
        }
        most_live = live > most_live ? live : most_live;
    }
    struct os_memory_stats stats;
    os_memory_stats(&stats);
    counts_tell_calls("calls of os_memory per 1,000 steps", stats.map_calls + stats.unmap_calls,
                      STEPS, 0.1);
    test_count("most bytes mapped over most bytes live",
               (double)os_standin_peak_bytes() / (double)(most_live * OBJECT_BYTES));
}

/* stage 3's benchmark: loads that the thread caches alone cannot answer, so that batches move to
 * and from the central cache: more objects live than a thread may keep, and objects given back by
 * another thread than took them. See stage_bench.h. */
#include "common/bench/stage_bench.h"
#include "stage2_threadcache/size_class.h"
#include "stage2_threadcache/thread_cache.h"

static void *cache_take(size_t bytes)
{
    return thread_cache_alloc(size_class_of(bytes));
}

static void cache_give(void *object, size_t bytes)
{
    thread_cache_free(object, size_class_of(bytes));
}

const unsigned stage_number = 3;

const struct source stage_source = {
    .name = "the central cache",
    .take = cache_take,
    .give = cache_give,
};

const struct load stage_loads[] = {
    /* threads, least and most bytes, live, total, hands on */
    {1, 64, 64, 1000, 2000000, false},    {1, 64, 64, 100000, 500000, false},
    {1, 2048, 2048, 100, 1000000, false}, {1, 16, 8192, 2000, 500000, false},
    {2, 64, 64, 1000, 2000000, false},    {2, 64, 64, 1000, 2000000, true},
    {2, 16, 8192, 2000, 500000, false},   {2, 16, 8192, 2000, 500000, true},
    {4, 64, 64, 1000, 2000000, false},    {4, 64, 64, 1000, 2000000, true},
    {4, 16, 8192, 2000, 500000, true},
};
const size_t stage_load_count = sizeof stage_loads / sizeof *stage_loads;

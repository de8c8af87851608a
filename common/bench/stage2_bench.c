/* stage 2's benchmark: size classes and thread caches, on the layers below, against malloc and free
 * of glibc, which has caches for each thread too. See stage_bench.h. */
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

const unsigned stage_number = 2;

const struct source stage_source = {
    .name = "thread caches",
    .take = cache_take,
    .give = cache_give,
};

const struct load stage_loads[] = {
    /* threads, least and most bytes, live, total, hands on */
    {1, 16, 16, 1, 2000000, false},      {1, 64, 64, 100, 2000000, false},
    {1, 64, 64, 10000, 1000000, false},  {1, 1024, 1024, 100, 1000000, false},
    {1, 16, 1024, 1000, 1000000, false}, {1, 16, 32768, 1000, 500000, false},
    {2, 64, 64, 100, 2000000, false},    {2, 16, 8192, 1000, 500000, false},
    {4, 64, 64, 100, 2000000, false},    {4, 16, 8192, 1000, 500000, false},
};
const size_t stage_load_count = sizeof stage_loads / sizeof *stage_loads;

/* stage 4's benchmark: the whole pool, sizes from the smallest class to large objects, against
 * malloc and free of glibc. See stage_bench.h. */
#include "common/bench/stage_bench.h"
#include "stage4_pagecache/mempool.h"

static void *pool_take(size_t bytes)
{
    return mempool_alloc(bytes);
}

static void pool_give(void *object, size_t bytes)
{
    (void)bytes;
    mempool_free(object);
}

const unsigned stage_number = 4;

const struct source stage_source = {
    .name = "the whole pool",
    .take = pool_take,
    .give = pool_give,
};

enum { KIB = 1024, MIB = 1024 * 1024 };

const struct load stage_loads[] = {
    /* threads, least and most bytes, live, total, hands on */
    {1, 64, 64, 1, 2000000, false},
    {1, 64, 64, 1000, 2000000, false},
    {1, 64, 64, 100000, 500000, false},
    {1, 16, 8 * KIB, 2000, 500000, false},
    {1, 32 * KIB, 256 * KIB, 20, 50000, false},
    {1, 256 * KIB, 4 * MIB, 10, 5000, false},
    {2, 64, 64, 1000, 2000000, false},
    {2, 16, 8 * KIB, 2000, 500000, false},
    {4, 64, 64, 1000, 2000000, false},
    {4, 16, 8 * KIB, 2000, 500000, false},
    {4, 16, 8 * KIB, 2000, 500000, true},
};
const size_t stage_load_count = sizeof stage_loads / sizeof *stage_loads;

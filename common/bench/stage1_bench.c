/* stage 1's benchmark: objects of one size from the object pool against malloc and free, by one
 * thread, as a pool has no lock. See stage_bench.h. */
#include "common/bench/stage_bench.h"
#include "stage1_objectpool/object_pool.h"

enum { ALIGNMENT = 16 }; /* what malloc gives */

static struct object_pool pool;

static void *pool_take(size_t bytes)
{
    (void)bytes;
    return object_pool_alloc(&pool);
}

static void pool_give(void *object, size_t bytes)
{
    (void)bytes;
    object_pool_free(&pool, object);
}

static bool pool_open(size_t bytes)
{
    return object_pool_init(&pool, bytes, ALIGNMENT);
}

static void pool_close(void)
{
    object_pool_destroy(&pool);
}

const unsigned stage_number = 1;

const struct source stage_source = {
    .name = "the object pool",
    .take = pool_take,
    .give = pool_give,
    .open = pool_open,
    .close = pool_close,
};

const struct load stage_loads[] = {
    /* threads, least and most bytes, live, total, hands on */
    {1, 16, 16, 100, 2000000, false},     {1, 16, 16, 100000, 1000000, false},
    {1, 64, 64, 1, 2000000, false},       {1, 64, 64, 100, 2000000, false},
    {1, 64, 64, 100000, 500000, false},   {1, 256, 256, 1000, 1000000, false},
    {1, 1024, 1024, 1000, 500000, false}, {1, 4096, 4096, 100, 500000, false},
};
const size_t stage_load_count = sizeof stage_loads / sizeof *stage_loads;

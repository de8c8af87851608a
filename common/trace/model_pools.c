/* model: object pools: the records of the layers, or stage 1 itself. See model.h. */
#include <inttypes.h>

#include "common/trace/model.h"

static struct model_pool *pool_of(struct model *model, uint64_t address)
{
    ptrdiff_t at = sorted_at_or_below(&model->pools, address);
    if (at >= 0 && sorted_key(model->pools.items[at]) == address)
        return model->pools.items[at];
    struct model_pool *pool = trace_zeroed(1, sizeof *pool);
    pool->address = address;
    sorted_insert(&model->pools, pool);
    return pool;
}

static void pool_ends(struct model_pool *pool)
{
    while (pool->free_objects.top != NULL)
        model_place(pool->free_objects.top, NOWHERE, NULL);
    pool->live_count = 0;
    pool->generation++;
}

static void pool_moves(struct model *model, struct model_pool *pool, uint64_t address,
                       bool is_alloc)
{
    struct model_object *object = model_find(model, address);
    if (object == NULL)
        object = model_add(model, address, 0);
    bool is_live = object->place == RECORD_LIVE && object->bytes == pool->generation;
    if (is_alloc == is_live) {
        model_violation(model, "0x%" PRIx64 " %s (stage 1, I3)", address,
                        is_alloc ? "is handed out twice" : "is freed, and is not live");
        return;
    }
    object->bytes = pool->generation;
    pool->live_count += is_alloc ? 1 : (size_t)-1;
    model_place(object, is_alloc ? RECORD_LIVE : RECORD_FREE,
                is_alloc ? NULL : &pool->free_objects);
}

void model_pool_event(struct model *model, const struct trace_record *record)
{
    if (record->call < TRACE_RECORD_INIT || record->call > TRACE_RECORD_DESTROY)
        return;
    struct model_pool *pool = pool_of(model, record->other);
    if (record->call == TRACE_RECORD_INIT)
        pool->object_bytes = record->bytes;
    if (record->call == TRACE_RECORD_INIT || record->call == TRACE_RECORD_DESTROY)
        pool_ends(pool);
    else if (record->address != 0)
        pool_moves(model, pool, record->address, record->call == TRACE_RECORD_ALLOC);
}

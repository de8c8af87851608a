/* model: what goes between threads and the central cache: ready batches, fetch and release. See model.h. */
#include <inttypes.h>
#include <stdlib.h>

#include "common/trace/model.h"
#include "stage3_centralcache/central_cache.h"

static void remove_batch(struct model *model, unsigned class_id, struct batch *batch)
{
    struct model_class *class = &model->classes[class_id];
    *(batch->newer == NULL ? &class->newest : &batch->newer->older) = batch->older;
    if (batch->older != NULL)
        batch->older->newer = batch->newer;
    class->ready_count--;
    model->ready_bytes -= size_class_batch(class_id) * size_class_bytes(class_id);
    free(batch);
}

/* The batch of `object` is no more: its objects are in their spans again. */
void model_break_batch(struct model *model, struct model_object *object)
{
    struct batch *batch = (struct batch *)object->list;
    unsigned class_id = object->class_id;
    do
        model_place(batch->objects.top, IN_SPAN, NULL);
    while (batch->objects.top != NULL);
    remove_batch(model, class_id, batch);
}

void model_flush_ready(struct model *model)
{
    for (unsigned class_id = 1; class_id < SIZE_CLASS_COUNT; class_id++)
        while (model->classes[class_id].newest != NULL)
            model_break_batch(model, model->classes[class_id].newest->objects.top);
}

static struct batch *add_batch(struct model *model, unsigned class_id)
{
    struct model_class *class = &model->classes[class_id];
    struct batch *batch = trace_zeroed(1, sizeof *batch);
    batch->older = class->newest;
    if (batch->older != NULL)
        batch->older->newer = batch;
    class->newest = batch;
    class->ready_count++;
    model->ready_bytes += size_class_batch(class_id) * size_class_bytes(class_id);
    return batch;
}

static bool is_kept_ready(const struct model *model, unsigned class_id, size_t count)
{
    uint64_t bytes = count * size_class_bytes(class_id);
    return count == size_class_batch(class_id) && count != 0 &&
           model->classes[class_id].ready_count < CENTRAL_CACHE_MAX_READY &&
           model->ready_bytes + bytes <= CENTRAL_CACHE_MAX_READY_BYTES;
}

/* --- Fetch and release --- */

static struct model_object *known_object(struct model *model, uint64_t address, unsigned class_id)
{
    struct model_object *object = model_find(model, address);
    return object != NULL ? object : model_add(model, address, class_id);
}

static void check_fetched(const struct model *model, const struct model_object *object,
                          unsigned class_id)
{
    const struct model_span *span = object->span;
    size_t bytes = size_class_bytes(class_id);
    if (object->place == IN_PROGRAM || object->place == IN_THREAD)
        model_violation(model, "0x%" PRIx64 " is fetched, and is out already (stage 3, I1)",
                        object->address);
    if (span == NULL)
        return;
    uint64_t offset = object->address - (span->first_page << 13);
    if (span->class_id != class_id)
        model_violation(model, "0x%" PRIx64 " of class %u lies in a span of class %u (stage 3, I2)",
                        object->address, class_id, span->class_id);
    else if (offset % bytes != 0 || offset + bytes > span->page_count << 13)
        model_violation(model, "0x%" PRIx64 " does not lie whole in its span (stage 3, I2)",
                        object->address);
}

/* The newest ready batch is handed over whole; one that gives only a part of itself is broken up. */
void model_fetch(struct model *model, const struct trace_record *record)
{
    size_t count = trace_address_count(model->trace, record);
    struct model_thread *thread = model_thread(model, record->thread);
    if (count != record->count)
        model_violation(model, "fetch says %" PRIu64 " objects and chains %zu (stage 3, contract)",
                        record->count, count);
    if (count > record->other)
        model_violation(model, "fetch gives %zu objects, and %" PRIu64 " were wanted", count,
                        record->other);
    for (size_t i = count; i > 0; i--) {
        uint64_t address = trace_address(record, i - 1);
        struct model_object *object = known_object(model, address, record->class_id);
        check_fetched(model, object, record->class_id);
        struct batch *batch = object->place == IN_READY ? (struct batch *)object->list : NULL;
        object->thread = record->thread;
        model_place(object, IN_THREAD, &thread->active[object->class_id]);
        if (batch != NULL && batch->objects.count == 0)
            remove_batch(model, object->class_id, batch);
    }
    model_split_active(thread, record->class_id);
}

static void check_released(const struct model *model, const struct trace_record *record,
                           size_t count)
{
    size_t batch = size_class_batch(record->class_id);
    bool by_free = record->within == TRACE_FREE || record->within == TRACE_FREE_SIZED ||
                   record->within == TRACE_THREAD_FREE;
    if (count != record->count)
        model_violation(model, "release says %" PRIu64 " objects and chains %zu (stage 2, I6)",
                        record->count, count);
    if (by_free && count != batch && count != 1)
        model_violation(model,
                        "free sends %zu objects down; a batch of class %u is %zu (stage 2, I6)",
                        count, record->class_id, batch);
}

void model_release(struct model *model, const struct trace_record *record)
{
    size_t count = trace_address_count(model->trace, record);
    unsigned class_id = record->class_id;
    check_released(model, record, count);
    bool kept = is_kept_ready(model, class_id, count);
    struct batch *batch = kept ? add_batch(model, class_id) : NULL;
    for (size_t i = count; i > 0; i--) {
        struct model_object *object = known_object(model, trace_address(record, i - 1), class_id);
        bool has_it = object->place == IN_RESIZE ||
                      (object->place == IN_THREAD &&
                       (object->thread == record->thread || record->within == TRACE_UNFINISHED));
        if (!has_it)
            model_violation(model,
                            "0x%" PRIx64
                            " goes down from thread %u, which did not have it (stage 2, I8)",
                            object->address, record->thread);
        if (object->place == IN_READY)
            model_break_batch(model, object);
        if (object->place == IN_PROGRAM)
            model->live_count--, model->live_bytes -= object->bytes;
        model_place(object, kept ? IN_READY : IN_SPAN, kept ? &batch->objects : NULL);
    }
    model_split_active(model_thread(model, record->thread), class_id);
}

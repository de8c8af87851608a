/* model: see model.h. This file: what each event means, as the program sees it. */
#include "common/trace/model.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>

#include "common/caller_bug.h"

void model_init(struct model *model, const struct trace_file *trace)
{
    *model = (struct model){.trace = trace};
}

void model_violation(const struct model *model, const char *format, ...)
{
    if (model->violated == NULL)
        return;
    char what[256];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(what, sizeof what, format, arguments);
    va_end(arguments);
    model->violated(model, what, model->context);
}

/* --- Handing out --- */

static bool is_large(const struct model_object *object)
{
    return object->span != NULL && object->span->class_id == 0;
}

static void check_handed_out(struct model *model, const struct model_object *object,
                             uint32_t thread)
{
    uint64_t address = object->address;
    if (object->place == IN_PROGRAM)
        model_violation(model,
                        "0x%" PRIx64 " is handed out, and is the program's already (stage 2, I8)",
                        address);
    else if (!is_large(object) && (object->place != IN_THREAD || object->thread != thread))
        model_violation(
            model, "0x%" PRIx64 " is handed out to thread %u, which did not have it (stage 2, I8)",
            address, thread);
    if (is_large(object) && object->address != object->span->first_page << 13)
        model_violation(model,
                        "0x%" PRIx64 " is handed out, inside a large object's span (stage 4, I2)",
                        address);
}

static uint64_t room_of(const struct model_object *object)
{
    return is_large(object) ? object->span->page_count << 13 : size_class_bytes(object->class_id);
}

static void hand_out(struct model *model, uint64_t address, uint64_t bytes, uint32_t thread)
{
    struct model_object *object = model_find(model, address);
    if (object == NULL) {
        const struct model_span *span = model_span_at(model, address);
        object = model_add(model, address, span == NULL ? 0 : span->class_id);
    }
    check_handed_out(model, object, thread);
    if (object->place == IN_PROGRAM)
        model->live_bytes -= object->bytes;
    else
        model->live_count++;
    model_take_from_thread(model, object, thread);
    object->bytes = bytes;
    object->thread = thread;
    model->live_bytes += bytes;
    if (object->span != NULL && bytes > room_of(object))
        model_violation(model,
                        "0x%" PRIx64 " has %" PRIu64 " bytes, and %" PRIu64
                        " were asked for (stage 2, I1)",
                        address, room_of(object), bytes);
}

/* --- Taking back --- */

static void leave_program(struct model *model, struct model_object *object)
{
    model->live_count--;
    model->live_bytes -= object->bytes;
}

static void take_back(struct model *model, struct model_object *object, uint32_t thread)
{
    if (is_large(object))
        model_drop(model, object);
    else
        model_give_to_thread(model, object, thread);
}

static void free_object(struct model *model, uint64_t address, uint32_t thread)
{
    if (address == 0)
        return;
    struct model_object *object = model_find(model, address);
    if (object == NULL || object->place != IN_PROGRAM) {
        model_violation(model,
                        "0x%" PRIx64
                        " is freed, and is not the program's (freed twice, or not an object)",
                        address);
        return;
    }
    leave_program(model, object);
    take_back(model, object, thread);
}

/* --- realloc: two records, and the old object is in nobody's hands between them --- */

static void resize_begins(struct model *model, const struct trace_record *record)
{
    struct model_object *object = model_find(model, record->address);
    if (record->address == 0)
        return;
    if (object == NULL || object->place != IN_PROGRAM) {
        model_violation(model, "0x%" PRIx64 " is resized, and is not the program's",
                        record->address);
        return;
    }
    leave_program(model, object);
    model_place(object, IN_RESIZE, NULL);
}

static void resize_ends(struct model *model, const struct trace_record *record)
{
    struct model_object *old = record->other == 0 ? NULL : model_find(model, record->other);
    bool was_moving = old != NULL && old->place == IN_RESIZE;
    bool stays = record->address == 0 || record->address == record->other;
    if (was_moving && stays) {
        model_place(old, IN_PROGRAM, NULL);
        if (record->address != 0)
            old->bytes = record->bytes;
        model->live_count++;
        model->live_bytes += old->bytes;
        return;
    }
    if (record->address != 0)
        hand_out(model, record->address, record->bytes, record->thread);
    if (was_moving)
        take_back(model, old, record->thread);
}

static void caller_bug_seen(struct model *model, const struct trace_record *record)
{
    model_violation(model, "the pool says of 0x%" PRIx64 ": %s", record->address,
                    caller_bug_text((enum caller_bug_kind)record->count));
}

static void test_fails(struct model *model, const struct trace_record *record)
{
    char text[200];
    model_violation(model, "the test fails: %s", trace_note_text(record, text, sizeof text));
}

static void step_program(struct model *model, const struct trace_record *record)
{
    switch (record->call) {
    case TRACE_ALLOC:
    case TRACE_CALLOC:
    case TRACE_ALIGNED_ALLOC:
        if (record->address != 0)
            hand_out(model, record->address, record->bytes, record->thread);
        break;
    case TRACE_THREAD_ALLOC:
        if (record->address != 0)
            hand_out(model, record->address, size_class_bytes(record->class_id % SIZE_CLASS_COUNT),
                     record->thread);
        break;
    case TRACE_FREE:
    case TRACE_FREE_SIZED:
    case TRACE_THREAD_FREE:
        free_object(model, record->address, record->thread);
        break;
    case TRACE_RESIZE_BEGINS:
        resize_begins(model, record);
        break;
    case TRACE_RESIZE:
        resize_ends(model, record);
        break;
    case TRACE_CALLER_BUG:
        caller_bug_seen(model, record);
        break;
    case TRACE_TEST_FAILS:
        test_fails(model, record);
        break;
    default:
        break;
    }
}

static void step_layers(struct model *model, const struct trace_record *record)
{
    switch (record->call) {
    case TRACE_FETCH:
        model_fetch(model, record);
        break;
    case TRACE_RELEASE:
        model_release(model, record);
        break;
    case TRACE_CENTRAL_FLUSH:
        model_flush_ready(model);
        break;
    case TRACE_SPAN_ALLOC:
        model_span_alloc(model, record);
        break;
    case TRACE_SPAN_FREE:
        model_span_free(model, record);
        break;
    case TRACE_SPAN_RESIZE:
        model_span_resize(model, record);
        break;
    case TRACE_MAP_RESERVE:
        model_reserve(model, record);
        break;
    case TRACE_MAP_SET:
        model_map_set(model, record);
        break;
    case TRACE_OS_MAP:
        model_os_map(model, record);
        break;
    case TRACE_OS_UNMAP:
        model_os_unmap(model, record);
        break;
    case TRACE_OS_PURGE:
        model->purged_bytes += record->bytes;
        break;
    default:
        model_pool_event(model, record);
        break;
    }
}

void model_step(struct model *model)
{
    const struct trace_record *record = trace_event(model->trace, ++model->event);
    if (record->class_id >= SIZE_CLASS_COUNT) {
        model_violation(model, "class %u does not exist", record->class_id);
        return;
    }
    if (record->call < TRACE_FETCH)
        step_program(model, record);
    else
        step_layers(model, record);
}

/* replay_calls: see replay_calls.h. */
#include "common/trace/replay_calls.h"

#include <sys/mman.h>

#include "common/trace/model.h"

struct reading {
    struct replay_calls *calls;
    struct model objects; /* only its table: `bytes` of an object is its place */
    uint32_t *resizing;   /* for each thread of the trace: the place of what it resizes, + 1 */
    size_t thread_room;
};

static void *map_zeroed(size_t bytes)
{
    void *memory = mmap(NULL, bytes == 0 ? 1 : bytes, PROT_READ | PROT_WRITE,
                        MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (memory == MAP_FAILED)
        trace_die("out of memory");
    return memory;
}

/* More threads than that are put together: in the order of the trace, so that none waits for itself. */
static struct replay_thread *thread_of(struct replay_calls *calls, uint32_t number)
{
    size_t index = (number - 1) % MOST_REPLAY_THREADS;
    if (index >= calls->thread_count)
        calls->thread_count = index + 1;
    return &calls->threads[index];
}

static struct replay_call *add(struct reading *reading, const struct trace_record *record,
                               unsigned call, uint32_t place)
{
    struct replay_thread *thread = thread_of(reading->calls, record->thread);
    struct replay_call *added = &thread->calls[thread->count++];
    *added = (struct replay_call){
        .place = place, .call = (uint8_t)call, .bytes = record->bytes, .alignment = record->count};
    reading->calls->call_count++;
    return added;
}

static uint32_t place_for(struct reading *reading, uint64_t address, uint32_t place)
{
    struct model_object *object = model_find(&reading->objects, address);
    if (object == NULL)
        object = model_add(&reading->objects, address, 0);
    object->bytes = place;
    return place;
}

/* Returns the place of an object that leaves the program's hands, + 1; 0 for one never seen. */
static uint32_t take_place(struct reading *reading, uint64_t address)
{
    struct model_object *object = address == 0 ? NULL : model_find(&reading->objects, address);
    if (object == NULL)
        return 0;
    uint32_t place = (uint32_t)object->bytes;
    model_drop(&reading->objects, object);
    return place + 1;
}

static void read_resize(struct reading *reading, const struct trace_record *record)
{
    uint32_t old = reading->resizing[record->thread];
    if (record->call == TRACE_RESIZE_BEGINS) {
        reading->resizing[record->thread] = take_place(reading, record->address);
        return;
    }
    if (record->address == 0) { /* it failed: the old object is where it was */
        if (old != 0)
            place_for(reading, record->other, old - 1);
        return;
    }
    uint32_t place = place_for(reading, record->address, (uint32_t)reading->calls->place_count++);
    struct replay_call *call = add(reading, record, old != 0 ? TRACE_RESIZE : TRACE_ALLOC, place);
    call->old_place = old - 1;
}

static void read_record(struct reading *reading, const struct trace_record *record)
{
    uint32_t place = 0;
    switch (record->call) {
    case TRACE_ALLOC:
    case TRACE_CALLOC:
    case TRACE_ALIGNED_ALLOC:
        if (record->address != 0)
            add(reading, record, record->call,
                place_for(reading, record->address, (uint32_t)reading->calls->place_count++));
        break;
    case TRACE_RESIZE_BEGINS:
    case TRACE_RESIZE:
        read_resize(reading, record);
        break;
    case TRACE_FREE:
    case TRACE_FREE_SIZED:
        place = take_place(reading, record->address);
        if (place != 0)
            add(reading, record, TRACE_FREE, place - 1);
        break;
    default:
        break;
    }
}

static void make_room(struct reading *reading, const struct trace_file *trace)
{
    size_t counts[MOST_REPLAY_THREADS] = {0};
    for (size_t event = 1; event <= trace->event_count; event++) {
        uint32_t thread = trace_event(trace, event)->thread;
        if (thread == 0)
            trace_die("damaged: event %zu has no thread", event);
        counts[(thread - 1) % MOST_REPLAY_THREADS]++;
        if (thread >= reading->thread_room)
            reading->thread_room = thread + (size_t)1;
    }
    for (size_t i = 0; i < MOST_REPLAY_THREADS; i++)
        reading->calls->threads[i].calls = map_zeroed(counts[i] * sizeof(struct replay_call));
    reading->resizing = map_zeroed(reading->thread_room * sizeof *reading->resizing);
}

void replay_calls_read(struct replay_calls *calls, const struct trace_file *trace)
{
    struct reading reading = {.calls = calls};
    *calls = (struct replay_calls){0};
    make_room(&reading, trace);
    for (size_t event = 1; event <= trace->event_count; event++)
        read_record(&reading, trace_event(trace, event));
    calls->places = map_zeroed(calls->place_count * sizeof *calls->places);
}

/* trace-reader dump: the trace as text, one line an event. */
#include <inttypes.h>

#include "common/caller_bug.h"
#include "common/trace/reader.h"

static void print_program(FILE *out, const struct trace_record *record)
{
    switch (record->call) {
    case TRACE_ALIGNED_ALLOC:
        fprintf(out, "%" PRIu64 " bytes at a multiple of %" PRIu64 " -> 0x%" PRIx64, record->bytes,
                record->count, record->address);
        break;
    case TRACE_RESIZE:
        fprintf(out, "0x%" PRIx64 " to %" PRIu64 " bytes -> 0x%" PRIx64, record->other,
                record->bytes, record->address);
        break;
    case TRACE_THREAD_ALLOC:
        fprintf(out, "class %u -> 0x%" PRIx64, record->class_id, record->address);
        break;
    case TRACE_THREAD_FREE:
        fprintf(out, "class %u, 0x%" PRIx64, record->class_id, record->address);
        break;
    case TRACE_ALLOC:
    case TRACE_CALLOC:
        fprintf(out, "%" PRIu64 " bytes -> 0x%" PRIx64, record->bytes, record->address);
        break;
    case TRACE_POOL_PURGE:
        fprintf(out, "-> %" PRIu64 " bytes", record->count);
        break;
    case TRACE_CALLER_BUG:
        fprintf(out, "0x%" PRIx64 ": %s", record->address,
                caller_bug_text((enum caller_bug_kind)record->count));
        break;
    case TRACE_THREAD_FLUSH:
        break;
    default:
        fprintf(out, "0x%" PRIx64, record->address);
    }
}

static void print_layers(FILE *out, const struct trace_record *record)
{
    uint64_t address = record->address;
    switch (record->call) {
    case TRACE_FETCH:
        fprintf(out, "class %u, %" PRIu64 " wanted -> %" PRIu64 " from 0x%" PRIx64 " on",
                record->class_id, record->other, record->count, address);
        break;
    case TRACE_RELEASE:
        fprintf(out, "class %u, %" PRIu64 " from 0x%" PRIx64 " on", record->class_id, record->count,
                address);
        break;
    case TRACE_SPAN_ALLOC:
        fprintf(out, "class %u, %" PRIu64 " pages -> 0x%" PRIx64, record->class_id, record->count,
                address);
        break;
    case TRACE_SPAN_RESIZE:
        fprintf(out, "0x%" PRIx64 ", %" PRIu64 " pages to %" PRIu64 "%s", address, record->bytes,
                record->count, record->other != 0 ? "" : ": cannot be done");
        break;
    case TRACE_SPAN_FREE:
    case TRACE_MAP_RESERVE:
    case TRACE_MAP_SET:
        fprintf(out, "class %u, %" PRIu64 " pages at 0x%" PRIx64 "%s", record->class_id,
                record->count, address,
                record->call == TRACE_MAP_SET && record->other == 0 ? " to none" : "");
        break;
    case TRACE_CENTRAL_FLUSH:
        break;
    case TRACE_PAGE_PURGE:
        fprintf(out, "keep %" PRIu64 " -> %" PRIu64 " bytes", record->bytes, record->count);
        break;
    default:
        fprintf(out, "0x%" PRIx64 ", %" PRIu64 " bytes", address, record->bytes);
    }
}

static void print_system(FILE *out, const struct trace_record *record)
{
    uint64_t address = record->address;
    switch (record->call) {
    case TRACE_RECORD_INIT:
        fprintf(out, "pool 0x%" PRIx64 ", %" PRIu64 " bytes each", record->other, record->bytes);
        break;
    case TRACE_RECORD_ALLOC:
    case TRACE_RECORD_FREE:
    case TRACE_RECORD_DESTROY:
        fprintf(out, "pool 0x%" PRIx64 ", 0x%" PRIx64, record->other, address);
        break;
    default:
        fprintf(out, "0x%" PRIx64 ", %" PRIu64 " bytes", address, record->bytes);
    }
}

void reader_print_event(FILE *out, const struct trace_file *trace, size_t event)
{
    const struct trace_record *record = trace_event(trace, event);
    char text[1024];
    fprintf(out, "%7zu  thread %-3u %-20s ", event, record->thread, trace_call_name(record->call));
    if (record->call == TRACE_NOTE || record->call == TRACE_TEST_FAILS)
        fputs(trace_note_text(record, text, sizeof text), out);
    else if (record->call < TRACE_FETCH)
        print_program(out, record);
    else if (record->call < TRACE_OS_MAP)
        print_layers(out, record);
    else
        print_system(out, record);
    if (record->within != 0)
        fprintf(out, "  (in %s)", trace_call_name(record->within));
}

int reader_dump(const struct trace_file *trace)
{
    for (size_t event = 1; event <= trace->event_count; event++) {
        reader_print_event(stdout, trace, event);
        putchar('\n');
    }
    return 0;
}

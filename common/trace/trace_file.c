/* trace_file: see trace_file.h. */
#include "common/trace/trace_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

_Noreturn void trace_die(const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    fflush(stdout);
    fputs("trace-reader: ", stderr);
    vfprintf(stderr, format, arguments);
    fputc('\n', stderr);
    va_end(arguments);
    exit(1);
}

void *trace_zeroed(size_t count, size_t bytes)
{
    void *memory = calloc(count == 0 ? 1 : count, bytes);
    if (memory == NULL)
        trace_die("out of memory");
    return memory;
}

static const void *map_file(const char *path, size_t *bytes)
{
    int file = open(path, O_RDONLY | O_CLOEXEC);
    struct stat status;
    if (file < 0 || fstat(file, &status) != 0)
        trace_die("%s: %s", path, strerror(errno));
    if (!S_ISREG(status.st_mode) || (size_t)status.st_size < TRACE_HEADER_BYTES)
        trace_die("%s: not a trace: it has no room for the header of one", path);
    *bytes = (size_t)status.st_size;
    const void *start = mmap(NULL, *bytes, PROT_READ, MAP_PRIVATE, file, 0);
    if (start == MAP_FAILED)
        trace_die("%s: %s", path, strerror(errno));
    close(file);
    return start;
}

static void check_header(const char *path, const struct trace_header *header)
{
    if (memcmp(header->magic, TRACE_MAGIC, sizeof header->magic) != 0)
        trace_die("%s: not a trace: it does not begin with %s", path, TRACE_MAGIC);
    if (header->byte_order != TRACE_BYTE_ORDER)
        trace_die("%s: written on a machine of another byte order", path);
    if (header->version != TRACE_VERSION)
        trace_die("%s: of version %u; this reader knows version %d", path, header->version,
                  TRACE_VERSION);
    if (header->header_bytes != TRACE_HEADER_BYTES || header->record_bytes != TRACE_RECORD_BYTES)
        trace_die("%s: damaged: the header says records of %u bytes", path, header->record_bytes);
}

static void index_events(struct trace_file *trace)
{
    trace->events = trace_zeroed(trace->record_count, sizeof *trace->events);
    for (size_t i = 0; i < trace->record_count; i++) {
        unsigned call = trace->records[i].call;
        if (call == TRACE_UNFINISHED)
            trace->unfinished++;
        else if (call != TRACE_MORE)
            trace->events[trace->event_count++] = i;
    }
}

struct trace_file trace_open(const char *path)
{
    size_t bytes = 0;
    struct trace_file trace = {.header = map_file(path, &bytes)};
    check_header(path, trace.header);
    uint64_t claimed = trace.header->claimed;
    uint64_t capacity = trace.header->capacity;
    trace.record_count = claimed < capacity ? claimed : capacity;
    trace.dropped = claimed - trace.record_count;
    size_t in_file = (bytes - TRACE_HEADER_BYTES) / TRACE_RECORD_BYTES;
    if (trace.record_count > in_file)
        trace_die("%s: cut short: it has %zu of its %zu records", path, in_file,
                  trace.record_count);
    trace.records = (const struct trace_record *)((const char *)trace.header + TRACE_HEADER_BYTES);
    index_events(&trace);
    return trace;
}

const struct trace_record *trace_event(const struct trace_file *trace, size_t event)
{
    return &trace->records[trace->events[event - 1]];
}

/* A damaged or unfinished record may promise more than follows. */
size_t trace_address_count(const struct trace_file *trace, const struct trace_record *record)
{
    const struct trace_record *end = trace->records + trace->record_count;
    size_t count = 0;
    for (uint32_t i = 1; i <= record->more && record + i < end; i++) {
        if (record[i].call != TRACE_MORE || record[i].class_id > TRACE_ADDRESSES_A_RECORD)
            break;
        count += record[i].class_id;
    }
    return count;
}

uint64_t trace_address(const struct trace_record *record, size_t index)
{
    return record[1 + index / TRACE_ADDRESSES_A_RECORD].addresses[index % TRACE_ADDRESSES_A_RECORD];
}

const char *trace_note_text(const struct trace_record *record, char *text, size_t bytes)
{
    size_t length = 0;
    for (uint32_t i = 1; i <= record->more && record[i].call == TRACE_MORE; i++) {
        size_t part = strnlen(record[i].text, sizeof record[i].text);
        if (length + part >= bytes)
            part = bytes - 1 - length;
        memcpy(text + length, record[i].text, part);
        length += part;
    }
    text[length] = '\0';
    return text;
}

const char *trace_call_name(unsigned call)
{
    static const char *const names[] = {
        [TRACE_NOTE] = "note",
        [TRACE_CALLER_BUG] = "caller bug",
        [TRACE_TEST_FAILS] = "test fails",
        [TRACE_ALLOC] = "alloc",
        [TRACE_CALLOC] = "calloc",
        [TRACE_ALIGNED_ALLOC] = "aligned alloc",
        [TRACE_RESIZE_BEGINS] = "realloc begins",
        [TRACE_RESIZE] = "realloc",
        [TRACE_FREE] = "free",
        [TRACE_FREE_SIZED] = "free sized",
        [TRACE_POOL_PURGE] = "purge",
        [TRACE_THREAD_ALLOC] = "thread cache alloc",
        [TRACE_THREAD_FREE] = "thread cache free",
        [TRACE_THREAD_FLUSH] = "thread cache flush",
        [TRACE_FETCH] = "fetch batch",
        [TRACE_RELEASE] = "release batch",
        [TRACE_CENTRAL_FLUSH] = "central cache flush",
        [TRACE_SPAN_ALLOC] = "span alloc",
        [TRACE_SPAN_FREE] = "span free",
        [TRACE_SPAN_RESIZE] = "span resize",
        [TRACE_PAGE_PURGE] = "page cache purge",
        [TRACE_MAP_RESERVE] = "page map reserve",
        [TRACE_MAP_SET] = "page map set",
        [TRACE_OS_MAP] = "map",
        [TRACE_OS_UNMAP] = "unmap",
        [TRACE_OS_PURGE] = "purge pages",
        [TRACE_RECORD_INIT] = "object pool init",
        [TRACE_RECORD_ALLOC] = "object pool alloc",
        [TRACE_RECORD_FREE] = "object pool free",
        [TRACE_RECORD_DESTROY] = "object pool destroy",
    };
    const char *name = call < sizeof names / sizeof *names ? names[call] : NULL;
    return name == NULL ? "unknown call" : name;
}

const char *trace_call_boundary(unsigned call)
{
    static const char *const boundaries[] = {
        "",
        "program, pool",
        "program, thread cache",
        "thread cache, central cache",
        "central cache, page cache",
        "page cache, page map",
        "all layers, operating system",
        "all layers, object pool",
    };
    return call / 10 < sizeof boundaries / sizeof *boundaries ? boundaries[call / 10] : "";
}

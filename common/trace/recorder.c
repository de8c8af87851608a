/* recorder: see recorder.h. Claims records by one atomic count, then writes them.
 *
 * The first record may come before any constructor has run: whoever writes it opens the file.
 *
 * Read order: recorder_put, claim, start; recorder_file.c. */
#include "common/trace/recorder.h"

#include <errno.h>
#include <sched.h>
#include <stdatomic.h>
#include <stddef.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "common/trace/recorder_file.h"

/* Where the file is mapped; lies in a page of its own, which reads as zero in a forked child. */
struct control {
    struct trace_header *file;
};

enum { NOT_STARTED, STARTING, STARTED };

static struct {
    atomic_int state;
    struct control *control; /* written before `state` says STARTED, only read after that */
    atomic_uint threads;
} recorder;

static _Thread_local struct {
    uint32_t thread;
    enum trace_call within;
} self;

/* --- Starting --- */

/* A page that a forked child sees as zero: its records would go into its parent's file. */
static struct control *map_control(void)
{
    size_t bytes = (size_t)sysconf(_SC_PAGESIZE);
    void *page = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (page == MAP_FAILED || madvise(page, bytes, MADV_WIPEONFORK) != 0)
        return NULL;
    return page;
}

static struct control *open_trace(void)
{
    static struct control off;
    struct control *control = map_control();
    if (control == NULL)
        return &off;
    control->file = recorder_open_file();
    return control;
}

static void start(void)
{
    int saved_errno = errno;
    int expected = NOT_STARTED;
    if (atomic_compare_exchange_strong(&recorder.state, &expected, STARTING)) {
        recorder.control = open_trace();
        atomic_store(&recorder.state, STARTED);
    }
    while (atomic_load(&recorder.state) != STARTED)
        sched_yield();
    errno = saved_errno;
}

/* --- Recording --- */

static struct trace_header *file(void)
{
    if (atomic_load_explicit(&recorder.state, memory_order_acquire) != STARTED)
        start();
    return recorder.control->file;
}

static uint32_t thread_number(void)
{
    if (self.thread == 0)
        self.thread = atomic_fetch_add_explicit(&recorder.threads, 1, memory_order_relaxed) + 1;
    return self.thread;
}

/* Returns the first of `count` records, all of them the caller's; NULL where there is no room. */
static struct trace_record *claim(struct trace_header *header, uint64_t count)
{
    uint64_t first = __atomic_fetch_add(&header->claimed, count, __ATOMIC_SEQ_CST);
    if (first >= header->capacity || header->capacity - first < count)
        return NULL;
    return (struct trace_record *)((char *)header + TRACE_HEADER_BYTES) + first;
}

/* Of a record that was begun, the call is written last: till then it is unfinished. */
static void write_record(struct trace_record *to, struct trace_record record)
{
    uint8_t call = record.call;
    record.call = TRACE_UNFINISHED;
    *to = record;
    __atomic_store_n(&to->call, call, __ATOMIC_RELEASE);
}

static struct trace_record *put(struct trace_record record)
{
    struct trace_header *header = file();
    if (header == NULL)
        return NULL;
    struct trace_record *to = claim(header, 1 + (uint64_t)record.more);
    if (to == NULL)
        return NULL;
    record.thread = thread_number();
    record.within = (uint8_t)self.within;
    write_record(to, record);
    return to + 1;
}

void recorder_put(struct trace_record record)
{
    (void)put(record);
}

static uint32_t records_for(uint64_t things, uint64_t a_record)
{
    return (uint32_t)((things + a_record - 1) / a_record);
}

/* A list that student code returned may be anything: a link that cannot be one ends it. */
static const void *plausible(const void *object)
{
    uintptr_t address = (uintptr_t)object;
    return address % sizeof(void *) != 0 || address >> 47 != 0 ? NULL : object;
}

void recorder_put_list(struct trace_record record, const struct free_list *list)
{
    record.more = records_for(list->count, TRACE_ADDRESSES_A_RECORD);
    struct trace_record *to = put(record);
    if (to == NULL)
        return;
    const void *object = plausible(list->head);
    for (uint32_t i = 0; i < record.more; i++) {
        struct trace_record more = {.call = TRACE_MORE, .thread = self.thread};
        while (object != NULL && more.class_id < TRACE_ADDRESSES_A_RECORD &&
               i * TRACE_ADDRESSES_A_RECORD + more.class_id < list->count) {
            more.addresses[more.class_id++] = (uintptr_t)object;
            object = plausible(free_list_next(object));
        }
        write_record(to + i, more);
    }
}

enum trace_call recorder_enter(enum trace_call call)
{
    enum trace_call before = self.within;
    self.within = call;
    return before;
}

void recorder_leave(enum trace_call before)
{
    self.within = before;
}

enum trace_call recorder_within(void)
{
    return self.within;
}

void recorder_put_text(enum trace_call call, const char *text)
{
    size_t length = strlen(text);
    struct trace_record record = {.call = (uint8_t)call,
                                  .more = records_for(length, sizeof record.text)};
    struct trace_record *to = put(record);
    for (size_t at = 0; to != NULL && at < length; at += sizeof record.text, to++) {
        struct trace_record more = {.call = TRACE_MORE, .thread = self.thread};
        size_t left = length - at;
        memcpy(more.text, text + at, left < sizeof more.text ? left : sizeof more.text);
        write_record(to, more);
    }
}

void trace_note(const char *text)
{
    recorder_put_text(TRACE_NOTE, text);
}

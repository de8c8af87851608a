/* recorder: see recorder.h. Claims records by one atomic count, then writes them.
 *
 * The first record may come before any constructor has run and before the C library is ready, so the
 * environment is read from /proc, with system calls only.
 *
 * Read order: recorder_put, claim, start. */
#include "common/trace/recorder.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <unistd.h>

#include "common/os_memory.h"

enum { DEFAULT_CAPACITY = 1000 * 1000, ENVIRONMENT_BYTES = 256 * 1024, NAME_BYTES = 1024 };
enum { LEAST_DESCRIPTOR = 500 }; /* out of the way of descriptors that programs count on */

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

struct settings {
    char name[NAME_BYTES];
    uint64_t capacity;
};

static size_t read_file(const char *path, char *buffer, size_t bytes)
{
    int file = open(path, O_RDONLY | O_CLOEXEC);
    size_t length = 0;
    ssize_t got = 1;
    while (file >= 0 && got > 0 && length < bytes) {
        got = read(file, buffer + length, bytes - length);
        length += got > 0 ? (size_t)got : 0;
    }
    if (file >= 0)
        close(file);
    return length;
}

static void append(char *name, const char *text, size_t length)
{
    size_t used = strlen(name);
    size_t room = NAME_BYTES - 1 - used;
    memcpy(name + used, text, length < room ? length : room);
}

static void append_number(char *name, unsigned long number)
{
    char digits[24];
    size_t at = sizeof digits;
    do
        digits[--at] = (char)('0' + number % 10);
    while ((number /= 10) != 0);
    append(name, digits + at, sizeof digits - at);
}

/* Copy the pattern; each %p becomes the process id. */
static void set_name(char *name, const char *pattern)
{
    for (const char *at = pattern; *at != '\0'; at++) {
        if (at[0] == '%' && at[1] == 'p') {
            append_number(name, (unsigned long)getpid());
            at++;
        } else {
            append(name, at, 1);
        }
    }
}

static void read_settings(struct settings *settings)
{
    char *environment =
        mmap(NULL, ENVIRONMENT_BYTES, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (environment == MAP_FAILED)
        return;
    size_t length = read_file("/proc/self/environ", environment, ENVIRONMENT_BYTES - 1);
    for (char *entry = environment; entry < environment + length; entry += strlen(entry) + 1) {
        if (strncmp(entry, "MEMPOOL_TRACE=", 14) == 0)
            set_name(settings->name, entry + 14);
        if (strncmp(entry, "MEMPOOL_TRACE_EVENTS=", 21) == 0)
            settings->capacity = strtoull(entry + 21, NULL, 10);
    }
    munmap(environment, ENVIRONMENT_BYTES);
}

static void complain(const char *name)
{
    char line[NAME_BYTES] = "mempool: cannot write the trace ";
    append(line, name, strlen(name));
    append(line, "\n", 1);
    ssize_t ignored = write(STDERR_FILENO, line, strlen(line));
    (void)ignored;
}

/* The lock says that a process is writing: it holds as long as the descriptor is open, so it ends with
 * the process, also by exec. A file that nobody writes is replaced, never cut short: a process that
 * lost its lock (programs close descriptors that they do not know) may still have it mapped. */
static int create(const char *name)
{
    int old = open(name, O_RDONLY | O_CLOEXEC);
    bool is_free = old < 0 || flock(old, LOCK_EX | LOCK_NB) == 0;
    if (old >= 0)
        close(old);
    if (!is_free)
        return -1;
    unlink(name);
    int file = open(name, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    int kept = file < 0 ? -1 : fcntl(file, F_DUPFD_CLOEXEC, LEAST_DESCRIPTOR);
    if (file >= 0)
        close(file);
    if (kept >= 0)
        (void)flock(kept, LOCK_EX | LOCK_NB);
    else
        complain(name);
    return kept;
}

static struct trace_header *map_file(const struct settings *settings)
{
    size_t bytes = TRACE_HEADER_BYTES + settings->capacity * TRACE_RECORD_BYTES;
    int file = create(settings->name);
    if (file < 0)
        return NULL;
    void *start = ftruncate(file, (off_t)bytes) == 0
                      ? mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0)
                      : MAP_FAILED;
    if (start == MAP_FAILED)
        complain(settings->name);
    return start == MAP_FAILED ? NULL : start;
}

static void fill_header(struct trace_header *header, uint64_t capacity)
{
    memcpy(header->magic, TRACE_MAGIC, sizeof header->magic);
    header->version = TRACE_VERSION;
    header->byte_order = TRACE_BYTE_ORDER;
    header->header_bytes = TRACE_HEADER_BYTES;
    header->record_bytes = TRACE_RECORD_BYTES;
    header->capacity = capacity;
    header->process = (uint32_t)getpid();
    header->page_shift = PAGE_SHIFT;
    (void)read_file("/proc/self/cmdline", header->command, sizeof header->command - 1);
}

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
    struct settings settings = {.capacity = DEFAULT_CAPACITY};
    read_settings(&settings);
    if (settings.name[0] == '\0' || settings.capacity == 0)
        return &off;
    struct control *control = map_control();
    struct trace_header *file = control == NULL ? NULL : map_file(&settings);
    if (file == NULL)
        return &off;
    fill_header(file, settings.capacity);
    control->file = file;
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

void trace_note(const char *text)
{
    size_t length = strlen(text);
    struct trace_record record = {.call = TRACE_NOTE,
                                  .more = records_for(length, sizeof record.text)};
    struct trace_record *to = put(record);
    for (size_t at = 0; to != NULL && at < length; at += sizeof record.text, to++) {
        struct trace_record more = {.call = TRACE_MORE, .thread = self.thread};
        size_t left = length - at;
        memcpy(more.text, text + at, left < sizeof more.text ? left : sizeof more.text);
        write_record(to, more);
    }
}

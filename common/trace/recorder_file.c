/* recorder_file: opens the trace that MEMPOOL_TRACE asks for. See recorder.h.
 *
 * Runs before the C library is ready, so the environment is read from /proc, with system calls only. */
#include "common/trace/recorder_file.h"

#include <fcntl.h>
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

struct trace_header *recorder_open_file(void)
{
    struct settings settings = {.capacity = DEFAULT_CAPACITY};
    read_settings(&settings);
    if (settings.name[0] == '\0' || settings.capacity == 0)
        return NULL;
    struct trace_header *file = map_file(&settings);
    if (file != NULL)
        fill_header(file, settings.capacity);
    return file;
}

/* recorder: see recorder.h. A ring of the last calls; a thread takes its place in it by a ticket. */
#include "common/course/calls/recorder.h"

#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/testing/test.h"

enum { RING = 4096, MOST_SHOWN = 14, MOST_NAMES = 26, LONGEST_RUN = 4 };

struct call {
    const char *name;
    char arguments[72];
    char result[32];
    unsigned depth;
    unsigned thread;
    bool returned;
};

static struct call ring[RING];
static atomic_size_t next_ticket;
static atomic_uint thread_count;
static _Thread_local unsigned thread_number;
static _Thread_local unsigned depth;

size_t call_begin(const char *name, const char *arguments, ...)
{
    size_t ticket = atomic_fetch_add(&next_ticket, 1);
    struct call *call = &ring[ticket % RING];
    if (thread_number == 0)
        thread_number = atomic_fetch_add(&thread_count, 1) + 1;
    *call = (struct call){.name = name, .depth = depth, .thread = thread_number};
    depth++;
    va_list list;
    va_start(list, arguments);
    vsnprintf(call->arguments, sizeof call->arguments, arguments, list);
    va_end(list);
    return ticket;
}

void call_end(size_t ticket, const char *result, ...)
{
    struct call *call = &ring[ticket % RING];
    depth--;
    if (atomic_load(&next_ticket) - ticket >= RING) /* its place was taken meanwhile */
        return;
    va_list list;
    va_start(list, result);
    vsnprintf(call->result, sizeof call->result, result, list);
    va_end(list);
    if (strcmp(call->result, "(nil)") == 0)
        strcpy(call->result, "NULL");
    call->returned = true;
}

int call_is_nested(void)
{
    return depth != 0;
}

/* --- Writing the end of the ring --- */

static unsigned long names[MOST_NAMES];
static size_t name_count;

/* A, B, C … for an address; the address itself when letters have run out. */
static void write_address(int fd, unsigned long address)
{
    size_t i = 0;
    while (i < name_count && names[i] != address)
        i++;
    if (i == name_count && name_count < MOST_NAMES)
        names[name_count++] = address;
    if (i < name_count)
        dprintf(fd, "%c", (char)('A' + i));
    else
        dprintf(fd, "0x%lx", address);
}

static void write_text(int fd, char *text)
{
    test_make_singular(text);
    while (*text != '\0') {
        const char *address = strstr(text, "0x");
        size_t length = address == NULL ? strlen(text) : (size_t)(address - text);
        dprintf(fd, "%.*s", (int)length, text);
        text += length;
        if (address != NULL) {
            char *end = NULL;
            write_address(fd, strtoul(address, &end, 16));
            text = end;
        }
    }
}

static void write_call(int fd, struct call *call)
{
    if (atomic_load(&thread_count) > 1)
        dprintf(fd, "T%u  ", call->thread);
    dprintf(fd, "%*s%s(", (int)(2 * call->depth), "", call->name);
    write_text(fd, call->arguments);
    dprintf(fd, ")");
    if (!call->returned)
        dprintf(fd, "   ... never came back");
    else if (call->result[0] != '\0') {
        dprintf(fd, " = ");
        write_text(fd, call->result);
    }
    dprintf(fd, "\n");
}

static bool are_alike(const struct call *a, const struct call *b)
{
    return a->name == b->name && a->depth == b->depth && a->thread == b->thread;
}

/* How many calls from ticket `first` on are of the same kind. */
static size_t run_length(size_t first, size_t end)
{
    size_t length = 1;
    while (first + length < end && are_alike(&ring[first % RING], &ring[(first + length) % RING]))
        length++;
    return length;
}

/* Lines that are needed for the calls from `first` on: a long run takes three. */
static size_t count_lines(size_t first, size_t end)
{
    size_t lines = 0;
    for (size_t ticket = first; ticket < end;) {
        size_t length = run_length(ticket, end);
        lines += length > LONGEST_RUN ? 3 : length;
        ticket += length;
    }
    return lines;
}

/* The first call to show, so that no more lines come than a reader wants. */
static size_t first_shown(size_t end)
{
    size_t oldest = end > RING ? end - RING : 0;
    size_t first = oldest;
    while (first < end && count_lines(first, end) > MOST_SHOWN) {
        size_t length = run_length(first, end);
        first += length;
        while (first < end && ring[first % RING].depth != 0) /* start at a call of the test's */
            first++;
    }
    return first == end && end > oldest ? end - 1 : first;
}

static void write_calls(int fd)
{
    size_t end = atomic_load(&next_ticket);
    size_t first = first_shown(end);
    if (first != 0)
        dprintf(fd, "... %zu calls before\n", first);
    for (size_t ticket = first; ticket < end;) {
        size_t length = run_length(ticket, end);
        write_call(fd, &ring[ticket % RING]);
        if (length > LONGEST_RUN) {
            dprintf(fd, "... %zu more\n", length - 2);
            write_call(fd, &ring[(ticket + length - 1) % RING]);
            ticket += length;
        } else {
            ticket++;
        }
    }
    for (size_t i = 0; i < name_count; i++)
        dprintf(fd, "\t%c 0x%lx\n", (char)('A' + i), names[i]);
}

static void write_file(void)
{
    static atomic_flag is_written = ATOMIC_FLAG_INIT;
    const char *path = getenv("COURSE_CALLS");
    if (path == NULL || atomic_flag_test_and_set(&is_written))
        return;
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
    if (fd >= 0) {
        write_calls(fd);
        close(fd);
    }
}

/* --- When to write --- */

_Noreturn void __real_test_end(enum test_outcome outcome, const char *message);
_Noreturn void __wrap_test_end(enum test_outcome outcome, const char *message);
_Noreturn void __wrap_test_end(enum test_outcome outcome, const char *message)
{
    write_file();
    __real_test_end(outcome, message);
}

static void write_and_die(int signal_number)
{
    signal(signal_number, SIG_DFL);
    write_file();
    raise(signal_number);
}

__attribute__((constructor)) static void catch_crashes(void)
{
    static const int fatal[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT, SIGXCPU, SIGALRM};
    for (size_t i = 0; i < sizeof fatal / sizeof *fatal; i++)
        signal(fatal[i], write_and_die);
}

/* record_watch: mprotect and a SIGSEGV handler; see record_watch.h. */
#include "stage3_centralcache/standin/record_watch.h"

#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/mman.h>
#include <unistd.h>
#include <valgrind/valgrind.h>

static struct {
    char *start;
    size_t bytes;
    size_t page_bytes; /* of the operating system */
    volatile size_t touched;
    bool is_on;
    struct sigaction before;
} watch;

static bool is_watched(const void *address)
{
    return (uintptr_t)address - (uintptr_t)watch.start < watch.bytes;
}

static void allow_page(const void *address)
{
    size_t offset = (size_t)((const char *)address - watch.start);
    mprotect(watch.start + offset / watch.page_bytes * watch.page_bytes, watch.page_bytes,
             PROT_READ | PROT_WRITE);
}

/* A fault of any other kind happens again at once, and ends the process as it should. */
static void note_touch(int signal_number, siginfo_t *info, void *context)
{
    (void)context;
    if (!is_watched(info->si_addr)) {
        signal(signal_number, SIG_DFL);
        return;
    }
    allow_page(info->si_addr);
    watch.touched++;
}

void record_watch_start(void *start, size_t bytes)
{
    if (RUNNING_ON_VALGRIND)
        return;
    watch.start = start;
    watch.bytes = bytes;
    watch.page_bytes = (size_t)sysconf(_SC_PAGESIZE);
    watch.touched = 0;
    watch.is_on = true;
    struct sigaction action = {.sa_sigaction = note_touch, .sa_flags = SA_SIGINFO | SA_NODEFER};
    sigaction(SIGSEGV, &action, &watch.before);
    mprotect(watch.start, watch.bytes, PROT_NONE);
}

void record_watch_allow(void *record, size_t bytes)
{
    if (!watch.is_on)
        return;
    allow_page(record);
    allow_page((char *)record + bytes - 1);
}

size_t record_watch_stop(void)
{
    if (!watch.is_on)
        return 0;
    watch.is_on = false;
    mprotect(watch.start, watch.bytes, PROT_READ | PROT_WRITE);
    sigaction(SIGSEGV, &watch.before, NULL);
    return watch.touched;
}

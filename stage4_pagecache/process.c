/* process: what the library does for the process that it is loaded into. Given; not edited.
 *
 *   at the start   reads MEMPOOL_CHECK and MEMPOOL_STATS; finds out whether it came late
 *   at fork        holds all locks of the pool, so that the child finds them free
 *   at exit        checks all layers (MEMPOOL_CHECK=1); prints one table (MEMPOOL_STATS=1)
 *
 * malloc does not wait for any of this: it works before the start and after the exit. The library is
 * linked with -z initfirst, so its constructor runs before all others (process_first.c sees to that in a
 * program linked with the archive): fork handlers run before fork in the opposite order of their
 * registration, and those of other libraries may allocate, so ours must be the last. The C library is not
 * initialised by then either, so the environment comes as the third argument, and nothing here allocates. */
#include <fcntl.h>
#include <link.h>
#include <malloc.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/caller_bug.h"
#include "stage4_pagecache/mempool.h"
#include "stage4_pagecache/process.h"

/* --- At exit --- */

/* dprintf formats on the stack. */
static void print_stats(int descriptor)
{
    struct mempool_stats s;
    struct rusage usage = {0};
    mempool_stats(&s);
    (void)getrusage(RUSAGE_SELF, &usage);
    dprintf(descriptor,
            "mempool: process %ld\n"
            "  bytes   mapped %zu (records %zu), purged %zu\n"
            "          handed out by central cache %zu, large objects %zu\n"
            "          free: this thread %zu, ready batches %zu, spans %zu, pages %zu (dirty %zu)\n"
            "  calls   thread caches: %zu fetches, %zu releases; %zu threads now\n"
            "          central cache: %zu fetches (%zu ready), %zu releases\n"
            "          page cache:    %zu allocs, %zu frees, %zu regions\n"
            "          system:        %zu map, %zu unmap, %zu purge\n"
            "          locks:         %zu acquired, %zu after waiting\n"
            "          page faults:   %ld, and %ld from a disk\n",
            (long)getpid(), s.mapped_bytes, s.metadata_bytes, s.purged_bytes, s.handed_bytes,
            s.large_bytes, s.thread_bytes, s.ready_bytes, s.span_free_bytes, s.page_free_bytes,
            s.page_dirty_bytes, s.thread_fetches, s.thread_releases, s.threads, s.central_fetches,
            s.central_ready_hits, s.central_releases, s.page_allocs, s.page_frees, s.page_grows,
            s.os_maps, s.os_unmaps, s.os_purges, s.lock_acquisitions, s.lock_contended,
            usage.ru_minflt, usage.ru_majflt);
    if (s.foreign_frees != 0)
        dprintf(descriptor, "          ignored: %zu frees of addresses from before\n",
                s.foreign_frees);
}

/* Not every C library declares it. */
void malloc_stats(void); // NOLINT(readability-redundant-declaration)
__attribute__((visibility("default"))) void malloc_stats(void)
{
    print_stats(STDERR_FILENO);
}

/* Many a program closes its stderr when it exits, before this library's turn comes: the table goes to
 * a copy made at the start, out of the way of descriptors that programs count on. A program may also close
 * that, and give either number to a file of its own: so only to the file that stderr was at the start. */
enum { LEAST_DESCRIPTOR = 500 };

static int stderr_copy;
static struct stat stderr_file;

static bool is_stderr_of_start(int descriptor)
{
    struct stat file;
    return fstat(descriptor, &file) == 0 && file.st_dev == stderr_file.st_dev &&
           file.st_ino == stderr_file.st_ino;
}

static void print_stats_at_exit(void)
{
    if (is_stderr_of_start(stderr_copy))
        print_stats(stderr_copy);
    else if (is_stderr_of_start(STDERR_FILENO))
        print_stats(STDERR_FILENO);
}

/* Where stderr is closed there is no place for a table. */
static void plan_stats(void)
{
    if (fstat(STDERR_FILENO, &stderr_file) != 0)
        return;
    stderr_copy = fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, LEAST_DESCRIPTOR);
    atexit(print_stats_at_exit);
}

static void check_at_exit(void)
{
    unsigned broken = mempool_check();
    if (broken == 0)
        return;
    dprintf(STDERR_FILENO, "mempool: invariant I%u of stage %u does not hold\n", broken % 100,
            broken / 100);
    caller_bug(CALLER_BUG_BROKEN_INVARIANT, NULL);
}

/* --- Coming late ---
 *
 * Names are looked up in the objects of a process in the order in which those were loaded. A library
 * that was preloaded, or that the program was linked with, comes before the C library, and its malloc
 * is the process's. One that is loaded by a running program, by dlopen, comes after it: what it is
 * given to free may be the other malloc's. */

enum { NEITHER, THIS_LIBRARY, THE_C_LIBRARY };

static bool contains(const struct dl_phdr_info *object, uintptr_t address)
{
    for (unsigned i = 0; i < object->dlpi_phnum; i++) {
        const ElfW(Phdr) *segment = &object->dlpi_phdr[i];
        if (segment->p_type == PT_LOAD &&
            address - (object->dlpi_addr + segment->p_vaddr) < segment->p_memsz)
            return true;
    }
    return false;
}

/* What is returned, if not 0, ends dl_iterate_phdr. */
static int which_library(struct dl_phdr_info *object, size_t bytes, void *address_here)
{
    (void)bytes;
    if (contains(object, (uintptr_t)address_here))
        return THIS_LIBRARY;
    return contains(object, (uintptr_t)dl_iterate_phdr) ? THE_C_LIBRARY : NEITHER;
}

static bool came_late(void)
{
    static char address_here;
    return dl_iterate_phdr(which_library, &address_here) == THE_C_LIBRARY;
}

/* --- At fork ---
 *
 * glibc's fork takes the lock of its list of all FILEs after all handlers have run. Who holds that (fflush of
 * all) may wait for a FILE, and who holds a FILE (getline) may wait for the pool. So the list comes before
 * the pool, as it does before glibc's own malloc; the lock may be taken twice. Other C libraries have none. */

void _IO_list_lock(void) __attribute__((weak));
void _IO_list_unlock(void) __attribute__((weak));
void _IO_list_resetlock(void) __attribute__((weak));

static void fork_prepare(void)
{
    if (_IO_list_lock != NULL)
        _IO_list_lock();
    mempool_fork_prepare();
}

static void fork_parent(void)
{
    mempool_fork_parent();
    if (_IO_list_unlock != NULL)
        _IO_list_unlock();
}

static void fork_child(void)
{
    mempool_fork_child();
    if (_IO_list_resetlock != NULL)
        _IO_list_resetlock();
}

/* --- At the start --- */

static bool is_set(char *const *environment, const char *setting)
{
    for (; environment != NULL && *environment != NULL; environment++)
        if (strcmp(*environment, setting) == 0)
            return true;
    return false;
}

__attribute__((constructor)) void process_start(int count, char **arguments, char **environment)
{
    static bool is_started;
    (void)count;
    (void)arguments;
    if (is_started)
        return;
    is_started = true;
    bool is_late = came_late();
    /* Where the C library is ready, it is asked: not every one gives constructors arguments. It has none
     * after clearenv(). */
    if (is_late || environ != NULL)
        environment = environ;
    mempool_ignore_foreign(is_late);
    if (is_set(environment, "MEMPOOL_CHECK=1")) {
        mempool_set_checking(true);
        atexit(check_at_exit);
    }
    if (is_set(environment, "MEMPOOL_STATS=1"))
        plan_stats();
    pthread_atfork(fork_prepare, fork_parent, fork_child);
}

/* os_memory on mmap, munmap, mprotect and madvise.
 *
 *   asked:   alignment a, bytes b       (a above the operating system's page)
 *   mapped:  |···|<------ b ------>|·····|      b + a - page bytes
 *             cut off               cut off
 *
 *   guarded: |xxx|<------ b ------>|xxx|        x: reserved, but no access
 *
 * A failing munmap or madvise (the kernel has no memory to split a mapping) loses no promise: the
 * pages are cleared by hand instead, and the address range is kept by the process for good. */
#include "common/os_memory.h"

#include <errno.h>
#include <stdatomic.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

static struct {
    atomic_size_t mapped_bytes;
    atomic_size_t purged_bytes;
    atomic_size_t map_calls;
    atomic_size_t unmap_calls;
    atomic_size_t purge_calls;
    atomic_size_t failed_calls;
} counts;

/* Counts are statistics: they order nothing, so relaxed is enough. */
static void count(atomic_size_t *counter, size_t amount)
{
    atomic_fetch_add_explicit(counter, amount, memory_order_relaxed);
}

static size_t os_page_bytes(void)
{
    return (size_t)sysconf(_SC_PAGESIZE);
}

static size_t round_up(size_t value, size_t multiple)
{
    return (value + multiple - 1) & ~(multiple - 1);
}

static void *map_pages(size_t bytes, int access)
{
    void *start = mmap(NULL, bytes, access, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    return start == MAP_FAILED ? NULL : start;
}

/* Map more than asked and cut both ends off, so that what stays starts at a multiple. Regions are
 * mapped side by side, so most are aligned as they come: try that first. */
static void *map_aligned(size_t bytes, size_t alignment, int access)
{
    void *lucky = map_pages(bytes, access);
    if (lucky == NULL || (uintptr_t)lucky % alignment == 0)
        return lucky;
    (void)munmap(lucky, bytes);
    size_t slack = alignment - os_page_bytes();
    if (bytes > SIZE_MAX - slack)
        return NULL;
    char *mapped = map_pages(bytes + slack, access);
    if (mapped == NULL)
        return NULL;
    char *start = (char *)round_up((uintptr_t)mapped, alignment);
    size_t before = (size_t)(start - mapped);
    if (before != 0)
        (void)munmap(mapped, before);
    if (before != slack)
        (void)munmap(start + bytes, slack - before);
    return start;
}

static void *count_map(void *start, size_t bytes)
{
    if (start == NULL) {
        count(&counts.failed_calls, 1);
        errno = ENOMEM;
        return NULL;
    }
    count(&counts.map_calls, 1);
    count(&counts.mapped_bytes, bytes);
    return start;
}

void *os_memory_map(size_t bytes, size_t alignment)
{
    void *start = NULL;
    size_t whole = round_up(bytes, os_page_bytes());
    if (bytes != 0 && whole >= bytes)
        start = map_aligned(whole, alignment, PROT_READ | PROT_WRITE);
    return count_map(start, whole);
}

/* Whole pages of both kinds, so that the region behind a guard starts at a page of both kinds. */
static size_t guard_bytes(void)
{
    size_t os_page = os_page_bytes();
    return os_page > PAGE_BYTES ? os_page : PAGE_BYTES;
}

/* Reserved with both guards, then opened in the middle. */
static void *map_between_guards(size_t bytes)
{
    size_t guard = guard_bytes();
    char *reserved = map_aligned(bytes + 2 * guard, guard, PROT_NONE);
    if (reserved == NULL)
        return NULL;
    if (mprotect(reserved + guard, bytes, PROT_READ | PROT_WRITE) != 0) {
        (void)munmap(reserved, bytes + 2 * guard);
        return NULL;
    }
    return reserved + guard;
}

void *os_memory_map_guarded(size_t bytes)
{
    void *start = NULL;
    size_t whole = round_up(bytes, os_page_bytes());
    if (bytes != 0 && bytes <= PTRDIFF_MAX)
        start = map_between_guards(whole);
    return count_map(start, whole);
}

/* The region, with `guard` bytes before and behind it. */
static void unmap_with_guards(char *start, size_t bytes, size_t guard)
{
    int saved_errno = errno;
    size_t whole = round_up(bytes, os_page_bytes());
    if (munmap(start - guard, whole + 2 * guard) != 0)
        os_memory_purge(start, whole);
    count(&counts.unmap_calls, 1);
    atomic_fetch_sub_explicit(&counts.mapped_bytes, whole, memory_order_relaxed);
    errno = saved_errno;
}

void os_memory_unmap(void *start, size_t bytes)
{
    unmap_with_guards(start, bytes, 0);
}

void os_memory_unmap_guarded(void *start, size_t bytes)
{
    unmap_with_guards(start, bytes, guard_bytes());
}

/* Only whole pages of the operating system can be given back; the ragged ends are cleared. */
void os_memory_purge(void *start, size_t bytes)
{
    int saved_errno = errno;
    char *end = (char *)start + bytes;
    char *first_whole = (char *)round_up((uintptr_t)start, os_page_bytes());
    char *last_whole = (char *)((uintptr_t)end & ~(os_page_bytes() - 1));
    if (first_whole >= last_whole ||
        madvise(first_whole, (size_t)(last_whole - first_whole), MADV_DONTNEED) != 0) {
        memset(start, 0, bytes);
    } else {
        memset(start, 0, (size_t)(first_whole - (char *)start));
        memset(last_whole, 0, (size_t)(end - last_whole));
    }
    count(&counts.purge_calls, 1);
    count(&counts.purged_bytes, bytes);
    errno = saved_errno;
}

uint64_t os_memory_clock_ms(void)
{
    struct timespec now = {0};
    (void)clock_gettime(CLOCK_MONOTONIC_COARSE, &now);
    return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

static size_t value_of(atomic_size_t *counter)
{
    return atomic_load_explicit(counter, memory_order_relaxed);
}

void os_memory_stats(struct os_memory_stats *out)
{
    *out = (struct os_memory_stats){
        .mapped_bytes = value_of(&counts.mapped_bytes),
        .purged_bytes = value_of(&counts.purged_bytes),
        .map_calls = value_of(&counts.map_calls),
        .unmap_calls = value_of(&counts.unmap_calls),
        .purge_calls = value_of(&counts.purge_calls),
        .failed_calls = value_of(&counts.failed_calls),
    };
}

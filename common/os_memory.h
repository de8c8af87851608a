/* os_memory: memory from the operating system, in whole regions.
 *
 * The bottom of the picture: every byte of the pool comes through here, and the counts it keeps are
 * what tests, statistics and the grader trust.
 *
 * Locking: none, and none needed: any thread may call at any time. A cache calls it for *data* with
 * no lock held; the data structures (object pool, page map) may call it for their own chunks and
 * nodes while their owner's lock is held.
 *
 * Read next: common/span.h. */
#ifndef COMMON_OS_MEMORY_H
#define COMMON_OS_MEMORY_H

#include <stddef.h>
#include <stdint.h>

/* The pool's own page: 8 KiB, whatever the page of the operating system is (4, 16 or 64 KiB). */
enum {
    PAGE_SHIFT = 13,
    PAGE_BYTES = 1 << PAGE_SHIFT,
};

struct os_memory_stats {
    size_t mapped_bytes; /* mapped and not yet unmapped; guards hold no memory, and do not count */
    size_t purged_bytes; /* given back by purge since the start, counted again each time */
    size_t map_calls;    /* that succeeded */
    size_t unmap_calls;
    size_t purge_calls;
    size_t failed_calls; /* map calls that returned NULL */
};

/* Map `bytes` of zeroed memory at an address that is a multiple of `alignment`, a power of two.
 * `bytes` is rounded up to the operating system's page, and every region starts at one.
 * Returns the region, or NULL with errno = ENOMEM. The caller gives it back with
 * os_memory_unmap(start, bytes), with the same `bytes`. */
void *os_memory_map(size_t bytes, size_t alignment);

/* Give back a region: `start` and `bytes` are those of one os_memory_map call. Keeps errno. */
void os_memory_unmap(void *start, size_t bytes);

/* The same for the pool's own data structures, which nobody but the pool may write to: a page that cannot
 * be accessed lies right before the region and right behind it, so that an overrun from either side ends
 * the program. It starts at a multiple of PAGE_BYTES. */
void *os_memory_map_guarded(size_t bytes);

/* Give back what os_memory_map_guarded returned, and its guards. Keeps errno. */
void os_memory_unmap_guarded(void *start, size_t bytes);

/* Give the pages of a part of a region back but keep its addresses: it reads as zero afterwards.
 * `start` and `bytes` are multiples of PAGE_BYTES. Keeps errno. */
void os_memory_purge(void *start, size_t bytes);

/* Milliseconds since some moment in the past: it never goes back, and says how long memory lies idle.
 * Cheap enough to ask at every slow path: it may be late by a few milliseconds. */
uint64_t os_memory_clock_ms(void);

/* A snapshot of the counts; each is exact, together they may be of slightly different moments. */
void os_memory_stats(struct os_memory_stats *out);

#endif

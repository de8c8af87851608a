/* os_memory for tests: regions from posix_memalign, so that Valgrind and AddressSanitizer know each
 * one, and see overruns, lost regions and use after unmap. It counts, checks what it is given, and
 * fails on demand. Tests may call it from one thread at a time; the layers from any. */
#ifndef COMMON_TESTING_OS_MEMORY_STANDIN_H
#define COMMON_TESTING_OS_MEMORY_STANDIN_H

#include <stdbool.h>
#include <stddef.h>

#include "common/os_memory.h"

/* Let the n-th map from now on fail, once; 0 means none. */
void os_standin_fail_map(size_t nth);

/* Let every map fail from now on, or none. */
void os_standin_fail_all_maps(bool fail);

/* Return addresses that are a multiple of the alignment asked for and of nothing larger: a layer
 * that asks for 4 KiB and hopes for 8 is found out. */
void os_standin_give_odd_addresses(bool odd);

/* Let regions of 1 MiB and more come out of a block of `bytes`, each right below the one before, as an
 * operating system mostly places them. What does not fit any more lies anywhere. */
void os_standin_map_downwards(size_t bytes);

/* Let `milliseconds` pass: the clock stands still otherwise. */
void os_standin_pass_time(unsigned milliseconds);

/* Call `hook` in the next purge, once, before the memory is cleared: it stands for what another thread
 * may do at that moment. */
void os_standin_call_in_purge(void (*hook)(void));

/* Regions mapped and not unmapped, and the most bytes there were at any time. */
size_t os_standin_live_regions(void);
size_t os_standin_peak_bytes(void);

/* How often a region of at least `bytes` was mapped, purged or unmapped while the calling thread
 * held a lock; only debug builds know. Set the size first, then ask. */
void os_standin_watch_locked_calls(size_t bytes);
size_t os_standin_locked_calls(void);

/* Whether [start, start + bytes) lies in one live region. */
bool os_standin_covers(const void *start, size_t bytes);

#endif

/* page_cache.h and page_map.h for the tests of stage 3: spans from one arena, which nobody splits or
 * coalesces. It checks what it is given back, counts, and fails on demand.
 *
 * What a test finds out here:
 *   - a span given back twice, or while objects of it are out, or with its constant fields changed;
 *   - an object that reaches over the end of its span: behind each span lies a guard page;
 *   - a `tail` that lies: what is above it must never have been written to;
 *   - use after a span went down: its memory and record are lost, and no access for Valgrind and
 *     AddressSanitizer;
 *   - calls made while a lock is held (debug builds; counted, so that one mistake fails one test);
 *   - which span records a call looks at.
 *
 * The layer under test may call from any thread; tests set up from one. */
#ifndef STAGE3_CENTRALCACHE_STANDIN_PAGE_CACHE_STANDIN_H
#define STAGE3_CENTRALCACHE_STANDIN_PAGE_CACHE_STANDIN_H

#include <stdbool.h>
#include <stddef.h>

#include "common/span.h"

/* Let the n-th page_cache_alloc from now on fail, once; 0 means none. Or all of them. */
void page_standin_fail_alloc(size_t nth);
void page_standin_fail_all_allocs(bool fail);

/* Hand out spans again where they were, with what was in them, as the page cache mostly does. */
void page_standin_reuse_places(bool reuse);

struct page_standin_counts {
    size_t allocs; /* calls that succeeded */
    size_t frees;
    size_t ticks;        /* calls of page_cache_tick */
    size_t locked_calls; /* calls of any of them made while the calling thread held a lock */
    size_t spans_out;    /* handed out and not yet back */
    size_t pages_out;
    size_t peak_pages; /* the most there were out at any time */
};

struct page_standin_counts page_standin_counts(void);

/* Whether [start, start + bytes) lies whole in one span of `class_id` that is out. */
bool page_standin_covers(const void *start, size_t bytes, unsigned class_id);

/* Fail the test if anything was written behind a span that is out. */
void page_standin_check_guards(void);

/* A SPAN_LARGE as the layer above would ask for it; counted like the others. */
struct span *page_standin_make_large(size_t page_count);

/* Run `hook` once, in the next page_cache_alloc or page_cache_free, before it does anything: what
 * another thread might do at this moment, since no lock is held. */
void page_standin_on_alloc(void (*hook)(void));
void page_standin_on_free(void (*hook)(void));

/* From here on count how many pages full of span records are touched, the stand-in's own accesses
 * apart; stop_watching returns the count. One thread only. Always 0 under Valgrind, where a program
 * cannot go on after the faults that this counts by. */
void page_standin_watch_records(void);
size_t page_standin_stop_watching(void);

#endif

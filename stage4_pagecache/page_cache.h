/* page_cache: the one place where spans are made: split on the way out, coalesced on the way back.
 *
 *   bins       1: ▭ ▭      2: ▭▭      3: ·      …      128: ▭▭▭▭▭      free spans by page count
 *   large      an ordered tree by (page count, address) of the free spans above 128 pages
 *
 *   alloc 3 pages:  ▭▭▭▭▭▭▭▭  ──▶  ▣▣▣ + ▭▭▭▭▭      split: the rest goes back into its bin
 *   free them:      ▭▭ + ▣▣▣ + ▭▭▭  ──▶  ▭▭▭▭▭▭▭▭      coalesce with both neighbours, by page map
 *
 * Invariants:
 *   I4  spans do not overlap; each page that was mapped is in exactly one span
 *   I5  no two free spans are neighbours
 *   I6  a free span is in the bin of its page count, or in the tree above 128 pages
 *   I7  the last fresh_page_count pages of a span were never written to since they were mapped or
 *       purged: they read as zero
 *   I8  best fit: a request takes the smallest free span that can hold it
 *   I9  idle memory goes back: what lay free and dirty for PAGE_CACHE_IDLE_MS goes at the next call,
 *       but for PAGE_CACHE_IDLE_BYTES and a third of what is in use
 *
 * Locking: one lock for everything. Memory is mapped and purged with the lock released; a span
 * being purged is in no bin, so nobody meets it. Only page map leaves and span records are mapped
 * under the lock.
 *
 * Read next: solution/page_cache.c, then mempool.h. */
#ifndef STAGE4_PAGECACHE_PAGE_CACHE_H
#define STAGE4_PAGECACHE_PAGE_CACHE_H

#include <stdbool.h>
#include <stddef.h>

#include "common/span.h"

enum {
    PAGE_CACHE_BIN_COUNT = 128,               /* spans of 1..128 pages have a bin each */
    PAGE_CACHE_GROW_BYTES = 2 * 1024 * 1024,  /* least that is mapped at a time */
    PAGE_CACHE_IDLE_BYTES = 32 * 1024 * 1024, /* see I9 */
    PAGE_CACHE_IDLE_MS = 2000,
};

struct page_cache_stats {
    size_t allocs; /* calls */
    size_t frees;
    size_t grows;        /* regions mapped */
    size_t mapped_bytes; /* of all spans together */
    size_t free_bytes;   /* in free spans */
    size_t dirty_bytes;  /* of these, in pages that were written to and not purged */
    size_t span_count;   /* records in use */
    size_t lock_acquisitions;
    size_t lock_contended;
};

/* Hand out a span of exactly `page_count` pages (1 or more) whose first page is a multiple of
 * `page_alignment`, a power of two. With `class_id` 1..97 it is a SPAN_SMALL and each page maps to
 * it; with 0 a SPAN_LARGE and its first and last page do. The span comes with live_count 0, no free
 * objects, tail at its start, and private words zero.
 * Returns NULL with errno = ENOMEM where the system has no more to give; what another thread is purging
 * at that moment is not waited for. The caller gives it back with page_cache_free; any thread; the caller
 * holds no lock. */
struct span *page_cache_alloc(size_t page_count, size_t page_alignment, unsigned class_id);

/* Take a span back; none of its pages maps to anything alive any more. Of a SPAN_SMALL, the pages
 * that lie whole above `tail` count as never written to (I7). Purges where too much is free and
 * dirty (I9). Keeps errno. Any thread; the caller holds no lock.
 * caller_bug DOUBLE_FREE (address: its start): the span is free already. What else a design sees of a record
 * that was overwritten is its own; the reference asks the page map, and says BROKEN_INVARIANT. */
void page_cache_free(struct span *span);

/* Make a SPAN_LARGE longer or shorter without moving it. Returns whether that could be done:
 * shorter always (where a record for the rest can be had), longer only into a free neighbour. What is cut
 * off is idle memory like any other (I9). */
bool page_cache_resize(struct span *span, size_t page_count);

/* Purge free pages, longest spans first, until at most `keep_bytes` of dirty ones are left.
 * Their addresses stay mapped and the spans free: only the memory behind them goes. Returns the bytes
 * given back to the operating system. Any thread; the caller holds no lock. */
size_t page_cache_purge(size_t keep_bytes);

/* Let the page cache see that time goes by: purges what has lain idle too long (I9), which page_cache_alloc
 * and page_cache_free do as well. The caches above call it on their slow paths, since a program may go on
 * for long without one of those. Any thread; no lock held; a load and a comparison while nothing is idle. */
void page_cache_tick(void);

void page_cache_fork_prepare(void);
void page_cache_fork_parent(void);
void page_cache_fork_child(void);

void page_cache_stats(struct page_cache_stats *out);

/* Walk every span and the page map. Returns 0, or the number of the first broken invariant. */
unsigned page_cache_check(void);

#endif

/* page_cache_support: what the tests of the page cache share: taking spans with everything checked
 * that the contract says about them, stamping their pages, and a table of the spans that are live.
 *
 * A stamp is a word at the start and at the end of each page: pages are all that the page cache
 * deals in, so two spans that overlap by one page overwrite each other's stamps. */
#ifndef STAGE4_PAGECACHE_TESTS_PAGE_CACHE_SUPPORT_H
#define STAGE4_PAGECACHE_TESTS_PAGE_CACHE_SUPPORT_H

#include "common/span.h"
#include "common/testing/os_memory_standin.h"
#include "common/testing/test.h"
#include "stage4_pagecache/page_cache.h"
#include "stage4_pagecache/page_map.h"

enum { MIB = 1024 * 1024, MIB_PAGES = MIB / PAGE_BYTES };

/* page_cache_alloc, where the test counts on success: checks all of the contract. */
struct span *take(size_t page_count, unsigned class_id);
struct span *take_aligned(size_t page_count, size_t page_alignment, unsigned class_id);

/* What the contract says of a span that was just handed out (I1 to I3, I7). */
void check_handed_out(const struct span *span, size_t page_count, size_t page_alignment,
                      unsigned class_id);

/* I1 to I3 for the pages of a span that is out. */
void check_page_map(const struct span *span);

/* I7: fresh_page_count is possible, and the last so many pages read as zero. */
void check_fresh(const struct span *span);

/* Pages that were given back map to nothing alive, and have no class. */
void check_pages_forgotten(uintptr_t first_page, size_t page_count);

/* Write to every page of the span. Of a small one all objects count as handed out: its tail moves
 * to its end. */
void stamp(struct span *span, uint64_t value);
void check_stamp(const struct span *span, uint64_t value);

/* The first `page_count` pages only: what is left of them after a resize. */
void check_stamp_of(const struct span *span, size_t page_count, uint64_t value);

/* Of these pages, how many are still mapped and hold a stamp: dirty for certain. */
size_t stamped_page_count(uintptr_t first_page, size_t page_count);

uintptr_t end_of(const struct span *span);

/* --- Places that were written to, wherever their spans are now: one thread only --- */

enum { MOST_PLACES = 256 };

struct place {
    uintptr_t first_page;
    size_t page_count;
};

extern struct place places[MOST_PLACES];
extern size_t place_count;

/* Take a span, note its place, and put it into the table of live ones (below). */
void take_and_stamp(size_t page_count, unsigned class_id);

/* Of all places: dirty for certain. */
size_t dirty_pages(void);

/* Let as much time pass as free memory may lie idle; all that is called meanwhile is `look`, IDLE_LOOKS times. */
enum { IDLE_LOOKS = 8 };
void let_idle_time_pass(void (*look)(void));

/* --- The table of live spans: one thread only --- */

enum { MOST_LIVE = 1024 };

struct live_span {
    struct span *span;
    uint64_t value; /* of its stamp */
};

extern struct live_span live_spans[MOST_LIVE];
extern size_t live_count;

/* Stamp the span and keep it in the table; it must overlap none that is there. */
void add_live(struct span *span);

/* Check that nobody wrote to the span at `place` of the table; free it, or keep it. */
void check_live(size_t place);
void check_all_live(void);
void free_live(size_t place);
void free_all_live(void);

size_t mapped_bytes(void);

#endif

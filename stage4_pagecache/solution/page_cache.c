/* page_cache: see page_cache.h for the picture and the invariants I4 to I9.
 *
 * To hand out a span:
 *   1. take the best fit: the first bin that is long enough and not empty, found by a bit scan; else
 *      the best fit of the tree, O(log n);
 *   2. nothing fits: map a region, with the lock released; look again, and still nothing: take it;
 *   3. split off what was not asked for, before (for alignment) and behind.
 * To take one back: unite it with its free neighbours, which the page map finds in O(1), and put
 * the whole into its bin.
 *
 * How much stays dirty (I9): a program that uses and frees the same memory again and again should not
 * pay for it at the operating system each time; but what it does not need again is the machine's. So
 * free dirty pages are kept as long as they and the pages in use are no more than were in use at some
 * moment of the last second or so, and a third: a steady load never purges, and what is resident passes
 * the most that was in use by that third at most. Time is cut into windows; two are remembered.
 *
 *   in use  ▁▂▅█▅▂▂▂▂▂▂▂▂▂▂▂        purged: what was in use at █ and is not now, when two windows have
 *   window  │  1   │  2   │  3      ended since
 *
 * Spans are handed out from the front of a free span, so pages never written to gather at its end:
 * one number, fresh_page_count, says how many, and calloc need not clear them.
 *
 * Read order: page_cache_alloc, take_fit_locked, carve_locked, page_cache_free, coalesce_locked,
 * pages_to_keep_locked, page_cache_purge, page_cache_resize. */
#include "stage4_pagecache/page_cache.h"

#include <errno.h>
#include <stdatomic.h>

#include "common/caller_bug.h"
#include "common/lock.h"
#include "common/os_memory.h"
#include "common/span_tree.h"
#include "stage1_objectpool/object_pool.h"
#include "stage4_pagecache/page_map.h"

enum {
    MOST_NEW_RECORDS = 3, /* that one operation may need: a region, and what is before and behind */
    WINDOW_MS = 750,      /* two and a bit are under PAGE_CACHE_IDLE_MS */
    SLACK_PAGES = 64,     /* dirty pages that are always kept: 512 KiB */
    SLACK_SHARE = 3,      /* and this part of what was in use */
};

static const size_t KEEP_ALL = SIZE_MAX;

static struct {
    struct lock lock;
    struct span bins[PAGE_CACHE_BIN_COUNT + 1];     /* I6: lists by page count; bin 0 is not used */
    uint64_t filled[PAGE_CACHE_BIN_COUNT / 64 + 1]; /* a bit for each bin that is not empty */
    struct span *tree;                              /* I6: the free spans above the bins */
    struct object_pool records;                     /* of struct span */
    struct span spare_records;                      /* list: taken before anything is changed */
    size_t spare_count;
    bool is_ready;
    size_t mapped_pages;
    size_t free_pages;
    size_t dirty_pages; /* free and written to */
    uint64_t window_start_ms;
    size_t most_in_use;        /* pages, at any moment of this window */
    size_t most_in_use_before; /* of the window before */
    size_t allocs;
    size_t frees;
    size_t grows;
} cache;

/* When page_cache_tick has something to look at; 0 while nothing is idle. Relaxed: it is read without
 * the lock, as a hint that says no more than whether to take it. */
static _Atomic(uint64_t) next_look_ms;

/* --- Records of spans --- */

/* Make sure that take_record_locked can be called MOST_NEW_RECORDS times: after this nothing that
 * was begun can fail half way. */
static bool stock_records_locked(void)
{
    lock_assert_held(&cache.lock);
    free_list_choose_key();
    if (!cache.is_ready)
        cache.is_ready = object_pool_init(&cache.records, sizeof(struct span), sizeof(void *));
    while (cache.spare_count < MOST_NEW_RECORDS) {
        struct span *record = object_pool_alloc(&cache.records);
        if (record == NULL)
            return false;
        *record = (struct span){0};
        span_list_push(&cache.spare_records, record);
        cache.spare_count++;
    }
    return true;
}

static struct span *take_record_locked(void)
{
    lock_assert_held(&cache.lock);
    struct span *record = span_list_first(&cache.spare_records);
    span_list_remove(record);
    cache.spare_count--;
    return record;
}

static void drop_record_locked(struct span *span)
{
    lock_assert_held(&cache.lock);
    span->state = SPAN_UNUSED;
    object_pool_free(&cache.records, span);
}

/* --- Free spans: bins and tree --- */

static size_t dirty_page_count(const struct span *span)
{
    return span->page_count - span->fresh_page_count;
}

static uintptr_t end_page(const struct span *span)
{
    return span->first_page + span->page_count;
}

static void put_in_bin_locked(struct span *span)
{
    lock_assert_held(&cache.lock);
    cache.free_pages += span->page_count;
    cache.dirty_pages += dirty_page_count(span);
    if (span->page_count > PAGE_CACHE_BIN_COUNT) {
        span_tree_insert(&cache.tree, span);
        return;
    }
    span_list_push(&cache.bins[span->page_count], span);
    cache.filled[span->page_count / 64] |= (uint64_t)1 << span->page_count % 64;
}

static void take_from_bin_locked(struct span *span)
{
    lock_assert_held(&cache.lock);
    cache.free_pages -= span->page_count;
    cache.dirty_pages -= dirty_page_count(span);
    if (span->page_count > PAGE_CACHE_BIN_COUNT) {
        span_tree_remove(&cache.tree, span);
        return;
    }
    span_list_remove(span);
    if (span_list_is_empty(&cache.bins[span->page_count]))
        cache.filled[span->page_count / 64] &= ~((uint64_t)1 << span->page_count % 64);
}

/* I8: the smallest free span of at least `page_count` pages, or NULL. */
static struct span *best_fit_locked(size_t page_count)
{
    lock_assert_held(&cache.lock);
    for (size_t word = page_count / 64; word < sizeof cache.filled / sizeof *cache.filled; word++) {
        uint64_t bits = cache.filled[word];
        if (word == page_count / 64)
            bits &= ~(uint64_t)0 << page_count % 64;
        if (bits != 0)
            return span_list_first(&cache.bins[word * 64 + (size_t)__builtin_ctzll(bits)]);
    }
    return span_tree_best_fit(cache.tree, page_count);
}

/* --- The page map: I1 to I3 --- */

static struct span *span_at(uintptr_t page)
{
    return page_map_span((const void *)(page << PAGE_SHIFT));
}

static void map_ends(struct span *span, struct span *to)
{
    page_map_set(span->first_page, 1, to, 0);
    page_map_set(end_page(span) - 1, 1, to, 0);
}

/* Every page of a span of small objects was mapped; of the others only the ends. */
static void unmap_span(struct span *span)
{
    if (span->state == SPAN_SMALL)
        page_map_set(span->first_page, span->page_count, NULL, 0);
    else
        map_ends(span, NULL);
}

static void hand_out_locked(struct span *span, unsigned class_id)
{
    lock_assert_held(&cache.lock);
    span->class_id = (unsigned char)class_id;
    span->state = class_id == 0 ? SPAN_LARGE : SPAN_SMALL;
    span->live_count = 0;
    span->free_objects = (struct free_list){0};
    span->tail = (uintptr_t)span_start(span);
    for (size_t i = 0; i < sizeof span->private_words / sizeof *span->private_words; i++)
        span->private_words[i] = 0;
    if (class_id == 0)
        map_ends(span, span);
    else
        page_map_set(span->first_page, span->page_count, span, class_id);
}

/* --- Split and coalesce --- */

/* Cut `span`, which is in no bin, after `page_count` pages; returns the rest, as a span of its own.
 * I7: the fresh pages are the last ones, so the rest has them first. */
static struct span *split_locked(struct span *span, size_t page_count)
{
    lock_assert_held(&cache.lock);
    struct span *rest = take_record_locked();
    rest->first_page = span->first_page + page_count;
    rest->page_count = span->page_count - page_count;
    rest->fresh_page_count =
        span->fresh_page_count < rest->page_count ? span->fresh_page_count : rest->page_count;
    span->page_count = page_count;
    span->fresh_page_count -= rest->fresh_page_count;
    return rest;
}

/* Unite two neighbours, both in no bin; returns the one that is left. I7: the pages of `low` stay
 * fresh only if all that follows them is fresh too. */
static struct span *unite_locked(struct span *low, struct span *high)
{
    lock_assert_held(&cache.lock);
    if (dirty_page_count(high) != 0)
        low->fresh_page_count = 0;
    low->fresh_page_count += high->fresh_page_count;
    low->page_count += high->page_count;
    drop_record_locked(high);
    return low;
}

/* The free span that covers a page, taken out of its bin and of the page map; else NULL. */
static struct span *take_free_neighbour_locked(uintptr_t page)
{
    lock_assert_held(&cache.lock);
    struct span *span = span_at(page);
    if (span == NULL || span->state != SPAN_FREE)
        return NULL;
    take_from_bin_locked(span);
    map_ends(span, NULL);
    return span;
}

/* I5: `span` is in no bin and its pages map to nothing; unite it with what is free on both sides,
 * and put the whole into its bin. */
static void coalesce_locked(struct span *span)
{
    lock_assert_held(&cache.lock);
    struct span *low = take_free_neighbour_locked(span->first_page - 1);
    if (low != NULL)
        span = unite_locked(low, span);
    struct span *high = take_free_neighbour_locked(end_page(span));
    if (high != NULL)
        span = unite_locked(span, high);
    span->state = SPAN_FREE;
    span->class_id = 0;
    map_ends(span, span);
    put_in_bin_locked(span);
}

/* --- Where spans come from --- */

/* Take `page_count` pages at a multiple of `alignment` out of `span`, which is in no bin; what lies
 * before and behind them goes back. */
static struct span *carve_locked(struct span *span, size_t page_count, size_t alignment)
{
    lock_assert_held(&cache.lock);
    size_t before = -span->first_page & (alignment - 1);
    struct span *wanted = before == 0 ? span : split_locked(span, before);
    if (wanted->page_count > page_count)
        coalesce_locked(split_locked(wanted, page_count));
    if (before != 0)
        coalesce_locked(span);
    return wanted;
}

/* Out of the best fit. Returns a span in no bin, or NULL where nothing is large enough. */
static struct span *take_fit_locked(size_t page_count, size_t alignment)
{
    lock_assert_held(&cache.lock);
    struct span *span = best_fit_locked(page_count + alignment - 1);
    if (span == NULL || !stock_records_locked())
        return NULL;
    take_from_bin_locked(span);
    map_ends(span, NULL);
    return carve_locked(span, page_count, alignment);
}

struct region {
    void *start; /* NULL where there is none, and when it has become a span */
    size_t page_count;
};

/* Out of a new region. What was asked for is carved off before the rest meets its neighbours: a large
 * span united with a dirty one would not count as fresh any more (I7). */
static struct span *take_region_locked(struct region *region, size_t page_count, size_t alignment)
{
    lock_assert_held(&cache.lock);
    if (!stock_records_locked() || !page_map_reserve(page_of(region->start), region->page_count))
        return NULL;
    struct span *span = take_record_locked();
    span->first_page = page_of(region->start);
    span->page_count = region->page_count;
    span->fresh_page_count = region->page_count;
    cache.mapped_pages += region->page_count;
    cache.grows++;
    region->start = NULL;
    return carve_locked(span, page_count, alignment);
}

/* --- Purging --- */

/* A span that is being purged is in no bin, so that nobody meets it: it is in a chain, linked by one
 * private word, and the other says how many of its dirty pages are to go. */
static struct span *next_aside(const struct span *span)
{
    return (struct span *)span->private_words[0];
}

static size_t pages_to_purge(const struct span *span)
{
    return span->private_words[1];
}

/* Put `span` in front of `chain`, and set it down for up to `most` pages; returns how many. */
static size_t set_aside_locked(struct span *span, size_t most, struct span **chain)
{
    lock_assert_held(&cache.lock);
    size_t count = dirty_page_count(span) < most ? dirty_page_count(span) : most;
    take_from_bin_locked(span);
    map_ends(span, NULL);
    span->state = SPAN_LARGE;
    span->private_words[0] = (uintptr_t)*chain;
    span->private_words[1] = count;
    *chain = span;
    return count;
}

/* Chain the dirty spans of the tree, the longest last: a walk in order, with the links in a private
 * word, since taking them out would change the tree under the walk. */
static void chain_dirty_of_tree(struct span *node, struct span **chain)
{
    for (; node != NULL; node = span_tree_right(node)) {
        chain_dirty_of_tree(span_tree_left(node), chain);
        if (dirty_page_count(node) != 0) {
            node->private_words[0] = (uintptr_t)*chain;
            *chain = node;
        }
    }
}

/* Set spans aside, the longest first, until `count` dirty pages are among them. */
static struct span *set_dirty_aside_locked(size_t count)
{
    lock_assert_held(&cache.lock);
    struct span *aside = NULL;
    struct span *dirty = NULL;
    chain_dirty_of_tree(cache.tree, &dirty);
    while (dirty != NULL && count != 0) {
        struct span *next = next_aside(dirty);
        count -= set_aside_locked(dirty, count, &aside);
        dirty = next;
    }
    for (size_t bin = PAGE_CACHE_BIN_COUNT; bin > 0; bin--) {
        struct span *span = span_list_first(&cache.bins[bin]);
        while (span != NULL && count != 0) {
            struct span *next = span_list_next(&cache.bins[bin], span);
            if (dirty_page_count(span) != 0)
                count -= set_aside_locked(span, count, &aside);
            span = next;
        }
    }
    return aside;
}

/* I7: the dirty pages next to the fresh ones go, so that all fresh ones lie at the end again. */
static size_t purge_aside(struct span *aside)
{
    lock_assert_none_held();
    size_t purged = 0;
    for (struct span *span = aside; span != NULL; span = next_aside(span)) {
        size_t kept = dirty_page_count(span) - pages_to_purge(span);
        os_memory_purge(span_start(span) + kept * PAGE_BYTES, pages_to_purge(span) * PAGE_BYTES);
        purged += pages_to_purge(span);
    }
    return purged;
}

static void put_back_locked(struct span *aside)
{
    lock_assert_held(&cache.lock);
    while (aside != NULL) {
        struct span *next = next_aside(aside);
        aside->fresh_page_count += pages_to_purge(aside);
        coalesce_locked(aside);
        aside = next;
    }
}

size_t page_cache_purge(size_t keep_bytes)
{
    size_t kept = keep_bytes / PAGE_BYTES;
    lock_acquire(&cache.lock);
    size_t count = cache.dirty_pages > kept ? cache.dirty_pages - kept : 0;
    struct span *aside = set_dirty_aside_locked(count);
    lock_release(&cache.lock);
    if (aside == NULL)
        return 0;
    size_t purged = purge_aside(aside);
    lock_acquire(&cache.lock);
    put_back_locked(aside);
    lock_release(&cache.lock);
    return purged * PAGE_BYTES;
}

/* --- How much stays dirty: I9 --- */

static size_t pages_in_use_locked(void)
{
    lock_assert_held(&cache.lock);
    return cache.mapped_pages - cache.free_pages;
}

static void note_use_locked(uint64_t now_ms)
{
    lock_assert_held(&cache.lock);
    size_t in_use = pages_in_use_locked();
    uint64_t age_ms = now_ms > cache.window_start_ms ? now_ms - cache.window_start_ms : 0;
    if (age_ms >= WINDOW_MS) {
        cache.most_in_use_before = age_ms < 2 * WINDOW_MS ? cache.most_in_use : in_use;
        cache.most_in_use = 0;
        cache.window_start_ms = now_ms;
    }
    if (cache.most_in_use < in_use)
        cache.most_in_use = in_use;
}

static size_t slack_beside(size_t in_use)
{
    return SLACK_PAGES + in_use / SLACK_SHARE;
}

/* How many dirty pages may stay, for the caller to purge the others when it has released the lock; or
 * KEEP_ALL. They go a good many at a time: none while they are within the slack, then all but half of
 * it. Time will tell, page_cache_tick, as long as they are more than the slack beside what is in use
 * now: that is all there will be when the windows have passed. */
static size_t pages_to_keep_locked(uint64_t now_ms)
{
    lock_assert_held(&cache.lock);
    note_use_locked(now_ms);
    size_t most =
        cache.most_in_use < cache.most_in_use_before ? cache.most_in_use_before : cache.most_in_use;
    size_t in_use = pages_in_use_locked();
    size_t slack = slack_beside(most);
    size_t kept = most - in_use;
    bool is_idle = cache.dirty_pages > slack_beside(in_use);
    uint64_t look_ms = is_idle ? cache.window_start_ms + WINDOW_MS : 0;
    atomic_store_explicit(&next_look_ms, look_ms, memory_order_relaxed);
    return cache.dirty_pages > kept + slack ? kept + slack / 2 : KEEP_ALL;
}

static void keep_pages(size_t page_count)
{
    if (page_count != KEEP_ALL)
        page_cache_purge(page_count * PAGE_BYTES);
}

/* --- Handing out and taking back --- */

/* What fits comes first, also where a region was mapped meanwhile: others may have given enough back. */
static struct span *alloc_span(size_t page_count, size_t alignment, unsigned class_id,
                               struct region *region)
{
    size_t keep = KEEP_ALL;
    uint64_t now_ms = os_memory_clock_ms();
    lock_acquire(&cache.lock);
    struct span *span = take_fit_locked(page_count, alignment);
    if (span == NULL && region->start != NULL)
        span = take_region_locked(region, page_count, alignment);
    if (span != NULL) {
        cache.allocs++;
        hand_out_locked(span, class_id);
        keep = pages_to_keep_locked(now_ms);
    }
    lock_release(&cache.lock);
    keep_pages(keep);
    return span;
}

/* Mapping takes long, so no lock is held meanwhile. A region that turns out not to be needed is unmapped
 * again: else as many would be kept as there are threads that found nothing at the same moment. */
struct span *page_cache_alloc(size_t page_count, size_t page_alignment, unsigned class_id)
{
    const size_t most = (size_t)PTRDIFF_MAX / PAGE_BYTES;
    if (page_count > most || page_alignment > most - page_count) {
        errno = ENOMEM;
        return NULL;
    }
    struct region region = {0};
    struct span *span = alloc_span(page_count, page_alignment, class_id, &region);
    if (span != NULL)
        return span;
    lock_assert_none_held();
    size_t least = PAGE_CACHE_GROW_BYTES / PAGE_BYTES;
    region.page_count = page_count + page_alignment - 1;
    if (region.page_count < least)
        region.page_count = least;
    region.start = os_memory_map(region.page_count * PAGE_BYTES, PAGE_BYTES);
    if (region.start == NULL)
        return NULL;
    span = alloc_span(page_count, page_alignment, class_id, &region);
    if (region.start != NULL)
        os_memory_unmap(region.start, region.page_count * PAGE_BYTES);
    return span;
}

/* I7: of a span that came back, only pages above the tail of small objects are still fresh. */
static size_t still_fresh(const struct span *span)
{
    if (span->state != SPAN_SMALL)
        return 0;
    uintptr_t first_untouched = (span->tail + PAGE_BYTES - 1) >> PAGE_SHIFT;
    size_t untouched = end_page(span) - first_untouched;
    return untouched < span->fresh_page_count ? untouched : span->fresh_page_count;
}

/* Whether the page map says of a span's ends what its record does: not, where that was overwritten. */
static bool agrees_with_map(const struct span *span)
{
    return span_at(span->first_page) == span && span_at(end_page(span) - 1) == span &&
           span_at(end_page(span)) != span;
}

/* A record is believed only after this. The lock is let go first: a handler of SIGABRT may allocate. */
static void check_in_use_locked(const struct span *span)
{
    lock_assert_held(&cache.lock);
    bool is_in_use = span->state == SPAN_SMALL || span->state == SPAN_LARGE;
    if (is_in_use && agrees_with_map(span))
        return;
    lock_release(&cache.lock);
    caller_bug(is_in_use ? CALLER_BUG_BROKEN_INVARIANT : CALLER_BUG_DOUBLE_FREE, span_start(span));
}

void page_cache_free(struct span *span)
{
    int saved_errno = errno;
    uint64_t now_ms = os_memory_clock_ms();
    lock_acquire(&cache.lock);
    check_in_use_locked(span);
    span->fresh_page_count = still_fresh(span);
    unmap_span(span);
    coalesce_locked(span);
    cache.frees++;
    size_t keep = pages_to_keep_locked(now_ms);
    lock_release(&cache.lock);
    keep_pages(keep);
    errno = saved_errno;
}

__attribute__((noinline, cold)) static void purge_if_time_is_up(uint64_t look_ms)
{
    uint64_t now_ms = os_memory_clock_ms();
    if (now_ms < look_ms)
        return;
    lock_acquire(&cache.lock);
    size_t keep = pages_to_keep_locked(now_ms);
    lock_release(&cache.lock);
    keep_pages(keep);
}

void page_cache_tick(void)
{
    uint64_t look_ms = atomic_load_explicit(&next_look_ms, memory_order_relaxed);
    if (__builtin_expect(look_ms != 0, 0))
        purge_if_time_is_up(look_ms);
}

/* --- Resizing in place --- */

static void shrink_locked(struct span *span, size_t page_count)
{
    lock_assert_held(&cache.lock);
    unmap_span(span);
    coalesce_locked(split_locked(span, page_count));
    map_ends(span, span);
}

static bool extend_locked(struct span *span, size_t page_count)
{
    lock_assert_held(&cache.lock);
    size_t more = page_count - span->page_count;
    const void *behind = span_start(span) + span_bytes(span);
    struct span *neighbour = page_map_span(behind);
    if (neighbour == NULL || neighbour->state != SPAN_FREE || neighbour->page_count < more)
        return false;
    (void)take_free_neighbour_locked(end_page(span));
    unmap_span(span);
    if (neighbour->page_count > more)
        coalesce_locked(split_locked(neighbour, more));
    (void)unite_locked(span, neighbour);
    map_ends(span, span);
    return true;
}

bool page_cache_resize(struct span *span, size_t page_count)
{
    if (page_count == span->page_count)
        return true;
    uint64_t now_ms = os_memory_clock_ms();
    lock_acquire(&cache.lock);
    check_in_use_locked(span);
    bool done = page_count != 0 && stock_records_locked();
    span->fresh_page_count = 0; /* the program may have written to all of it */
    if (done && page_count < span->page_count)
        shrink_locked(span, page_count);
    else if (done)
        done = extend_locked(span, page_count);
    size_t keep = pages_to_keep_locked(now_ms);
    lock_release(&cache.lock);
    keep_pages(keep);
    return done;
}

/* --- fork --- */

void page_cache_fork_prepare(void)
{
    lock_acquire_for_fork(&cache.lock, LOCK_RANK_PAGE_CACHE);
}

void page_cache_fork_parent(void)
{
    lock_release(&cache.lock);
}

void page_cache_fork_child(void)
{
    lock_release(&cache.lock);
}

/* --- Statistics and the check function --- */

void page_cache_stats(struct page_cache_stats *out)
{
    lock_acquire(&cache.lock);
    *out = (struct page_cache_stats){
        .allocs = cache.allocs,
        .frees = cache.frees,
        .grows = cache.grows,
        .mapped_bytes = cache.mapped_pages * PAGE_BYTES,
        .free_bytes = cache.free_pages * PAGE_BYTES,
        .dirty_bytes = cache.dirty_pages * PAGE_BYTES,
        .span_count = object_pool_live_count(&cache.records) - cache.spare_count,
        .lock_acquisitions = cache.lock.acquisitions,
        .lock_contended = cache.lock.contended,
    };
    lock_release(&cache.lock);
}

static bool check_is_free(uintptr_t page)
{
    const struct span *span = span_at(page);
    return span != NULL && span->state == SPAN_FREE;
}

struct check_totals {
    size_t pages;
    size_t dirty_pages;
};

static unsigned check_free_span(struct span *span, struct check_totals *totals)
{
    totals->pages += span->page_count;
    totals->dirty_pages += dirty_page_count(span);
    if (page_map_span(span_start(span)) != span ||
        page_map_span(span_start(span) + span_bytes(span) - 1) != span)
        return 2;
    if (span->state != SPAN_FREE || span->page_count == 0)
        return 6;
    if (check_is_free(span->first_page - 1) || check_is_free(end_page(span)))
        return 5;
    return span->fresh_page_count > span->page_count ? 7 : 0;
}

static unsigned check_bin(size_t bin, struct check_totals *totals)
{
    const struct span *list = &cache.bins[bin];
    bool filled = (cache.filled[bin / 64] >> bin % 64 & 1) != 0;
    if (filled == span_list_is_empty(list))
        return 6;
    for (struct span *span = span_list_first(list); span != NULL;
         span = span_list_next(list, span)) {
        unsigned broken = span->page_count == bin ? check_free_span(span, totals) : 6;
        if (broken != 0)
            return broken;
    }
    return 0;
}

static unsigned check_tree(struct span *node, struct check_totals *totals)
{
    if (node == NULL)
        return 0;
    unsigned broken = check_tree(span_tree_left(node), totals);
    if (broken == 0)
        broken = node->page_count > PAGE_CACHE_BIN_COUNT ? check_free_span(node, totals) : 6;
    return broken != 0 ? broken : check_tree(span_tree_right(node), totals);
}

static unsigned check_locked(void)
{
    lock_assert_held(&cache.lock);
    struct check_totals totals = {0};
    unsigned broken = check_tree(cache.tree, &totals);
    for (size_t bin = 1; bin <= PAGE_CACHE_BIN_COUNT && broken == 0; bin++)
        broken = check_bin(bin, &totals);
    if (broken != 0)
        return broken;
    if (totals.pages != cache.free_pages || totals.pages > cache.mapped_pages)
        return 4;
    return totals.dirty_pages == cache.dirty_pages ? 0 : 7;
}

unsigned page_cache_check(void)
{
    lock_acquire(&cache.lock);
    unsigned broken = check_locked();
    lock_release(&cache.lock);
    return broken;
}

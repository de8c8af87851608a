/* page_cache, another design: one ordered tree for all free spans, whatever their length.
 *
 * No bins, no bitmap: the best fit is one walk down the tree (common/span_tree.h), O(log n) where a bin
 * is O(1). And no windows of time: when more than a bound is free and dirty after a free, all but half
 * of the bound is purged. */
#include "stage4_pagecache/page_cache.h"

#include <errno.h>

#include "common/caller_bug.h"
#include "common/lock.h"
#include "common/os_memory.h"
#include "common/span_tree.h"
#include "stage1_objectpool/object_pool.h"
#include "stage4_pagecache/page_map.h"

enum { MOST_NEW_RECORDS = 2, LEAST_BOUND_PAGES = 16384 / 8, BOUND_SHARE = 8 };

static struct {
    struct lock lock;
    struct span *tree; /* of all free spans, by page count and address */
    struct object_pool records;
    struct span stock; /* list of records in reserve, so that no operation fails half way */
    size_t stock_count;
    bool is_ready;
    size_t mapped_pages;
    size_t free_pages;
    size_t dirty_pages; /* free and written to */
    size_t allocs;
    size_t frees;
    size_t grows;
} cache;

static uintptr_t end_page(const struct span *span)
{
    return span->first_page + span->page_count;
}

static size_t dirty_page_count(const struct span *span)
{
    return span->page_count - span->fresh_page_count;
}

/* --- Records --- */

static bool stock_up_locked(void)
{
    lock_assert_held(&cache.lock);
    if (!cache.is_ready)
        cache.is_ready = object_pool_init(&cache.records, sizeof(struct span), sizeof(void *));
    while (cache.stock_count < MOST_NEW_RECORDS) {
        struct span *record = object_pool_alloc(&cache.records);
        if (record == NULL)
            return false;
        *record = (struct span){0};
        span_list_push(&cache.stock, record);
        cache.stock_count++;
    }
    return true;
}

static struct span *new_record_locked(uintptr_t first_page, size_t page_count, size_t fresh_count)
{
    lock_assert_held(&cache.lock);
    struct span *span = span_list_first(&cache.stock);
    span_list_remove(span);
    cache.stock_count--;
    span->first_page = first_page;
    span->page_count = page_count;
    span->fresh_page_count = fresh_count;
    return span;
}

/* --- Free spans --- */

static void put_in_locked(struct span *span)
{
    lock_assert_held(&cache.lock);
    cache.free_pages += span->page_count;
    cache.dirty_pages += dirty_page_count(span);
    span_tree_insert(&cache.tree, span);
}

static void take_out_locked(struct span *span)
{
    lock_assert_held(&cache.lock);
    cache.free_pages -= span->page_count;
    cache.dirty_pages -= dirty_page_count(span);
    span_tree_remove(&cache.tree, span);
}

static struct span *best_fit_locked(size_t page_count)
{
    lock_assert_held(&cache.lock);
    return span_tree_best_fit(cache.tree, page_count);
}

static struct span *longest_dirty(struct span *node)
{
    struct span *found = node == NULL ? NULL : longest_dirty(span_tree_right(node));
    if (node == NULL || found != NULL)
        return found;
    return dirty_page_count(node) != 0 ? node : longest_dirty(span_tree_left(node));
}

static struct span *longest_dirty_locked(void)
{
    lock_assert_held(&cache.lock);
    return longest_dirty(cache.tree);
}

/* --- Page map --- */

static void map_ends(const struct span *span, struct span *to)
{
    page_map_set(span->first_page, 1, to, 0);
    page_map_set(end_page(span) - 1, 1, to, 0);
}

static void forget(const struct span *span)
{
    if (span->state == SPAN_SMALL)
        page_map_set(span->first_page, span->page_count, NULL, 0);
    else
        map_ends(span, NULL);
}

/* --- Cutting and uniting --- */

/* Cut `span` after `page_count` pages; returns the rest. The fresh pages are the last ones. */
static struct span *cut_locked(struct span *span, size_t page_count)
{
    lock_assert_held(&cache.lock);
    size_t rest_count = span->page_count - page_count;
    size_t rest_fresh = span->fresh_page_count < rest_count ? span->fresh_page_count : rest_count;
    span->page_count = page_count;
    span->fresh_page_count -= rest_fresh;
    return new_record_locked(span->first_page + page_count, rest_count, rest_fresh);
}

static void unite_locked(struct span *low, struct span *high)
{
    lock_assert_held(&cache.lock);
    if (dirty_page_count(high) != 0)
        low->fresh_page_count = 0;
    low->fresh_page_count += high->fresh_page_count;
    low->page_count += high->page_count;
    high->state = SPAN_UNUSED;
    object_pool_free(&cache.records, high);
}

static struct span *take_free_at_locked(uintptr_t page)
{
    lock_assert_held(&cache.lock);
    struct span *span = page_map_span((const void *)(page << PAGE_SHIFT));
    if (span == NULL || span->state != SPAN_FREE)
        return NULL;
    take_out_locked(span);
    map_ends(span, NULL);
    return span;
}

/* `span` is known to nobody: unite it with its free neighbours and put it among the free ones. */
static void give_locked(struct span *span)
{
    lock_assert_held(&cache.lock);
    struct span *low = take_free_at_locked(span->first_page - 1);
    struct span *high = take_free_at_locked(end_page(span));
    if (high != NULL)
        unite_locked(span, high);
    if (low != NULL) {
        unite_locked(low, span);
        span = low;
    }
    span->state = SPAN_FREE;
    span->class_id = 0;
    map_ends(span, span);
    put_in_locked(span);
}

/* --- Growing --- */

/* With no lock held. Returns whether it is worth looking again. */
static bool grow(size_t page_count)
{
    size_t least = PAGE_CACHE_GROW_BYTES / PAGE_BYTES;
    size_t count = page_count < least ? least : page_count;
    lock_assert_none_held();
    void *region = os_memory_map(count * PAGE_BYTES, PAGE_BYTES);
    if (region == NULL)
        return false;
    lock_acquire(&cache.lock);
    bool is_there = best_fit_locked(page_count) != NULL; /* others were faster */
    bool is_added = !is_there && stock_up_locked() && page_map_reserve(page_of(region), count);
    if (is_added) {
        cache.mapped_pages += count;
        cache.grows++;
        give_locked(new_record_locked(page_of(region), count, count));
    }
    lock_release(&cache.lock);
    if (!is_added)
        os_memory_unmap(region, count * PAGE_BYTES);
    return is_there || is_added;
}

/* --- Handing out --- */

static struct span *take_locked(size_t page_count, size_t alignment)
{
    lock_assert_held(&cache.lock);
    if (!stock_up_locked())
        return NULL;
    struct span *span = best_fit_locked(page_count + alignment - 1);
    if (span == NULL)
        return NULL;
    take_out_locked(span);
    map_ends(span, NULL);
    size_t before = -span->first_page & (alignment - 1);
    struct span *wanted = before == 0 ? span : cut_locked(span, before);
    if (wanted->page_count > page_count)
        give_locked(cut_locked(wanted, page_count));
    if (before != 0)
        give_locked(span);
    return wanted;
}

static void dress_locked(struct span *span, unsigned class_id)
{
    lock_assert_held(&cache.lock);
    *span = (struct span){
        .first_page = span->first_page,
        .page_count = span->page_count,
        .fresh_page_count = span->fresh_page_count,
        .state = class_id == 0 ? SPAN_LARGE : SPAN_SMALL,
        .class_id = (unsigned char)class_id,
        .tail = (uintptr_t)span_start(span),
    };
    if (class_id == 0)
        map_ends(span, span);
    else
        page_map_set(span->first_page, span->page_count, span, class_id);
}

struct span *page_cache_alloc(size_t page_count, size_t page_alignment, unsigned class_id)
{
    const size_t most = (size_t)PTRDIFF_MAX / PAGE_BYTES;
    if (page_count > most || page_alignment > most - page_count) {
        errno = ENOMEM;
        return NULL;
    }
    for (;;) {
        lock_acquire(&cache.lock);
        bool can_go_on = stock_up_locked();
        struct span *span = take_locked(page_count, page_alignment);
        if (span != NULL) {
            cache.allocs++;
            dress_locked(span, class_id);
        }
        lock_release(&cache.lock);
        if (span != NULL || !can_go_on || !grow(page_count + page_alignment - 1))
            return span;
    }
}

/* --- Taking back --- */

static size_t still_fresh(const struct span *span)
{
    if (span->state != SPAN_SMALL)
        return 0;
    size_t untouched = end_page(span) - ((span->tail + PAGE_BYTES - 1) >> PAGE_SHIFT);
    return untouched < span->fresh_page_count ? untouched : span->fresh_page_count;
}

static void keep_within_bound(void)
{
    lock_acquire(&cache.lock);
    size_t in_use = cache.mapped_pages - cache.free_pages;
    size_t bound = LEAST_BOUND_PAGES + in_use / BOUND_SHARE;
    bool is_too_much = cache.dirty_pages > bound;
    lock_release(&cache.lock);
    if (is_too_much)
        (void)page_cache_purge(bound / 2 * PAGE_BYTES);
}

void page_cache_free(struct span *span)
{
    int saved_errno = errno;
    lock_acquire(&cache.lock);
    if (span->state != SPAN_SMALL && span->state != SPAN_LARGE) {
        lock_release(&cache.lock);
        caller_bug(CALLER_BUG_DOUBLE_FREE, span_start(span));
    }
    span->fresh_page_count = still_fresh(span);
    forget(span);
    give_locked(span);
    cache.frees++;
    lock_release(&cache.lock);
    keep_within_bound();
    errno = saved_errno;
}

bool page_cache_resize(struct span *span, size_t page_count)
{
    if (page_count == span->page_count)
        return true;
    lock_acquire(&cache.lock);
    bool done = page_count != 0 && stock_up_locked();
    size_t more = page_count > span->page_count ? page_count - span->page_count : 0;
    struct span *behind = more == 0 ? NULL : page_map_span(span_start(span) + span_bytes(span));
    if (more != 0 && (behind == NULL || behind->state != SPAN_FREE || behind->page_count < more))
        done = false;
    span->fresh_page_count = 0;
    if (done)
        map_ends(span, NULL);
    if (done && more == 0)
        give_locked(cut_locked(span, page_count));
    if (done && more != 0) {
        (void)take_free_at_locked(behind->first_page);
        if (behind->page_count > more)
            give_locked(cut_locked(behind, more));
        unite_locked(span, behind);
    }
    if (done)
        map_ends(span, span);
    lock_release(&cache.lock);
    keep_within_bound();
    return done;
}

/* --- Purging --- */

/* Take the longest dirty spans out, as if they were in use, until so few dirty pages are left; chained
 * by a private word. The other one says how many pages of it are to go, the last dirty ones. */
static struct span *set_aside_locked(size_t keep_pages)
{
    lock_assert_held(&cache.lock);
    struct span *aside = NULL;
    size_t dirty = cache.dirty_pages;
    while (dirty > keep_pages) {
        struct span *span = longest_dirty_locked();
        size_t count = dirty_page_count(span);
        count = count < dirty - keep_pages ? count : dirty - keep_pages;
        dirty -= count;
        take_out_locked(span);
        map_ends(span, NULL);
        span->state = SPAN_LARGE;
        span->private_words[0] = (uintptr_t)aside;
        span->private_words[1] = count;
        aside = span;
    }
    return aside;
}

size_t page_cache_purge(size_t keep_bytes)
{
    size_t purged = 0;
    lock_acquire(&cache.lock);
    struct span *aside = set_aside_locked(keep_bytes / PAGE_BYTES);
    lock_release(&cache.lock);

    for (struct span *span = aside; span != NULL; span = (struct span *)span->private_words[0]) {
        size_t bytes = span->private_words[1] * PAGE_BYTES;
        os_memory_purge(span_start(span) + dirty_page_count(span) * PAGE_BYTES - bytes, bytes);
        purged += bytes;
    }

    lock_acquire(&cache.lock);
    while (aside != NULL) {
        struct span *next = (struct span *)aside->private_words[0];
        aside->fresh_page_count += aside->private_words[1];
        give_locked(aside);
        aside = next;
    }
    lock_release(&cache.lock);
    return purged;
}

/* Nothing here depends on time. */
void page_cache_tick(void)
{
}

/* --- fork, statistics, check --- */

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
        .span_count = object_pool_live_count(&cache.records) - cache.stock_count,
        .lock_acquisitions = cache.lock.acquisitions,
        .lock_contended = cache.lock.contended,
    };
    lock_release(&cache.lock);
}

static bool is_free_at(uintptr_t page)
{
    const struct span *span = page_map_span((const void *)(page << PAGE_SHIFT));
    return span != NULL && span->state == SPAN_FREE;
}

static unsigned check_span(const struct span *span)
{
    if (page_map_span(span_start(span)) != span ||
        page_map_span(span_start(span) + span_bytes(span) - 1) != span)
        return 2;
    if (span->state != SPAN_FREE)
        return 6;
    return is_free_at(span->first_page - 1) || is_free_at(end_page(span)) ? 5 : 0;
}

static unsigned check_tree(const struct span *node, size_t *pages, size_t *dirty)
{
    if (node == NULL)
        return 0;
    unsigned broken = check_span(node);
    *pages += node->page_count;
    *dirty += dirty_page_count(node);
    if (broken == 0)
        broken = check_tree(span_tree_left(node), pages, dirty);
    return broken != 0 ? broken : check_tree(span_tree_right(node), pages, dirty);
}

unsigned page_cache_check(void)
{
    size_t pages = 0;
    size_t dirty = 0;
    lock_acquire(&cache.lock);
    unsigned broken = check_tree(cache.tree, &pages, &dirty);
    if (broken == 0 && (pages != cache.free_pages || pages > cache.mapped_pages))
        broken = 4;
    if (broken == 0 && dirty != cache.dirty_pages)
        broken = 7;
    lock_release(&cache.lock);
    return broken;
}

/* page_cache for tests: hands out places of the arena and checks what comes back; see
 * page_cache_standin.h for what that finds.
 *
 * The record of place i is records[i]. What a place is, the stand-in keeps for itself: a record is
 * the layer's to spoil. One plain mutex guards everything. */
#include "stage4_pagecache/page_cache.h"

#include <errno.h>
#include <pthread.h>
#include <string.h>

#include "common/lock.h"
#include "common/testing/test.h"
#include "stage2_threadcache/size_class.h"
#include "stage3_centralcache/standin/arena.h"
#include "stage3_centralcache/standin/page_cache_standin.h"
#include "stage3_centralcache/standin/record_watch.h"
#include "stage4_pagecache/page_map.h"

enum { DEAD_BYTE = 0xdb /* fills a record that went down */ };

static struct {
    pthread_mutex_t mutex;
    struct span *records; /* on pages of their own */
    size_t fail_in;
    bool fail_all;
    bool reuses_places;
    struct page_standin_counts counts;
    void (*on_alloc)(void);
    void (*on_free)(void);
} state = {.mutex = PTHREAD_MUTEX_INITIALIZER};

/* A multiple of every page size there is. */
static const size_t records_bytes =
    (ARENA_MOST_PLACES * sizeof(struct span) / 65536 + 1) * (size_t)65536;

/* --- Handing out --- */

static struct span *hand_out_locked(size_t page_count, size_t alignment, unsigned class_id)
{
    if (state.records == NULL)
        state.records = arena_map(records_bytes);
    struct place *place = arena_take(page_count, alignment, state.reuses_places);
    CHECK(place != NULL, "the layer holds %zu spans of %zu pages in all: the stand-in has no more",
          state.counts.spans_out, state.counts.pages_out);
    place->class_id = class_id;
    struct span *span = &state.records[arena_index(place)];
    record_watch_allow(span, sizeof *span);
    arena_show(span, sizeof *span);
    *span = (struct span){
        .first_page = place->first_page,
        .page_count = page_count,
        .fresh_page_count = state.reuses_places ? 0 : page_count - 1,
        .state = class_id == 0 ? SPAN_LARGE : SPAN_SMALL,
        .class_id = (unsigned char)class_id,
        .tail = (uintptr_t)place_start(place),
    };
    page_map_set(place->first_page, class_id == 0 ? 1 : page_count, span, class_id);
    page_map_set(place->first_page + page_count - 1, 1, span, class_id);
    return span;
}

static void count_alloc_locked(size_t page_count)
{
    state.counts.allocs++;
    state.counts.spans_out++;
    state.counts.pages_out += page_count;
    if (state.counts.pages_out > state.counts.peak_pages)
        state.counts.peak_pages = state.counts.pages_out;
}

/* --- Checking what comes back --- */

static struct place *place_of_locked(const struct span *span)
{
    uintptr_t offset = (uintptr_t)span - (uintptr_t)state.records;
    struct place *place = arena_place(offset / sizeof *span);
    CHECK(place != NULL && offset % sizeof *span == 0, "page_cache_free(%p): no record of a span",
          (const void *)span);
    CHECK(place->is_out, "page_cache_free(%p): this span went down already", (const void *)span);
    return place;
}

/* The page cache takes whole pages above `tail` for pages never written to. */
static void check_tail(const struct span *span, const struct place *place)
{
    uintptr_t start = (uintptr_t)place_start(place);
    uintptr_t end = (uintptr_t)place_end(place);
    uintptr_t first_untouched = (span->tail + PAGE_BYTES - 1) & ~(uintptr_t)(PAGE_BYTES - 1);
    CHECK(span->tail >= start && span->tail <= end,
          "page_cache_free: the tail of the span [%#zx, %#zx) lies outside of it, at %#zx",
          (size_t)start, (size_t)end, (size_t)span->tail);
    CHECK(state.reuses_places || arena_is_untouched(place, first_untouched),
          "page_cache_free: pages above the tail of the span, %#zx, were written to",
          (size_t)span->tail);
}

static void check_span(const struct span *span, const struct place *place)
{
    CHECK(span->first_page == place->first_page && span->page_count == place->page_count &&
              span->class_id == place->class_id &&
              span->state == (place->class_id == 0 ? SPAN_LARGE : SPAN_SMALL),
          "page_cache_free(%p): the owner of a span changed a field that is the page cache's",
          (const void *)span);
    CHECK(span->live_count == 0, "a span of class %u went down with a live count of %u",
          place->class_id, (unsigned)span->live_count);
    arena_check_guard(place);
    if (span->state == SPAN_SMALL)
        check_tail(span, place);
}

static void take_back_locked(struct span *span)
{
    struct place *place = place_of_locked(span);
    record_watch_allow(span, sizeof *span);
    check_span(span, place);
    page_map_set(place->first_page, place->page_count, NULL, 0);
    arena_give_back(place, state.reuses_places);
    memset(span, DEAD_BYTE, sizeof *span);
    arena_hide(span, sizeof *span);
    state.counts.frees++;
    state.counts.spans_out--;
    state.counts.pages_out -= place->page_count;
}

/* --- page_cache.h --- */

static void run_hook(void (**hook)(void))
{
    pthread_mutex_lock(&state.mutex);
    state.counts.locked_calls += lock_held_count() != 0;
    void (*now)(void) = *hook;
    *hook = NULL;
    pthread_mutex_unlock(&state.mutex);
    if (now != NULL)
        now();
}

static bool fails_now_locked(void)
{
    return state.fail_all || (state.fail_in != 0 && --state.fail_in == 0);
}

struct span *page_cache_alloc(size_t page_count, size_t page_alignment, unsigned class_id)
{
    CHECK(page_count != 0 && page_count < ARENA_PAGES && page_alignment != 0 &&
              (page_alignment & (page_alignment - 1)) == 0 && class_id < SIZE_CLASS_COUNT,
          "page_cache_alloc(%zu pages, alignment %zu, class %u): there is no such span", page_count,
          page_alignment, class_id);
    run_hook(&state.on_alloc);
    pthread_mutex_lock(&state.mutex);
    struct span *span = NULL;
    if (!fails_now_locked()) {
        span = hand_out_locked(page_count, page_alignment, class_id);
        count_alloc_locked(page_count);
    }
    pthread_mutex_unlock(&state.mutex);
    if (span == NULL)
        errno = ENOMEM;
    return span;
}

void page_cache_free(struct span *span)
{
    int saved_errno = errno;
    run_hook(&state.on_free);
    pthread_mutex_lock(&state.mutex);
    take_back_locked(span);
    pthread_mutex_unlock(&state.mutex);
    errno = saved_errno;
}

bool page_cache_resize(struct span *span, size_t page_count)
{
    return span->page_count == page_count;
}

size_t page_cache_purge(size_t keep_bytes)
{
    (void)keep_bytes;
    return 0;
}

void page_cache_stats(struct page_cache_stats *out)
{
    struct page_standin_counts counts = page_standin_counts();
    *out = (struct page_cache_stats){.allocs = counts.allocs,
                                     .frees = counts.frees,
                                     .mapped_bytes = counts.pages_out * PAGE_BYTES,
                                     .span_count = counts.spans_out};
}

void page_cache_fork_prepare(void)
{
}

void page_cache_fork_parent(void)
{
}

void page_cache_fork_child(void)
{
}

unsigned page_cache_check(void)
{
    page_standin_check_guards();
    return 0;
}

/* --- For the tests --- */

struct page_standin_counts page_standin_counts(void)
{
    pthread_mutex_lock(&state.mutex);
    struct page_standin_counts counts = state.counts;
    pthread_mutex_unlock(&state.mutex);
    return counts;
}

void page_standin_fail_alloc(size_t nth)
{
    state.fail_in = nth;
}

void page_standin_fail_all_allocs(bool fail)
{
    state.fail_all = fail;
}

void page_standin_reuse_places(bool reuse)
{
    state.reuses_places = reuse;
}

void page_standin_on_alloc(void (*hook)(void))
{
    state.on_alloc = hook;
}

void page_standin_on_free(void (*hook)(void))
{
    state.on_free = hook;
}

/* The place of a live object does not change, so its holder may look without the mutex. */
bool page_standin_covers(const void *start, size_t bytes, unsigned class_id)
{
    const struct span *span = page_map_span(start);
    if (span == NULL)
        return false;
    const struct place *place = arena_place((size_t)(span - state.records));
    return place->is_out && place->class_id == class_id &&
           bytes <= (size_t)(place_end(place) - (const char *)start);
}

void page_standin_check_guards(void)
{
    pthread_mutex_lock(&state.mutex);
    for (size_t i = 0; arena_place(i) != NULL; i++)
        if (arena_place(i)->is_out)
            arena_check_guard(arena_place(i));
    pthread_mutex_unlock(&state.mutex);
}

struct span *page_standin_make_large(size_t page_count)
{
    pthread_mutex_lock(&state.mutex);
    struct span *span = hand_out_locked(page_count, 1, 0);
    count_alloc_locked(page_count);
    pthread_mutex_unlock(&state.mutex);
    return span;
}

void page_standin_watch_records(void)
{
    record_watch_start(state.records, records_bytes);
}

size_t page_standin_stop_watching(void)
{
    return record_watch_stop();
}

/* Time stands still here. */
void page_cache_tick(void)
{
    pthread_mutex_lock(&state.mutex);
    state.counts.ticks++;
    state.counts.locked_calls += lock_held_count() != 0;
    pthread_mutex_unlock(&state.mutex);
}

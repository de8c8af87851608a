/* page_cache_support: see page_cache_support.h. */
#include "stage4_pagecache/tests/page_cache_support.h"

#include <errno.h>

struct live_span live_spans[MOST_LIVE];
size_t live_count;

uintptr_t end_of(const struct span *span)
{
    return span->first_page + span->page_count;
}

static uint64_t *first_word(uintptr_t page)
{
    return (uint64_t *)(page << PAGE_SHIFT);
}

static uint64_t *last_word(uintptr_t page)
{
    return (uint64_t *)((page + 1) << PAGE_SHIFT) - 1;
}

/* --- What the contract says --- */

static void check_page(uintptr_t page, const struct span *span, unsigned class_id)
{
    const struct span *got = page_map_span(first_word(page));
    CHECK(got == span, "page_map_span of page %#zx: expected %p, got %p", (size_t)page,
          (const void *)span, (const void *)got);
    unsigned got_class = page_map_class(last_word(page));
    CHECK(got_class == class_id, "page_map_class of page %#zx: expected %u, got %u", (size_t)page,
          class_id, got_class);
}

void check_page_map(const struct span *span)
{
    bool is_small = span->class_id != 0;
    for (uintptr_t page = span->first_page; page < end_of(span); page++) {
        bool is_end = page == span->first_page || page == end_of(span) - 1;
        check_page(page, is_small || is_end ? span : NULL, span->class_id);
    }
}

void check_fresh(const struct span *span)
{
    CHECK_AT_MOST(span->fresh_page_count, span->page_count, "fresh pages of a span");
    for (uintptr_t page = end_of(span) - span->fresh_page_count; page < end_of(span); page++)
        CHECK(*first_word(page) == 0 && *last_word(page) == 0,
              "the span has %zu pages, the last %zu of them fresh; but page %zu does not read as "
              "zero",
              span->page_count, span->fresh_page_count, (size_t)(page - span->first_page));
}

static void check_record(const struct span *span, unsigned class_id)
{
    CHECK_EQUAL(span->class_id, class_id, "class_id of the span");
    CHECK_EQUAL(span->state, class_id == 0 ? SPAN_LARGE : SPAN_SMALL, "state of the span");
    CHECK_EQUAL(span->live_count, 0, "live_count of the span");
    CHECK(span->free_objects.head == NULL && span->free_objects.count == 0,
          "a span comes with no free objects; this one has %zu", span->free_objects.count);
    CHECK(span->tail == (uintptr_t)span_start(span), "expected the tail at the start %p, got %p",
          (void *)span_start(span), (void *)span->tail);
    for (size_t i = 0; i < sizeof span->private_words / sizeof *span->private_words; i++)
        CHECK_EQUAL(span->private_words[i], 0, "a private word of the span");
}

void check_handed_out(const struct span *span, size_t page_count, size_t page_alignment,
                      unsigned class_id)
{
    CHECK_EQUAL(span->page_count, page_count, "pages of the span");
    CHECK((span->first_page & (page_alignment - 1)) == 0,
          "expected the first page at a multiple of %zu pages, got page %#zx", page_alignment,
          (size_t)span->first_page);
    CHECK(os_standin_covers(span_start(span), PAGE_BYTES) &&
              os_standin_covers(first_word(end_of(span) - 1), PAGE_BYTES),
          "the span of %zu pages at %p does not lie in mapped memory", page_count,
          (void *)span_start(span));
    check_record(span, class_id);
    check_page_map(span);
    check_fresh(span);
}

void check_pages_forgotten(uintptr_t first_page, size_t page_count)
{
    for (uintptr_t page = first_page; page < first_page + page_count; page++) {
        const struct span *span = page_map_span(first_word(page));
        CHECK(span == NULL ||
                  (span->state == SPAN_FREE && page - span->first_page < span->page_count),
              "page %#zx was given back, but maps to a span that is not free or does not cover it",
              (size_t)page);
        CHECK_EQUAL(page_map_class(first_word(page)), 0, "class of a page that was given back");
    }
}

struct span *take_aligned(size_t page_count, size_t page_alignment, unsigned class_id)
{
    struct span *span = page_cache_alloc(page_count, page_alignment, class_id);
    CHECK(span != NULL, "page_cache_alloc(%zu pages, alignment %zu, class %u): got NULL",
          page_count, page_alignment, class_id);
    check_handed_out(span, page_count, page_alignment, class_id);
    return span;
}

struct span *take(size_t page_count, unsigned class_id)
{
    return take_aligned(page_count, 1, class_id);
}

/* --- Stamps --- */

/* Never zero, and different for each page. */
static uint64_t word_of(uint64_t value, size_t at)
{
    return (value << 32 | at) + 1;
}

void stamp(struct span *span, uint64_t value)
{
    for (size_t at = 0; at < span->page_count; at++) {
        *first_word(span->first_page + at) = word_of(value, at);
        *last_word(span->first_page + at) = word_of(value, at);
    }
    if (span->class_id != 0)
        span->tail = (uintptr_t)span_start(span) + span_bytes(span);
}

void check_stamp_of(const struct span *span, size_t page_count, uint64_t value)
{
    for (size_t at = 0; at < page_count; at++) {
        uintptr_t page = span->first_page + at;
        CHECK(*first_word(page) == word_of(value, at) && *last_word(page) == word_of(value, at),
              "page %zu of a live span of %zu pages, at %p, was overwritten", at, span->page_count,
              (void *)span_start(span));
    }
}

void check_stamp(const struct span *span, uint64_t value)
{
    check_stamp_of(span, span->page_count, value);
}

size_t stamped_page_count(uintptr_t first_page, size_t page_count)
{
    size_t stamped = 0;
    for (uintptr_t page = first_page; page < first_page + page_count; page++)
        if (os_standin_covers(first_word(page), PAGE_BYTES))
            stamped += *last_word(page) != 0;
    return stamped;
}

/* --- Live spans --- */

static void check_apart(const struct span *a, const struct span *b)
{
    CHECK(end_of(a) <= b->first_page || end_of(b) <= a->first_page,
          "two live spans overlap: %zu pages at %p and %zu pages at %p", a->page_count,
          (void *)span_start(a), b->page_count, (void *)span_start(b));
}

void add_live(struct span *span)
{
    static uint64_t next_value = 1;
    CHECK(live_count < MOST_LIVE, "the test keeps more than %d spans", MOST_LIVE);
    for (size_t i = 0; i < live_count; i++)
        check_apart(span, live_spans[i].span);
    live_spans[live_count++] = (struct live_span){span, next_value};
    stamp(span, next_value++);
}

void check_live(size_t place)
{
    const struct live_span *live = &live_spans[place];
    check_stamp(live->span, live->value);
    check_page_map(live->span);
}

void check_all_live(void)
{
    for (size_t place = 0; place < live_count; place++)
        check_live(place);
}

void free_live(size_t place)
{
    check_live(place);
    struct span *span = live_spans[place].span;
    live_spans[place] = live_spans[--live_count];
    uintptr_t first_page = span->first_page;
    size_t page_count = span->page_count;
    page_cache_free(span);
    check_pages_forgotten(first_page, page_count);
}

void free_all_live(void)
{
    while (live_count != 0)
        free_live(live_count - 1);
}

size_t mapped_bytes(void)
{
    struct os_memory_stats stats;
    os_memory_stats(&stats);
    return stats.mapped_bytes;
}

/* --- Places that were written to --- */

struct place places[MOST_PLACES];
size_t place_count;

void take_and_stamp(size_t page_count, unsigned class_id)
{
    struct span *span = take(page_count, class_id);
    CHECK(place_count < MOST_PLACES, "the test takes too many spans");
    places[place_count++] = (struct place){span->first_page, page_count};
    add_live(span);
}

size_t dirty_pages(void)
{
    size_t dirty = 0;
    for (size_t i = 0; i < place_count; i++)
        dirty += stamped_page_count(places[i].first_page, places[i].page_count);
    return dirty;
}

void let_idle_time_pass(void (*look)(void))
{
    for (size_t i = 0; i < IDLE_LOOKS; i++) {
        os_standin_pass_time(PAGE_CACHE_IDLE_MS / IDLE_LOOKS + 1);
        look();
    }
}

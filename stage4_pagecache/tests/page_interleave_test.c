/* Page map and page cache under chosen interleavings: leaves that are published while others read, and
 * spans that are split, coalesced, resized and purged while others take them. */
#include "common/testing/interleave/interleave.h"
#include "common/testing/property/property.h"
#include "common/testing/property/shadow.h"
#include "stage4_pagecache/tests/page_cache_support.h"

static struct shadow shadow;

/* --- Page map: who reads takes no lock --- */

static struct span made_up;
static const uintptr_t first_page = 5 * ((uintptr_t)1 << 18) - 1; /* two leaves */

static void publish_or_read(unsigned index, void *unused)
{
    (void)unused;
    if (index == 0) {
        CHECK(page_map_reserve(first_page, 2), "page_map_reserve: got false");
        page_map_set(first_page, 2, &made_up, 7);
        return;
    }
    for (uintptr_t page = first_page; page < first_page + 2; page++) {
        const void *address = (const void *)(page << PAGE_SHIFT);
        const struct span *span = page_map_span(address);
        unsigned class_id = page_map_class(address);
        CHECK(span == NULL || span == &made_up, "page_map_span: got %p, which nobody set",
              (const void *)span);
        CHECK(class_id == 0 || class_id == 7, "page_map_class: got %u, which nobody set", class_id);
    }
}

TEST(page_map_interleave, is_read_while_leaves_are_added, .points = 0, .invariant = "I3",
     .section = "4.1",
     .hint =
         "A leaf is filled before it is published; entries are atomic, since any address may be "
         "asked at any time.")
{
    test_run_threads(3, publish_or_read, NULL);
    CHECK(page_map_span((const void *)(first_page << PAGE_SHIFT)) == &made_up,
          "what was set is not there after all threads have ended");
}

/* --- Page cache --- */

static struct span *take_noted(size_t page_count, unsigned class_id)
{
    struct span *span = page_cache_alloc(page_count, 1, class_id);
    CHECK(span != NULL, "page_cache_alloc(%zu pages): got NULL", page_count);
    CHECK_EQUAL(span->page_count, page_count, "pages of the span");
    check_fresh(span);
    PROPERTY_CHECK(shadow_add(&shadow, span_start(span), span_bytes(span), PAGE_BYTES));
    if (class_id != 0)
        span->tail = (uintptr_t)span_start(span) + span_bytes(span);
    return span;
}

static void give_noted(struct span *span)
{
    PROPERTY_CHECK(shadow_remove(&shadow, span_start(span)));
    page_cache_free(span);
}

/* All is free again and united: what fitted once fits again. */
static void check_is_whole(size_t page_count)
{
    size_t mapped_before = mapped_bytes();
    struct span *whole = page_cache_alloc(page_count, 1, 0);
    CHECK(whole != NULL, "page_cache_alloc: got NULL");
    CHECK_AT_MOST(mapped_bytes(), mapped_before, "bytes mapped though all spans are free");
    page_cache_free(whole);
}

static void take_and_give(unsigned index, void *unused)
{
    (void)unused;
    struct span *first = take_noted(3 + index, 0);
    struct span *second = take_noted(1, 5);
    give_noted(first);
    give_noted(second);
}

TEST(page_cache_interleave, grows_once_for_all, .points = 0, .invariant = "I4", .section = "4.3",
     .hint =
         "The lock is released while a region is mapped: look again afterwards, others may have "
         "mapped one too.")
{
    test_run_threads(3, take_and_give, NULL);
    check_is_whole(PAGE_CACHE_GROW_BYTES / PAGE_BYTES);
}

static void purge_or_work(unsigned index, void *unused)
{
    (void)unused;
    if (index == 0) {
        (void)page_cache_purge(0);
        interleave_say("has purged");
        return;
    }
    struct span *span = take_noted(8, 0);
    /* What is cut off may be another thread's before the call returns. */
    PROPERTY_CHECK(shadow_resize(&shadow, span_start(span), (size_t)4 * PAGE_BYTES,
                                 span_start(span), (size_t)4 * PAGE_BYTES, PAGE_BYTES));
    CHECK(page_cache_resize(span, 4), "a span can always be made shorter");
    give_noted(span);
}

TEST(page_cache_interleave, purges_while_others_take, .points = 0, .invariant = "I5",
     .section = "4.6",
     .hint = "What is being purged must not be found by anybody: not in a bin, and not by a "
             "neighbour that asks the page map.")
{
    enum { REGION_PAGES = PAGE_CACHE_GROW_BYTES / PAGE_BYTES };
    page_cache_free(take(REGION_PAGES, 0));
    test_run_threads(3, purge_or_work, NULL);
    PROPERTY_CHECK(shadow_check(&shadow));
    check_is_whole(REGION_PAGES);
}

static void tick_or_work(unsigned index, void *unused)
{
    (void)unused;
    for (int round = 0; round < 2; round++) {
        if (index == 0) {
            os_standin_pass_time(2 * PAGE_CACHE_IDLE_MS);
            page_cache_tick();
        } else {
            give_noted(take_noted(8 + index, 0));
        }
    }
}

TEST(page_cache_interleave, lets_time_pass_while_others_take, .points = 0, .invariant = "I9",
     .section = "4.6", .hint = "Whoever notices that time is up purges as page_cache_purge does.")
{
    enum { REGION_PAGES = PAGE_CACHE_GROW_BYTES / PAGE_BYTES };
    struct span *region = take(REGION_PAGES, 0);
    stamp(region, 1);
    page_cache_free(region);
    test_run_threads(3, tick_or_work, NULL);
    check_is_whole(REGION_PAGES);
}

static void ask_or_work(unsigned index, void *unused)
{
    (void)unused;
    if (index == 0) {
        struct page_cache_stats stats;
        page_cache_stats(&stats);
        CHECK(stats.free_bytes <= stats.mapped_bytes, "%zu bytes are free of %zu mapped",
              stats.free_bytes, stats.mapped_bytes);
        CHECK_EQUAL(page_cache_check(), 0, "page_cache_check");
        return;
    }
    give_noted(take_noted(8, 0));
}

TEST(page_cache_interleave, may_be_asked_at_any_time, .points = 0, .invariant = "I4",
     .section = "4.9", .hint = "Statistics and checks read what others write: with the lock held.")
{
    test_run_threads(3, ask_or_work, NULL);
}

static struct span *freed_by_all;

static void free_the_same(unsigned index, void *unused)
{
    (void)index;
    (void)unused;
    page_cache_free(freed_by_all);
}

static void take_some(void)
{
    for (size_t page_count = 1; page_count <= 200; page_count += 66)
        take(page_count, 0);
}

/* A program may catch SIGABRT and allocate once more, to write a report. */
TEST(page_cache_interleave, lets_go_of_its_lock_when_two_free_a_span, .points = 0,
     .invariant = "I4", .section = "4.3",
     .hint = "Look at the span's state under the lock, let the lock go, then call caller_bug.")
{
    take(10, 0);
    freed_by_all = take(10, 0);
    take(10, 0);
    test_expect_caller_bug_then(CALLER_BUG_DOUBLE_FREE, span_start(freed_by_all), take_some);
    test_run_threads(2, free_the_same, NULL);
}

/* --- Weak spots: work, counted (I8) --- */

/* Free spans of 2 to 15 pages, each between two live ones so that they stay apart. */
static void leave_free_spans(size_t count)
{
    static struct span *holes[1000];
    for (size_t i = 0; i < count; i++) {
        holes[i] = page_cache_alloc(2 + i % 14, 1, 0);
        CHECK(holes[i] != NULL && page_cache_alloc(1, 1, 0) != NULL, "got NULL");
    }
    for (size_t i = 0; i < count; i++)
        page_cache_free(holes[i]);
}

static size_t accesses_of_a_pair(void)
{
    size_t before = interleave_accesses();
    struct span *span = page_cache_alloc(13, 1, 0);
    CHECK(span != NULL, "page_cache_alloc(13 pages): got NULL");
    page_cache_free(span);
    return interleave_accesses() - before;
}

TEST(
    page_cache_interleave, finds_its_fit_however_many_are_free, .points = 0, .invariant = "I8",
    .section = "4.3",
    .hint =
        "Not wrong, but slow where much is free: a bin for each short length, with a bit that says "
        "whether it is empty, leaves nothing to walk.")
{
    leave_free_spans(100);
    size_t among_few = accesses_of_a_pair();
    leave_free_spans(1000);
    CHECK_AT_MOST(
        accesses_of_a_pair(), among_few + among_few / 2,
        "memory accesses for a span among 1,000 free ones, half as many again as among 100");
}

static size_t accesses_of_a_tick(void)
{
    size_t before = interleave_accesses();
    page_cache_tick();
    return interleave_accesses() - before;
}

/* The caches above call it often: it must not cost them a lock while there is nothing to purge. */
TEST(page_cache_interleave, looks_at_the_time_without_the_lock, .points = 0, .invariant = "I9",
     .section = "4.6",
     .hint = "Not wrong, but every thread's slow path meets at this lock: keep, in an atomic, when "
             "there will be something to purge next, and 0 where there is nothing.")
{
    CHECK_AT_MOST(accesses_of_a_tick(), 2, "memory accesses of a tick while nothing is idle");
    os_standin_pass_time(10 * PAGE_CACHE_IDLE_MS);
    struct span *span = take(16 * MIB_PAGES, 0);
    stamp(span, 1);
    page_cache_free(span);
    CHECK_AT_MOST(accesses_of_a_tick(), 4, "memory accesses of a tick before time is up");
}

static size_t purge_calls(void)
{
    struct os_memory_stats stats;
    os_memory_stats(&stats);
    return stats.purge_calls;
}

/* A program that uses and frees the same 8 MiB every few milliseconds, and little things meanwhile. */
TEST(page_cache_interleave, keeps_what_is_used_again_at_once, .points = 0, .invariant = "I9",
     .section = "4.6",
     .hint =
         "Not wrong, but slow: memory that is purged is had again from the system, page by page. "
         "Remember how much was in use a moment ago, and keep that much.")
{
    for (int round = 0; round < 50; round++) {
        struct span *span = take(8 * MIB_PAGES, 0);
        stamp(span, 1);
        page_cache_free(span);
        for (int i = 0; i < 3; i++) {
            os_standin_pass_time(1);
            page_cache_free(take(1, 0));
        }
    }
    CHECK_AT_MOST(purge_calls(), 5, "purges in 50 rounds");
}

/* Giving memory back to the operating system when asked to, and the rule of locks: no data memory is
 * mapped, purged or unmapped while a lock is held. What was given back is seen in the memory itself: a page
 * that was written to, and is mapped, and does not read as zero, is still dirty. */
#include <sys/wait.h>
#include <unistd.h>

#include "stage4_pagecache/tests/page_cache_support.h"

static size_t given_back_bytes(void)
{
    static size_t mapped_most;
    struct os_memory_stats stats;
    os_memory_stats(&stats);
    if (stats.mapped_bytes > mapped_most)
        mapped_most = stats.mapped_bytes;
    return stats.purged_bytes + mapped_most - stats.mapped_bytes;
}

static void check_fresh_after_purge(void)
{
    take_and_stamp(3 * MIB_PAGES, 0);
    take_and_stamp(100, 44);
    free_all_live();
    (void)page_cache_purge(0);
    struct span *span = take(3 * MIB_PAGES, 0);
    CHECK_EQUAL(span->fresh_page_count, span->page_count, "fresh pages of a span that was purged");
    for (size_t at = 0; at < span_bytes(span); at++)
        CHECK(span_start(span)[at] == 0, "byte %zu of a purged page is not zero", at);
    stamp(span, 1);
    add_live(take(100, 44));
    page_cache_free(span);
    add_live(take(200, 0)); /* take checks that what counts as fresh is */
    check_all_live();
}

/* Of a long span all but one page, and then the last one too. */
static void check_last_page_goes(void)
{
    take_and_stamp(400, 0);
    free_live(live_count - 1);
    (void)page_cache_purge(PAGE_BYTES);
    CHECK_AT_MOST(dirty_pages(), 1, "dirty pages after a purge that keeps 1");
    (void)page_cache_purge(0);
    CHECK_EQUAL(dirty_pages(), 0, "dirty pages after a purge that keeps none");
}

TEST(page_cache_purge, gives_back_every_dirty_page, .points = 1, .invariant = "I7",
     .section = "4.6", .needs = "page_cache_alloc/hands_out_exactly_the_pages_asked_for",
     .hint =
         "Purge what is dirty of each free span, those in the bins and those in the tree. All of "
         "it is fresh then.")
{
    static const size_t page_counts[] = {1, 5, 60, 128, 129, 300, 2};
    enum { COUNT = sizeof page_counts / sizeof *page_counts };
    for (size_t i = 0; i < COUNT; i++) {
        take_and_stamp(page_counts[i], i % 2 == 0 ? 0 : 15);
        add_live(take(1, 0));
    }
    for (size_t i = COUNT; i-- > 0;)
        free_live(2 * i);
    size_t dirty_before = dirty_pages();
    size_t given_before = given_back_bytes();
    size_t purged = page_cache_purge(0);
    CHECK_EQUAL(dirty_pages(), 0, "free pages that still hold what was written, after purge(0)");
    CHECK(purged >= dirty_before * PAGE_BYTES, "expected at least %zu bytes returned, got %zu",
          dirty_before * PAGE_BYTES, purged);
    CHECK_AT_MOST(purged, given_back_bytes() - given_before,
                  "bytes that page_cache_purge returned");
    check_all_live();
    CHECK_EQUAL(page_cache_purge(0), 0, "bytes of a second purge with nothing dirty");
    check_last_page_goes();
    check_fresh_after_purge();
}

TEST(page_cache_purge, keeps_as_much_as_it_is_told, .points = 1, .invariant = "I7",
     .section = "4.6", .needs = "page_cache_alloc/hands_out_exactly_the_pages_asked_for",
     .hint = "Stop as soon as no more than keep_bytes are dirty; take the longest spans first.")
{
    take_and_stamp(20, 0);
    add_live(take(1, 0));
    take_and_stamp(100, 0);
    add_live(take(1, 0));
    take_and_stamp(200, 0);
    add_live(take(1, 0));
    for (size_t place = 5; place-- > 0;)
        if (live_spans[place].span->page_count > 1)
            free_live(place);
    bool was_kept_so_far = dirty_pages() == 320; /* a page cache may purge more eagerly */
    CHECK_EQUAL(page_cache_purge(320 * PAGE_BYTES), 0, "bytes purged where all may stay");
    (void)page_cache_purge(150 * PAGE_BYTES);
    CHECK_AT_MOST(dirty_pages(), 150, "dirty pages after a purge that keeps 150");
    (void)page_cache_purge(20 * PAGE_BYTES);
    size_t shortest = stamped_page_count(places[0].first_page, places[0].page_count);
    CHECK_AT_MOST(dirty_pages(), 20, "dirty pages after a purge that keeps 20");
    CHECK(!was_kept_so_far || shortest == 20,
          "20 pages may stay dirty, those of the shortest span; %zu of them did", shortest);
    check_all_live();
}

static struct span *come_back_meanwhile[2];

static void free_and_take(void)
{
    for (size_t i = 0; i < 2; i++)
        page_cache_free(come_back_meanwhile[i]);
    add_live(take(30, 0));
}

/* Before and behind a span that is being purged others come back, and one is taken. */
static void check_work_during_a_purge(void)
{
    enum { QUARTER_PAGES = MIB_PAGES };
    page_cache_free(take(4 * QUARTER_PAGES, 0));
    struct span *spans[3];
    for (size_t i = 0; i < 3; i++) {
        spans[i] = take(QUARTER_PAGES, 0);
        stamp(spans[i], 1);
    }
    add_live(take(QUARTER_PAGES, 0)); /* the last one: three are left to be united */
    come_back_meanwhile[0] = spans[0];
    come_back_meanwhile[1] = spans[2];
    page_cache_free(spans[1]);
    os_standin_call_in_purge(free_and_take);
    (void)page_cache_purge(0);
    check_all_live();
    free_live(1);
    size_t mapped_before = mapped_bytes();
    page_cache_free(take(3 * QUARTER_PAGES, 0));
    CHECK_AT_MOST(mapped_bytes() - mapped_before, 3 * MIB - 1,
                  "bytes mapped though three neighbours are free");
    free_all_live();
}

/* Purging unites spans and changes what is fresh: all must be whole afterwards. */
TEST(page_cache_purge, leaves_free_spans_whole, .points = 1, .invariant = "I5", .section = "4.6",
     .needs = "page_cache_alloc/hands_out_exactly_the_pages_asked_for",
     .hint =
         "A span being purged is in no bin; afterwards coalesce it again, since its neighbours may "
         "have come back meanwhile.")
{
    enum { PAGES = 16 * MIB_PAGES };
    check_work_during_a_purge();
    struct test_random random = test_random_start(5);
    page_cache_free(take(PAGES, 0));
    for (size_t step = 0; step < 1200; step++) {
        if (live_count < 40 && step % 40 < 25)
            add_live(
                take(1 + test_random_below(&random, 48), (unsigned)test_random_below(&random, 98)));
        else if (live_count != 0)
            free_live(test_random_below(&random, live_count));
        if (step % 7 == 0)
            (void)page_cache_purge(test_random_below(&random, 200) * PAGE_BYTES);
    }
    check_all_live();
    free_all_live();
    (void)page_cache_purge(MIB);
    size_t mapped_before = mapped_bytes();
    struct span *whole = take(PAGES, 0);
    CHECK_AT_MOST(mapped_bytes() - mapped_before, PAGES * (size_t)PAGE_BYTES - 1,
                  "bytes mapped though the whole region was free");
    check_fresh(whole);
}

/* A purge may also unmap what nobody uses. Then no page of it may be known any more, or a region that
 * is mapped next to it, later, meets a dead span. */
TEST(page_cache_purge, forgets_what_it_unmaps, .points = 1, .invariant = "I3", .section = "4.6",
     .needs = "page_cache_alloc/hands_out_exactly_the_pages_asked_for",
     .hint = "Before a region is unmapped its free span leaves the bins and the page map.")
{
    for (size_t round = 0; round < 3; round++) {
        place_count = 0;
        for (size_t i = 0; i < 8; i++)
            take_and_stamp(i % 2 == 0 ? 2 * MIB_PAGES : 300, i % 3 == 0 ? 0 : 50);
        while (live_count > round % 3)
            free_live(0);
        (void)page_cache_purge(0);
        for (size_t i = 0; i < place_count; i++)
            for (size_t at = 0; at < places[i].page_count; at++) {
                const void *page = (const void *)((places[i].first_page + at) << PAGE_SHIFT);
                CHECK(os_standin_covers(page, PAGE_BYTES) || page_map_span(page) == NULL,
                      "page %p was unmapped, but the page map still knows a span for it", page);
            }
        check_all_live();
    }
    free_all_live();
}

static void take_one(void)
{
    (void)take(1, 0);
}

TEST(page_cache_purge, calls_the_system_with_no_lock_held, .points = 1, .invariant = "I4",
     .section = "4.6", .needs = "page_cache_alloc/hands_out_exactly_the_pages_asked_for",
     .hint = "Take what you need off the lists, release the lock, then map or purge; take the lock "
             "again "
             "to put it back.")
{
    enum { LONG_PAGES = 16 * MIB_PAGES };
    os_standin_watch_locked_calls((size_t)LONG_PAGES *
                                  PAGE_BYTES); /* longer than a page map leaf */
    struct span *span = take(LONG_PAGES, 0);
    CHECK_EQUAL(os_standin_locked_calls(), 0, "regions mapped while a lock was held");
    stamp(span, 1);
    page_cache_free(span);
    os_standin_watch_locked_calls(MIB); /* longer than a chunk of records */
    (void)page_cache_purge(0);
    CHECK_EQUAL(os_standin_locked_calls(), 0, "spans purged while a lock was held");
    for (size_t i = 0; i < 12; i++)
        take_and_stamp(10 * MIB_PAGES, 0);
    os_standin_watch_locked_calls(MIB);
    free_all_live(); /* so much that it is purged in time */
    let_idle_time_pass(take_one);
    CHECK_EQUAL(os_standin_locked_calls(), 0, "spans purged on its own while a lock was held");
}

/* fork() copies only the thread that calls it: the child must not find the lock taken. */
TEST(page_cache_purge, works_on_both_sides_of_a_fork, .points = 1, .invariant = "I4",
     .section = "4.9", .needs = "page_cache_alloc/hands_out_exactly_the_pages_asked_for",
     .hint = "Prepare takes the lock with lock_acquire_for_fork; parent and child each release it.")
{
    add_live(take(10, 0));
    page_cache_free(take(30, 0));
    page_cache_fork_prepare();
    pid_t child = fork();
    if (child == 0) {
        alarm(30); /* a lock that is still held would be waited for without end */
        page_cache_fork_child();
        struct span *span = page_cache_alloc(20, 1, 4);
        if (span != NULL)
            page_cache_free(span);
        _exit(span == NULL ? 1 : 0);
    }
    page_cache_fork_parent();
    add_live(take(20, 4));
    int status = -1;
    CHECK(child > 0 && waitpid(child, &status, 0) == child && status == 0,
          "the child of a fork could not take a span and give it back (wait status %d)", status);
    check_all_live();
    free_all_live();
}

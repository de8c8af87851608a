/* I9: idle memory goes back though nobody asks for it, at the next call of whatever kind, after a time that
 * the stand-in of the operating system lets pass. Beside what is in use some of it may stay. */
#include "stage4_pagecache/tests/page_cache_support.h"

static struct span *singles[IDLE_LOOKS];
static size_t single_count;

static void take_single(void)
{
    singles[single_count++] = take(1, 0);
}

static void free_single(void)
{
    page_cache_free(singles[--single_count]);
}

/* 160 MiB are used and given back, and nobody calls page_cache_purge. */
static void check_idle_memory_goes(void (*look)(void))
{
    enum { TOTAL = 160, EACH = 2 };
    for (size_t i = 0; i < TOTAL / EACH; i++)
        take_and_stamp(EACH * MIB_PAGES - i % 2 * 20, i % 4 == 0 ? 60 : 0);
    free_all_live();
    let_idle_time_pass(look);
    CHECK_AT_MOST(dirty_pages() * PAGE_BYTES, PAGE_CACHE_IDLE_BYTES,
                  "bytes free and dirty long after 160 MiB were freed");
    (void)page_cache_purge(0); /* the next round starts with none */
    place_count = 0;
}

/* A span of 160 MiB is cut down to a few pages: what is cut off lies idle as if it had been freed. */
static void check_what_resize_cuts_off_goes(void)
{
    enum { PAGES = 160 * MIB_PAGES, KEPT_PAGES = 40 };
    struct span *span = take(PAGES, 0);
    stamp(span, 1);
    places[place_count++] = (struct place){span->first_page + KEPT_PAGES, PAGES - KEPT_PAGES};
    if (!page_cache_resize(span, KEPT_PAGES))
        place_count = 0; /* tests of resize itself say that */
    let_idle_time_pass(page_cache_tick);
    CHECK_AT_MOST(dirty_pages() * PAGE_BYTES, PAGE_CACHE_IDLE_BYTES + KEPT_PAGES * PAGE_BYTES / 3,
                  "bytes free and dirty long after 160 MiB were cut off by page_cache_resize");
    page_cache_free(span);
    (void)page_cache_purge(0);
    place_count = 0;
}

/* Beside much that is in use, 210 MiB, a third of that may stay as well; 104 MiB is a little more than
 * all of it, and would be within bounds if it were half. */
static void check_bound_beside_much_in_use(void)
{
    enum { USED = 210, FREED = 104, EACH = 2 };
    struct span *used = page_cache_alloc((size_t)USED * MIB_PAGES, 1, 0);
    CHECK(used != NULL, "page_cache_alloc(%d MiB): got NULL", USED);
    for (size_t i = 0; i < FREED / EACH; i++)
        take_and_stamp(EACH * MIB_PAGES, 0);
    free_all_live();
    let_idle_time_pass(page_cache_tick);
    CHECK_AT_MOST(dirty_pages() * PAGE_BYTES, PAGE_CACHE_IDLE_BYTES + (size_t)USED * MIB / 3,
                  "bytes free and dirty long after 104 MiB were freed, with 210 MiB in use");
    page_cache_free(used);
}

TEST(page_cache_purge, keeps_idle_memory_bounded_on_its_own, .points = 1, .invariant = "I9",
     .section = "4.6", .needs = "page_cache_alloc/hands_out_exactly_the_pages_asked_for",
     .hint = "page_cache_alloc and page_cache_free know how much is free and dirty, and "
             "os_memory_clock_ms for how long: when it is too much, purge, after the lock is "
             "released. page_cache_tick does the same, and is all that comes by in many programs.")
{
    check_idle_memory_goes(take_single);
    check_idle_memory_goes(free_single);
    check_idle_memory_goes(page_cache_tick);
    check_what_resize_cuts_off_goes();
    check_bound_beside_much_in_use();
}

/* Resizing a large span where it is, or not at all. */
#include "common/lock.h"
#include "stage4_pagecache/tests/page_cache_support.h"

enum { STAMP = 77, WHOLE_PAGES = 4 * MIB_PAGES };

/* A large span with `behind_pages` free pages behind it, and a live span after those. */
static struct span *take_before_hole(size_t page_count, size_t behind_pages)
{
    page_cache_free(take(WHOLE_PAGES, 0));
    struct span *whole = take(page_count + behind_pages, 0);
    add_live(take(1, 0));
    CHECK(page_cache_resize(whole, page_count), "page_cache_resize to fewer pages: got false");
    stamp(whole, STAMP);
    return whole;
}

TEST(page_cache_resize, shrinks_in_place, .points = 1, .invariant = "I4", .section = "4.5",
     .needs = "page_cache_alloc/hands_out_exactly_the_pages_asked_for",
     .hint =
         "Split the span and give the rest back as page_cache_free does. The span's last page is "
         "another one now: the page map must know (I2).")
{
    struct span *span = take(200, 0);
    uintptr_t first_page = span->first_page;
    stamp(span, STAMP);
    static const size_t page_counts[] = {200, 199, 150, 149, 64, 2, 1};
    for (size_t i = 0; i < sizeof page_counts / sizeof *page_counts; i++) {
        size_t pages_before = span->page_count;
        CHECK(page_cache_resize(span, page_counts[i]), "from %zu to %zu pages: expected true",
              pages_before, page_counts[i]);
        CHECK_EQUAL(span->page_count, page_counts[i], "pages after the resize");
        CHECK_EQUAL(span->first_page, first_page, "first page after the resize");
        check_stamp(span, STAMP);
        check_page_map(span);
        check_pages_forgotten(end_of(span), 200 - page_counts[i]);
    }
    page_cache_free(span);
}

TEST(
    page_cache_resize, grows_into_a_free_neighbour, .points = 1, .invariant = "I4",
    .section = "4.5", .needs = "page_cache_alloc/hands_out_exactly_the_pages_asked_for",
    .hint =
        "Ask the page map who follows. If it is free and long enough, take it whole, put back what "
        "is too much, unite the two; then the last page has moved (I2).")
{
    static const size_t page_counts[] = {11, 12, 30, 200, 210};
    struct span *span = take_before_hole(10, 200);
    uintptr_t first_page = span->first_page;
    for (size_t i = 0; i < sizeof page_counts / sizeof *page_counts; i++) {
        size_t pages_before = span->page_count;
        CHECK(page_cache_resize(span, page_counts[i]),
              "from %zu to %zu pages, %zu are free behind: expected true, got false", pages_before,
              page_counts[i], 210 - pages_before);
        CHECK_EQUAL(span->page_count, page_counts[i], "pages after the resize");
        CHECK_EQUAL(span->first_page, first_page, "first page after the resize");
        CHECK_EQUAL(lock_held_count(), 0, "locks held after page_cache_resize");
        check_stamp_of(span, pages_before, STAMP);
        check_page_map(span);
        check_fresh(span);
        stamp(span, STAMP);
        check_all_live();
    }
    check_stamp(span, STAMP);
    page_cache_free(span);
    free_all_live();
    take(WHOLE_PAGES, 0);
}

static void check_stays(struct span *span, size_t page_count)
{
    const struct span before = *span;
    CHECK(!page_cache_resize(span, page_count), "to %zu pages: expected false, got true",
          page_count);
    CHECK_EQUAL(span->page_count, before.page_count, "pages after a resize that failed");
    CHECK_EQUAL(span->first_page, before.first_page, "first page after a resize that failed");
    CHECK_EQUAL(lock_held_count(), 0, "locks held after a resize that failed");
    check_stamp(span, STAMP);
    check_page_map(span);
}

TEST(page_cache_resize, never_takes_what_is_not_free, .points = 1, .invariant = "I4",
     .section = "4.5", .needs = "page_cache_alloc/hands_out_exactly_the_pages_asked_for",
     .hint =
         "The page behind may be of a live span, of a free one that is too short, or of none: then "
         "return false and leave everything as it was.")
{
    struct span *span = take_before_hole(10, 50);
    check_stays(span, 61);
    check_stays(span, 1000);
    check_stays(span, SIZE_MAX / PAGE_BYTES);
    check_stays(span, SIZE_MAX);
    struct span *filler = take(50, 25);
    add_live(filler);
    CHECK_EQUAL(filler->first_page, end_of(span), "first page of the best fit, behind the span");
    check_stays(span, 11);
    check_stays(span, 60);
    check_all_live();
    free_live(live_count - 1);
    CHECK(page_cache_resize(span, 60), "to 60 pages, 50 are free behind: expected true, got false");
    check_all_live();
    struct span *region = take(16 * MIB_PAGES, 0);
    stamp(region, STAMP);
    check_stays(region, 1000 * MIB_PAGES);
}

/* The program has written to a large span before it is resized; of a neighbour that is taken in, the
 * fresh pages are still fresh. */
TEST(page_cache_resize, knows_what_is_still_fresh, .points = 1, .invariant = "I7", .section = "4.5",
     .needs = "page_cache_alloc/hands_out_exactly_the_pages_asked_for",
     .hint = "Before a resize nothing of the span counts as fresh any more.")
{
    struct test_random random = test_random_start(3);
    for (size_t round = 0; round < 60; round++) {
        struct span *span = take(100, 0);
        stamp(span, STAMP);
        (void)page_cache_resize(span, 10 + test_random_below(&random, 80));
        check_fresh(span);
        add_live(take(1 + test_random_below(&random, 40), 0));
        size_t pages_before = span->page_count;
        (void)page_cache_resize(span, 10 + test_random_below(&random, 150));
        check_fresh(span);
        check_stamp_of(span, pages_before < span->page_count ? pages_before : span->page_count,
                       STAMP);
        page_cache_free(span);
        if (live_count > 5)
            free_live(test_random_below(&random, live_count));
    }
}

/* A record for the rest may not be had. Then the span stays as it is. */
TEST(page_cache_resize, stays_as_it_is_when_maps_fail, .points = 1, .invariant = "I4",
     .section = "4.5", .needs = "page_cache_alloc/hands_out_exactly_the_pages_asked_for",
     .hint = "Take the record that a split needs before you change anything.")
{
    enum { PAGES = 16 * MIB_PAGES };
    page_cache_free(take(PAGES, 0));
    struct span *span = take(100, 0);
    stamp(span, STAMP);
    os_standin_fail_all_maps(true);
    for (size_t i = 0; i < PAGES && page_cache_alloc(1, 1, 0) != NULL; i++)
        ;
    bool done = page_cache_resize(span, 60);
    CHECK_EQUAL(span->page_count, done ? 60 : 100, "pages after a resize that may fail");
    check_stamp(span, STAMP);
    check_page_map(span);
    os_standin_fail_all_maps(false);
    CHECK(page_cache_resize(span, 60),
          "from 100 to 60 pages, with memory for records: expected true");
    check_stamp(span, STAMP);
    check_page_map(span);
    take(40, 0);
    check_stamp(span, STAMP);
}

/* What is cut off is free: it goes to who asks next, and comes together again. */
static void check_rest_is_used(void)
{
    page_cache_free(take(WHOLE_PAGES, 0));
    struct span *span = take(WHOLE_PAGES, 0);
    stamp(span, STAMP);
    size_t mapped_before = mapped_bytes();
    for (size_t page_count = WHOLE_PAGES - 50; page_count > 50; page_count -= 50) {
        CHECK(page_cache_resize(span, page_count), "to %zu pages: expected true", page_count);
        add_live(take(10, 3));
        free_all_live();
        add_live(take(WHOLE_PAGES - page_count, 0));
        free_all_live();
        check_stamp(span, STAMP);
    }
    page_cache_free(span);
    page_cache_free(take(WHOLE_PAGES, 0));
    CHECK(mapped_bytes() - mapped_before < WHOLE_PAGES * (size_t)PAGE_BYTES,
          "all was free and whole, but another region was mapped");
}

TEST(page_cache_resize, gives_back_exactly_what_it_cuts_off, .points = 1, .invariant = "I5",
     .section = "4.5", .needs = "page_cache_alloc/hands_out_exactly_the_pages_asked_for",
     .hint =
         "The rest is coalesced and goes into a bin, as any span that comes back. Which pages went "
         "where? Draw the spans before and after.")
{
    check_rest_is_used();
    struct test_random random = test_random_start(4);
    for (size_t step = 0; step < 3000; step++) {
        if (live_count < 40) {
            add_live(take(1 + test_random_below(&random, 60), 0));
            continue;
        }
        size_t place = test_random_below(&random, live_count);
        struct live_span *live = &live_spans[place];
        check_live(place);
        (void)page_cache_resize(live->span, 1 + test_random_below(&random, 90));
        stamp(live->span, live->value);
        check_page_map(live->span);
        if (step % 3 == 0)
            free_live(test_random_below(&random, live_count));
    }
    check_all_live();
    free_all_live();
}

/* Best fit, exactly: the test knows every free page of a region, and so which span must be taken. */
#include <string.h>

#include "stage4_pagecache/tests/page_cache_support.h"

/* --- A region of known length --- */

static uintptr_t base; /* its first page */

/* Take whatever free span lies at `page`, so that it plays no part. */
static void plug(uintptr_t page)
{
    const struct span *span = page_map_span((const void *)(page << PAGE_SHIFT));
    if (span != NULL && span->state == SPAN_FREE)
        take(span->page_count, 0);
}

/* Free afterwards are exactly the `page_count` pages from `base` on. */
static void make_region(size_t page_count)
{
    struct span *span = take(page_count, 0);
    base = span->first_page;
    plug(base - 1);
    plug(end_of(span));
    page_cache_free(span);
}

TEST(
    page_cache_fit, takes_the_smallest_span_that_fits, .points = 1, .invariant = "I8",
    .section = "4.4", .needs = "page_cache_alloc/hands_out_exactly_the_pages_asked_for",
    .hint =
        "Up to 128 pages: the first bin from the wanted page count upwards that is not empty. Then "
        "the tree, whose best fit is the smallest that is large enough.")
{
    static const size_t holes[] = {300, 5, 128, 2, 150, 40, 129, 64, 700, 9, 200, 63, 130, 20, 66};
    enum { HOLES = sizeof holes / sizeof *holes };
    static const struct {
        size_t wanted;
        size_t expected_hole;
    } requests[] = {{1, 2},     {3, 5},     {6, 9},     {10, 20},   {21, 40},   {41, 63},
                    {64, 64},   {65, 66},   {67, 128},  {128, 128}, {129, 129}, {130, 130},
                    {131, 150}, {151, 200}, {201, 300}, {301, 700}};
    struct span *spans[HOLES];
    uintptr_t hole_pages[HOLES];
    make_region(32 * MIB_PAGES);
    take(1, 0);
    for (size_t i = 0; i < HOLES; i++) {
        spans[i] = take(holes[i], 0);
        hole_pages[i] = spans[i]->first_page;
        take(1, 0);
    }
    for (size_t i = 0; i < HOLES; i++)
        page_cache_free(spans[i]);
    for (size_t i = 0; i < sizeof requests / sizeof *requests; i++) {
        struct span *got = take(requests[i].wanted, 0);
        size_t hole = 0;
        while (hole < HOLES && (got->first_page < hole_pages[hole] ||
                                got->first_page >= hole_pages[hole] + holes[hole]))
            hole++;
        CHECK(hole < HOLES && holes[hole] == requests[i].expected_hole,
              "%zu pages wanted: expected them cut from the free span of %zu pages, not from one "
              "of %zu",
              requests[i].wanted, requests[i].expected_hole, hole < HOLES ? holes[hole] : 0);
        page_cache_free(got);
    }
}

/* --- Random work against a model of the region, a byte a page --- */

enum { REGION_PAGES = 96 * MIB_PAGES };

static bool is_used[REGION_PAGES];

static size_t run_at(size_t first)
{
    size_t length = 0;
    while (first + length < REGION_PAGES && !is_used[first + length])
        length++;
    return length;
}

/* The shortest run of free pages that holds `page_count`, or 0. */
static size_t best_run(size_t page_count)
{
    size_t best = 0;
    for (size_t at = 0; at < REGION_PAGES; at++) {
        size_t length = run_at(at);
        if (length >= page_count && (best == 0 || length < best))
            best = length;
        at += length;
    }
    return best;
}

/* The run of free pages that lies round page `at`. */
static size_t run_round(size_t at)
{
    while (at > 0 && !is_used[at - 1])
        at--;
    return run_at(at);
}

static void take_and_compare(size_t page_count)
{
    size_t best = best_run(page_count);
    if (best == 0)
        return; /* it would grow, out of the model's sight */
    struct span *span = page_cache_alloc(page_count, 1, 0);
    CHECK(span != NULL, "page_cache_alloc(%zu pages): got NULL", page_count);
    CHECK(span->first_page >= base && end_of(span) <= base + REGION_PAGES,
          "%zu pages: expected them from the free span of %zu pages, got a span outside of the "
          "region",
          page_count, best);
    size_t at = span->first_page - base;
    CHECK(!is_used[at] && run_at(at) >= page_count, "%zu pages at page %zu are not all free",
          page_count, at);
    CHECK_EQUAL(run_round(at), best, "pages of the free span that was cut");
    memset(&is_used[at], true, page_count);
    CHECK(live_count < MOST_LIVE, "the test keeps too many spans");
    live_spans[live_count++].span = span;
}

static void give_back(size_t place)
{
    struct span *span = live_spans[place].span;
    live_spans[place] = live_spans[--live_count];
    memset(&is_used[span->first_page - base], false, span->page_count);
    page_cache_free(span);
}

/* Above 128 pages most of the time: the tree has dozens of spans, of all shapes. */
TEST(page_cache_fit, takes_the_best_fit_over_random_work, .points = 2, .invariant = "I8",
     .section = "4.4", .needs = "page_cache_fit/takes_the_smallest_span_that_fits",
     .hint =
         "A span's page count must not change while it is in the tree: take it out, change it, put "
         "it back. United spans have a new count too.")
{
    make_region(REGION_PAGES);
    const size_t steps = test_is_slowed() ? 250 : 1000;
    for (uint64_t stream = 0; stream < 2; stream++) {
        struct test_random random = test_random_start(20 + stream);
        for (size_t step = 0; step < steps; step++) {
            size_t least = test_random_below(&random, 3) == 0 ? 1 : 120;
            if (live_count > 10 &&
                test_random_below(&random, 100) < (step / 250 % 2 == 0 ? 35 : 60))
                give_back(test_random_below(&random, live_count));
            else
                take_and_compare(least + test_random_below(&random, 60));
        }
        while (live_count != 0)
            give_back(test_random_below(&random, live_count));
        CHECK_EQUAL(best_run(1), REGION_PAGES, "pages of the model's only free run");
    }
    take_and_compare(REGION_PAGES);
}

/* Handing out: exact spans, cut from regions that the page cache maps. Nothing is given back here, but
 * to lie beside a new region. */
#include <errno.h>

#include "stage4_pagecache/tests/page_cache_support.h"

TEST(page_cache_alloc, hands_out_exactly_the_pages_asked_for, .points = 1, .invariant = "I4",
     .section = "4.2",
     .hint =
         "Cut what was not asked for off the free span, and give it a record of its own. Set every "
         "field of the span that the contract names.")
{
    static const size_t page_counts[] = {1,   2,   3,   7,   31,  64,  127,
                                         128, 129, 255, 256, 257, 300, 1025};
    for (size_t i = 0; i < sizeof page_counts / sizeof *page_counts; i++) {
        struct span *span = take(page_counts[i], 0);
        CHECK_EQUAL(span->page_count, page_counts[i], "pages of a large span");
        stamp(span, i + 1);
        take(page_counts[i], 1 + (unsigned)i * 7);
        check_stamp(span, i + 1);
    }
}

TEST(page_cache_alloc, maps_small_spans_whole_and_large_ones_at_their_ends, .points = 1,
     .invariant = "I2", .section = "4.2",
     .needs = "page_cache_alloc/hands_out_exactly_the_pages_asked_for",
     .hint =
         "page_map_set for all pages of a span with a class (I1); of the others, for the first and "
         "the last page with class 0 (I2).")
{
    struct span *small = take(5, 40);
    struct span *large = take(5, 0);
    struct span *single = take(1, 0);
    for (size_t i = 0; i < 5; i++) {
        const char *page = span_start(small) + i * PAGE_BYTES;
        CHECK(page_map_span(page) == small && page_map_class(page) == 40,
              "page %zu of a small span: expected the span and class 40, got %p and class %u", i,
              (void *)page_map_span(page), page_map_class(page));
    }
    CHECK(page_map_span(span_start(large)) == large, "the first page of a large span maps to it");
    CHECK(page_map_span(span_start(large) + 5 * PAGE_BYTES - 1) == large,
          "the last page of a large span maps to it");
    CHECK(page_map_span(span_start(large) + 2 * PAGE_BYTES) == NULL,
          "a page inside a large span maps to nothing");
    CHECK(page_map_span(span_start(single)) == single, "the only page of a large span maps to it");
    CHECK_EQUAL(page_map_class(span_start(large)), 0, "class of a large span's page");
    check_page_map(small);
    check_page_map(large);
}

TEST(page_cache_alloc, keeps_spans_apart, .points = 1, .invariant = "I4", .section = "4.2",
     .needs = "page_cache_alloc/hands_out_exactly_the_pages_asked_for",
     .hint = "Where does the rest start after a split, and how many pages has it?")
{
    struct test_random random = test_random_start(1);
    for (size_t i = 0; i < 400; i++)
        add_live(take(1 + test_random_below(&random, i % 10 == 0 ? 300 : 20),
                      (unsigned)test_random_below(&random, 98)));
    check_all_live();
}

/* The operating system's page may be 4 KiB: a region that is aligned to that, and no more, starts in
 * the middle of one of ours. */
TEST(page_cache_alloc, starts_every_span_at_a_whole_page, .points = 1, .invariant = "I4",
     .section = "4.2", .needs = "page_cache_alloc/hands_out_exactly_the_pages_asked_for",
     .hint =
         "Ask os_memory_map for the alignment that you need. Rounding an address down afterwards "
         "reaches before the region.")
{
    os_standin_give_odd_addresses(true);
    for (size_t i = 0; i < 200; i++)
        add_live(take(1 + i % 40, (unsigned)i % 98));
    add_live(take(1000, 0));
    check_all_live();
    for (size_t i = 0; i < live_count; i++)
        CHECK(os_standin_covers(span_start(live_spans[i].span), span_bytes(live_spans[i].span)),
              "the span at %p reaches out of its region", (void *)span_start(live_spans[i].span));
}

TEST(page_cache_alloc, aligns_spans_up_to_4_MiB, .points = 1, .invariant = "I4", .section = "4.2",
     .needs = "page_cache_alloc/hands_out_exactly_the_pages_asked_for",
     .hint =
         "Take a span that is longer by the alignment less one page; what lies before the aligned "
         "page, and what lies behind, are spans of their own.")
{
    static const size_t page_counts[] = {1, 3, 40, 130};
    for (size_t alignment = 1; alignment <= 4 * MIB_PAGES; alignment *= 2)
        for (size_t i = 0; i < sizeof page_counts / sizeof *page_counts; i++) {
            add_live(take_aligned(page_counts[i], alignment, 0));
            add_live(take_aligned(page_counts[i], alignment, 30));
            add_live(take(1, 0));
        }
    check_all_live();
}

/* 64 MiB in single pages: 32 regions, and some memory for records and the page map. */
TEST(page_cache_alloc, grows_by_at_least_2_MiB, .points = 1, .invariant = "I4", .section = "4.2",
     .needs = "page_cache_alloc/hands_out_exactly_the_pages_asked_for",
     .hint = "Map PAGE_CACHE_GROW_BYTES where less is asked for, and keep the rest as a free span.")
{
    enum { PAGES = 64 * MIB_PAGES, REGIONS = 64 * MIB / PAGE_CACHE_GROW_BYTES, OTHERS = 24 };
    for (size_t i = 0; i < PAGES; i++)
        take(1, 5);
    struct os_memory_stats stats;
    os_memory_stats(&stats);
    CHECK_AT_MOST(stats.map_calls, REGIONS + OTHERS,
                  "os_memory_map calls for 64 MiB of single pages");
}

TEST(page_cache_alloc, hands_out_fresh_pages_of_a_new_region, .points = 1, .invariant = "I7",
     .section = "4.2", .needs = "page_cache_alloc/hands_out_exactly_the_pages_asked_for",
     .hint =
         "A new region is fresh from its first page to its last. A split shares its fresh pages: "
         "they are the last ones, so the rest has them first.")
{
    static const size_t page_counts[] = {1, 20, 3, 100, 500};
    for (size_t i = 0; i < sizeof page_counts / sizeof *page_counts; i++) {
        struct span *span = take(page_counts[i], i % 2 == 0 ? 0 : 12);
        CHECK_EQUAL(span->fresh_page_count, span->page_count, "fresh pages of a span never used");
        for (size_t at = 0; at < span_bytes(span); at++)
            CHECK(span_start(span)[at] == 0, "byte %zu of a fresh span is not zero", at);
        stamp(span, i);
    }
}

/* An operating system mostly maps downwards: a new region lies right below what was used and is free
 * now. Were it taken for written to, calloc would clear all of it. */
TEST(page_cache_alloc, keeps_a_new_region_fresh_below_a_used_one, .points = 0, .invariant = "I7",
     .section = "4.3", .needs = "page_cache_alloc/hands_out_fresh_pages_of_a_new_region",
     .hint =
         "United with a dirty span behind it, a fresh one is not fresh any more. Hand out what a "
         "region was mapped for before the rest of it meets its neighbours.")
{
    enum { USED_PAGES = 2 * MIB_PAGES, NEW_PAGES = 8 * MIB_PAGES };
    os_standin_map_downwards(64 * MIB);
    add_live(take(USED_PAGES, 0)); /* what is mapped but once, for the page map, is mapped now */
    struct span *used = take(USED_PAGES, 0);
    uintptr_t used_page = used->first_page;
    stamp(used, 1);
    page_cache_free(used);
    for (size_t extra = 0; extra < 2; extra++) {
        struct span *span = take(NEW_PAGES + extra, 0);
        if (end_of(span) <= used_page || span->first_page >= used_page + USED_PAGES)
            CHECK_EQUAL(span->fresh_page_count, span->page_count,
                        "fresh pages of a span that nobody had before");
        add_live(span);
    }
    check_all_live();
}

TEST(page_cache_alloc, refuses_more_than_there_can_be, .points = 1, .invariant = "I4",
     .section = "4.2", .needs = "page_cache_alloc/hands_out_exactly_the_pages_asked_for",
     .hint =
         "Compare the counts with the limit before you multiply or add: a product that overflows "
         "is small again.")
{
    static const struct {
        size_t page_count;
        size_t page_alignment;
    } wrong[] = {{SIZE_MAX, 1},
                 {SIZE_MAX / PAGE_BYTES + 2, 1},
                 {SIZE_MAX / PAGE_BYTES + 1, 2},
                 {(size_t)PTRDIFF_MAX / PAGE_BYTES + 2, 1},
                 {SIZE_MAX - 1, 4},
                 {1, (size_t)1 << 63},
                 {2, (size_t)1 << 51},
                 {SIZE_MAX - 510, 512}};
    add_live(take(10, 0));
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        errno = 0;
        const struct span *span = page_cache_alloc(wrong[i].page_count, wrong[i].page_alignment, 0);
        CHECK(span == NULL, "page_cache_alloc(%zu pages, alignment %zu): expected NULL, got a span",
              wrong[i].page_count, wrong[i].page_alignment);
        CHECK_EQUAL(errno, ENOMEM, "errno");
        add_live(take(10, 0));
    }
    check_all_live();
}

/* Whatever is mapped after the region, a chunk of records or a leaf of the page map, fails: then the
 * region is of no use. */
static void check_unused_regions_go_back(void)
{
    for (size_t i = 0; i < 40; i++) {
        os_standin_fail_map(2);
        struct span *span = page_cache_alloc(3 * MIB_PAGES, 1, 0);
        os_standin_fail_map(0);
        if (span != NULL)
            add_live(span);
    }
    CHECK_AT_MOST(mapped_bytes(), 64 * (size_t)MIB + 2 * live_count * 3 * MIB,
                  "bytes mapped after 40 allocations that failed");
}

/* The first spans need a region, a chunk of records and a leaf of the page map: each of these maps
 * fails once, and later ones too. */
TEST(page_cache_alloc, survives_failing_maps, .points = 1, .invariant = "I4", .section = "4.2",
     .needs = "page_cache_alloc/hands_out_exactly_the_pages_asked_for",
     .hint = "Take the records and reserve the page map before you change anything. A region that "
             "cannot be used is given back.")
{
    check_unused_regions_go_back();
    for (size_t nth = 1; nth <= 8; nth++) {
        size_t refused = 0;
        os_standin_fail_map(nth);
        for (size_t i = 0; i < 10; i++) {
            errno = 0;
            struct span *span = page_cache_alloc(3 * MIB_PAGES, 1, 0);
            refused += span == NULL;
            if (span == NULL)
                CHECK_EQUAL(errno, ENOMEM, "errno of an allocation that failed");
            else
                add_live(span);
        }
        CHECK_AT_MOST(refused, 1, "allocations that failed for one map that did");
    }
    os_standin_fail_all_maps(true);
    CHECK(page_cache_alloc(3 * MIB_PAGES, 1, 0) == NULL, "expected NULL where no map succeeds");
    os_standin_fail_all_maps(false);
    add_live(take(3 * MIB_PAGES, 0));
    check_all_live();
}

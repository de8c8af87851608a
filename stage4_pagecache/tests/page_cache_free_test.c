/* Taking back: what comes back is found again, united with its free neighbours and with nothing
 * else, and the page map forgets it. */
#include <errno.h>

#include "common/lock.h"
#include "stage4_pagecache/tests/page_cache_support.h"

enum { WHOLE_PAGES = 4 * MIB_PAGES, PARTS = 16, PART_PAGES = WHOLE_PAGES / PARTS };

/* Cut a free region into parts, all of it: then the only way to get it whole is to unite them. */
static void take_parts(unsigned class_id)
{
    for (size_t i = 0; i < PARTS; i++)
        add_live(take(PART_PAGES, i % 2 == 0 ? class_id : 0));
}

/* The place in the table of the live span with the lowest or highest address. */
static size_t live_at_end(bool highest)
{
    size_t found = 0;
    for (size_t i = 1; i < live_count; i++)
        if ((live_spans[i].span->first_page > live_spans[found].span->first_page) == highest)
            found = i;
    return found;
}

/* Every second part, so that each that is freed has two live neighbours; the rest come back between
 * two free ones. */
static void free_every_second(void)
{
    for (size_t i = 0; i < PARTS / 2; i++) {
        uintptr_t lowest = live_spans[live_at_end(false)].span->first_page;
        for (size_t place = 0; place < live_count; place++) {
            size_t distance = (live_spans[place].span->first_page - lowest) / PART_PAGES;
            if (distance % 2 == 1) {
                free_live(place);
                break;
            }
        }
    }
}

/* The whole again, without more memory from the system. */
static void check_is_whole(const char *order)
{
    size_t mapped_before = mapped_bytes();
    struct span *whole = take(WHOLE_PAGES, 0);
    CHECK(mapped_bytes() - mapped_before < WHOLE_PAGES * (size_t)PAGE_BYTES,
          "parts were freed %s: the whole region is free, but a new one was mapped", order);
    page_cache_free(whole);
}

TEST(page_cache_free, hands_out_freed_pages_again, .points = 1, .invariant = "I6", .section = "4.3",
     .needs = "page_cache_alloc/hands_out_exactly_the_pages_asked_for",
     .hint =
         "A span that comes back goes into the bin of its page count; look there before you grow.")
{
    for (size_t i = 0; i < 100; i++)
        add_live(take(1 + i, (unsigned)i % 98));
    free_all_live();
    CHECK_EQUAL(lock_held_count(), 0, "locks held after page_cache_free");
    size_t mapped_before = mapped_bytes();
    for (size_t round = 0; round < 20; round++) {
        for (size_t i = 0; i < 100; i++)
            add_live(take(1 + i, (unsigned)i % 98));
        free_all_live();
    }
    CHECK_AT_MOST(mapped_bytes() - mapped_before, PAGE_CACHE_GROW_BYTES,
                  "bytes mapped while the same spans come and go");
    struct span *span = take(10, 0);
    errno = 4242;
    page_cache_free(span);
    CHECK_EQUAL(errno, 4242, "errno after page_cache_free, which never fails");
}

TEST(page_cache_free, coalesces_with_both_neighbours, .points = 1, .invariant = "I5",
     .section = "4.3", .needs = "page_cache_alloc/hands_out_exactly_the_pages_asked_for",
     .hint = "Ask the page map about the page before the first and the page after the last. A free "
             "neighbour leaves its bin, and one record is enough for both.")
{
    page_cache_free(take(WHOLE_PAGES, 0));
    check_is_whole("in one piece");
    take_parts(8);
    while (live_count != 0)
        free_live(live_at_end(false));
    check_is_whole("from the lowest to the highest");
    take_parts(9);
    while (live_count != 0)
        free_live(live_at_end(true));
    check_is_whole("from the highest to the lowest");
    take_parts(10);
    free_every_second();
    free_all_live();
    check_is_whole("every second one first");
    for (size_t i = 0; i < 3; i++)
        add_live(take_aligned(3, WHOLE_PAGES / 8, 11));
    free_all_live();
    check_is_whole("after spans that were aligned");
}

/* A large span's neighbours are freed: if it is not known to be in use, they take it with them. */
TEST(page_cache_free, leaves_live_neighbours_alone, .points = 1, .invariant = "I4",
     .section = "4.3", .needs = "page_cache_alloc/hands_out_exactly_the_pages_asked_for",
     .hint = "Only a neighbour whose state is SPAN_FREE may be united with. Set the state of every "
             "span that you hand out, large ones too, and let its ends map to it.")
{
    for (unsigned round = 0; round < 3; round++) {
        unsigned class_of_even = round == 1 ? 20 : 0;
        for (size_t i = 0; i < 60; i++)
            add_live(take(1 + i % 5 * 20, i % 2 == 0 ? class_of_even : round == 2 ? 21 : 0));
        for (size_t i = 60; i-- > 0;)
            if (i % 2 == 0)
                free_live(i);
        check_all_live();
        for (size_t i = 0; i < 60; i++)
            add_live(take(1 + i % 7 * 15, 0));
        check_all_live();
        free_all_live();
    }
}

/* Pages of small spans map to them one by one. After they are free, and part of a large span, no
 * page inside may remember. */
TEST(page_cache_free, forgets_the_pages_of_small_spans, .points = 1, .invariant = "I3",
     .section = "4.3", .needs = "page_cache_alloc/hands_out_exactly_the_pages_asked_for",
     .hint =
         "Take back every entry that was set: of a small span all pages; of a large or free one "
         "both ends, also when it is split or united.")
{
    page_cache_free(take(WHOLE_PAGES, 0));
    for (size_t part_pages = 1; part_pages <= 16; part_pages *= 4) {
        for (size_t i = 0; i < 30; i++)
            add_live(take(part_pages, 1 + (unsigned)i));
        uintptr_t first_page = live_spans[live_at_end(false)].span->first_page;
        free_all_live();
        check_pages_forgotten(first_page, 30 * part_pages);
        struct span *large = take(WHOLE_PAGES, 0);
        check_page_map(large);
        page_cache_free(large);
        check_pages_forgotten(first_page, 30 * part_pages);
    }
}

/* Spans that a design may well map on their own and unmap: the longer the span and its alignment, the
 * more likely. What is mapped later, beside or over them, must meet nothing of theirs. */
TEST(page_cache_free, forgets_spans_that_went_back_to_the_system, .points = 1, .invariant = "I3",
     .section = "4.3", .needs = "page_cache_alloc/hands_out_exactly_the_pages_asked_for",
     .hint = "Whatever is unmapped, and every record that is dropped, leaves the page map first.")
{
    for (size_t alignment = 1; alignment <= 4 * MIB_PAGES; alignment *= 8) {
        for (size_t page_count = 1; page_count <= 16 * MIB_PAGES; page_count *= 4)
            add_live(take_aligned(page_count + 1, alignment, 0));
        free_all_live(); /* and asks the page map about each page */
        add_live(take(alignment + 129, 0));
        check_page_map(live_spans[0].span);
        free_all_live();
    }
}

/* Neighbours of which only every second one was written to, whichever comes back first. */
static void check_fresh_of_united(unsigned round)
{
    struct span *spans[4];
    for (size_t i = 0; i < 4; i++)
        spans[i] = take(8, 33); /* tail at the start: not one object was handed out */
    for (size_t i = round & 1; i < 4; i += 2)
        stamp(spans[i], 1);
    for (size_t i = 0; i < 4; i++)
        page_cache_free(spans[(round & 2) == 0 ? i : 3 - i]);
    struct span *united = take(8 + round, 0);
    struct span *rest = take(24 - round, 0);
    stamp(united, 2);
    check_fresh(rest);
}

TEST(page_cache_free, knows_that_used_pages_are_not_fresh, .points = 1, .invariant = "I7",
     .section = "4.3", .needs = "page_cache_alloc/hands_out_exactly_the_pages_asked_for",
     .hint =
         "A large span comes back with no fresh page. When two spans are united, the lower one's "
         "fresh pages stay so only if all pages after them are fresh.")
{
    for (unsigned round = 0; round < 8; round++)
        check_fresh_of_united(round);
    struct test_random random = test_random_start(2);
    for (size_t round = 0; round < 30; round++) {
        for (size_t i = 0; i < 20; i++)
            add_live(take(1 + test_random_below(&random, 100), 0)); /* each take checks freshness */
        for (size_t i = 0; i < 15; i++)
            free_live(test_random_below(&random, live_count));
    }
    check_all_live();
}

/* Only pages below the tail of a small span were handed out as objects. */
TEST(page_cache_free, knows_that_pages_below_the_tail_are_not_fresh, .points = 1, .invariant = "I7",
     .section = "4.3", .needs = "page_cache_alloc/hands_out_exactly_the_pages_asked_for",
     .hint =
         "Of a small span that comes back, pages that start at or above its tail were not touched: "
         "of its fresh pages, those are still fresh.")
{
    for (size_t used_bytes = 0; used_bytes <= 8 * PAGE_BYTES; used_bytes += PAGE_BYTES / 2) {
        struct span *span = take(8, 33);
        span->tail += used_bytes;
        for (size_t at = 0; at < used_bytes; at++)
            span_start(span)[at] = 1;
        page_cache_free(span);
        struct span *again = take(8, 0);
        add_live(again); /* take has looked at its fresh pages */
    }
    check_all_live();
}

TEST(
    page_cache_free, notices_a_double_free, .points = 1, .invariant = "I4", .section = "4.3",
    .needs = "page_cache_alloc/hands_out_exactly_the_pages_asked_for",
    .hint =
        "A span that comes back must be SPAN_SMALL or SPAN_LARGE. Look before you change anything.")
{
    take(10, 0);
    struct span *span = take(10, 0);
    take(10, 0);
    char *start = span_start(span);
    page_cache_free(span);
    test_expect_caller_bug(CALLER_BUG_DOUBLE_FREE, start);
    page_cache_free(span);
}

/* --- Random work against a shadow: the stamps, the table, the page map --- */

static void work_at_random(struct test_random *random, size_t steps, size_t most_live)
{
    for (size_t step = 0; step < steps; step++) {
        bool grows = live_count == 0 || test_random_below(random, most_live) >= live_count;
        if (!grows) {
            free_live(test_random_below(random, live_count));
            continue;
        }
        size_t limit = test_random_below(random, 20) == 0 ? 400 : 24;
        size_t alignment =
            (size_t)1 << (test_random_below(random, 8) == 0 ? test_random_below(random, 7) : 0);
        unsigned class_id = (unsigned)test_random_below(random, 2 * 98);
        add_live(take_aligned(1 + test_random_below(random, limit), alignment,
                              class_id > 97 ? 0 : class_id));
    }
}

TEST(page_cache_free, keeps_spans_apart_over_random_work, .points = 0, .invariant = "I4",
     .section = "4.3", .needs = "page_cache_alloc/hands_out_exactly_the_pages_asked_for",
     .hint = "Run it with different seeds, and page_cache_check after each step of "
             "your own: which step breaks the first invariant?")
{
    for (uint64_t stream = 0; stream < 4; stream++) {
        struct test_random random = test_random_start(10 + stream);
        os_standin_give_odd_addresses(stream % 2 == 1);
        work_at_random(&random, 1500, 100);
        check_all_live();
        work_at_random(&random, 300, 10);
        free_all_live();
    }
}

/* Records run out while there are free pages: nothing may be half done then. */
TEST(page_cache_free, loses_no_page_when_maps_fail, .points = 0, .invariant = "I4",
     .section = "4.3", .needs = "page_cache_alloc/hands_out_exactly_the_pages_asked_for",
     .hint =
         "An allocation that fails puts nothing out of place: all that was free is still free and "
         "whole.")
{
    enum { PAGES = 16 * MIB_PAGES };
    page_cache_free(take(PAGES, 0));
    os_standin_fail_all_maps(true);
    static struct span *taken[PAGES + 1];
    size_t count = 0;
    errno = 0;
    while (count < PAGES && (taken[count] = page_cache_alloc(1, 1, 0)) != NULL)
        count++;
    CHECK(count == PAGES || errno == ENOMEM, "expected errno = ENOMEM with NULL, got %d", errno);
    CHECK_AT_MOST(100, count, "single pages handed out of a free region while no map succeeds");
    for (size_t i = 0; i < count; i += 2)
        page_cache_free(taken[i]);
    CHECK(page_cache_alloc(2 * PAGES, 1, 0) == NULL, "expected NULL: no region can be mapped");
    for (size_t i = 1; i < count; i += 2)
        page_cache_free(taken[i]);
    size_t mapped_before = mapped_bytes();
    take(PAGES, 0);
    CHECK_EQUAL(mapped_bytes(), mapped_before, "bytes mapped while the whole region is free");
    os_standin_fail_all_maps(false);
    take(2 * PAGES, 0);
}

/* Several threads at once: each stamps what it is given, and nobody else may write there. */
#include <stdatomic.h>

#include "stage4_pagecache/tests/page_cache_support.h"

/* The region is longer than what the threads keep at a time. */
enum { THREADS = 4, KEPT = 12, STEPS = 600, REGION_PAGES = THREADS * KEPT * 64 };

struct kept_span {
    struct span *span;
    uint64_t value;
};

static void give_back(struct kept_span *kept)
{
    check_stamp(kept->span, kept->value);
    page_cache_free(kept->span);
    kept->span = NULL;
}

/* Not take(): its look at the stand-in's table would put the threads in order, and hide races. */
static void take_one(struct kept_span *kept, struct test_random *random, uint64_t value)
{
    size_t limit = test_random_below(random, 8) == 0 ? 200 : 12;
    size_t page_count = 1 + test_random_below(random, limit);
    unsigned class_id = (unsigned)test_random_below(random, 2 * 98);
    kept->span = page_cache_alloc(page_count, 1, class_id > 97 ? 0 : class_id);
    kept->value = value;
    CHECK(kept->span != NULL, "page_cache_alloc(%zu pages): got NULL", page_count);
    CHECK_EQUAL(kept->span->page_count, page_count, "pages of the span");
    check_fresh(kept->span);
    check_page_map(kept->span);
    stamp(kept->span, value);
}

static void resize_one(struct kept_span *kept, struct test_random *random)
{
    if (kept->span->class_id != 0)
        return;
    size_t pages_before = kept->span->page_count;
    (void)page_cache_resize(kept->span, 1 + test_random_below(random, 40));
    size_t pages_after = kept->span->page_count;
    check_stamp_of(kept->span, pages_before < pages_after ? pages_before : pages_after,
                   kept->value);
    check_page_map(kept->span);
    stamp(kept->span, kept->value);
}

static void take_and_free(unsigned index, void *argument)
{
    (void)argument;
    struct test_random random = test_random_start(100 + index);
    struct kept_span kept[KEPT] = {{NULL, 0}};
    for (uint64_t step = 0; step < STEPS; step++) {
        struct kept_span *one = &kept[test_random_below(&random, KEPT)];
        if (one->span == NULL)
            take_one(one, &random, (uint64_t)(index + 1) << 20 | step);
        else
            give_back(one);
    }
    for (size_t i = 0; i < KEPT; i++)
        if (kept[i].span != NULL)
            give_back(&kept[i]);
}

/* All is free again, in one region as at the start. */
static void check_region_is_whole(void)
{
    size_t mapped_before = mapped_bytes();
    page_cache_free(take(REGION_PAGES, 0));
    CHECK_AT_MOST(mapped_bytes() - mapped_before, REGION_PAGES * (size_t)PAGE_BYTES - 1,
                  "bytes mapped though a region of that length is free");
}

TEST(page_cache_threads, take_and_free_spans_at_once, .points = 1, .invariant = "I4",
     .section = "4.3", .needs = "page_cache_alloc/hands_out_exactly_the_pages_asked_for",
     .threads = true,
     .hint =
         "One lock guards bins, tree, records and counts: whatever reads or writes them holds it.")
{
    page_cache_free(take(REGION_PAGES, 0));
    test_run_threads(THREADS, take_and_free, NULL);
    check_region_is_whole();
}

static atomic_uint workers_left;

static void purge_all_the_time(void)
{
    do {
        (void)page_cache_purge(0);
    } while (atomic_load_explicit(&workers_left, memory_order_relaxed) != 0);
}

static void take_resize_and_free(unsigned index)
{
    struct test_random random = test_random_start(200 + index);
    struct kept_span kept[KEPT] = {{NULL, 0}};
    for (uint64_t step = 0; step < STEPS; step++) {
        struct kept_span *one = &kept[test_random_below(&random, KEPT)];
        if (one->span == NULL)
            take_one(one, &random, (uint64_t)(index + 1) << 20 | step);
        else if (test_random_below(&random, 2) == 0)
            resize_one(one, &random);
        else
            give_back(one);
    }
    for (size_t i = 0; i < KEPT; i++)
        if (kept[i].span != NULL)
            give_back(&kept[i]);
    atomic_fetch_sub_explicit(&workers_left, 1, memory_order_relaxed);
}

static void purge_or_work(unsigned index, void *argument)
{
    (void)argument;
    if (index == 0)
        purge_all_the_time();
    else
        take_resize_and_free(index);
}

/* While one thread purges, without the lock, the others take the neighbours and give them back. */
TEST(page_cache_threads, resize_and_purge_at_once, .points = 1, .invariant = "I5", .section = "4.6",
     .needs = "page_cache_alloc/hands_out_exactly_the_pages_asked_for", .threads = true,
     .hint = "A span that is being purged must not be found: not in a bin, not in the tree, and "
             "not by a "
             "neighbour that asks the page map. Afterwards it is coalesced as if it came back.")
{
    page_cache_free(take(REGION_PAGES, 0));
    workers_left = THREADS - 1;
    test_run_threads(THREADS, purge_or_work, NULL);
    check_region_is_whole();
}

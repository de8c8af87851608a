/* How spans are cut into objects: task 3.1. None of these tests gives an object back. */
#include <stdint.h>
#include <valgrind/valgrind.h>

#include "stage2_threadcache/size_class.h"
#include "stage3_centralcache/central_cache.h"
#include "stage3_centralcache/standin/page_cache_standin.h"
#include "stage3_centralcache/tests/program.h"
#include "stage4_pagecache/page_map.h"

static size_t objects_that_fit(unsigned class_id)
{
    return size_class_pages(class_id) * PAGE_BYTES / size_class_bytes(class_id);
}

TEST(central_cache_spans, hands_out_an_object, .points = 2, .invariant = "I2", .section = "3.1",
     .hint = "With no span yet: page_cache_alloc, with no lock held. Then cut the first object off "
             "its tail, push it on `out`, and return 1.")
{
    unsigned class_id = size_class_of(48);
    char *object = take_one(class_id);
    test_fill(object, 48, 1);
    test_check_filled(object, 48, 1);
    CHECK_EQUAL(page_standin_counts().spans_out, 1, "spans behind one object");
}

/* More than a batch may be wanted too, and more than a span holds. */
TEST(central_cache_spans, gives_one_to_as_many_as_wanted, .points = 2, .invariant = "I1",
     .section = "3.1", .needs = "central_cache_spans/hands_out_an_object",
     .hint = "Stop at `want`. The count returned, out->count and the length of the chain are one "
             "number, and the last link is NULL.")
{
    for (unsigned class_id = 1; class_id < SIZE_CLASS_COUNT; class_id++) {
        size_t batch = size_class_batch(class_id);
        size_t const wants[] = {1, 2, batch - 1, batch, batch + 1, objects_that_fit(class_id) + 1};
        for (size_t i = 0; i < sizeof wants / sizeof *wants; i++) {
            struct free_list out = {0};
            if (wants[i] != 0)
                take(class_id, wants[i], &out);
        }
    }
}

/* Take every object of a span, and the one after, which is the first of the next span. */
static size_t count_objects_of_a_span(unsigned class_id)
{
    enum { MOST = 1100 };
    static char *objects[MOST];
    size_t object_bytes = size_class_bytes(class_id);
    size_t allocs = page_standin_counts().allocs;
    size_t count = 0;
    for (; page_standin_counts().allocs < allocs + 2; count++) {
        CHECK(count < MOST, "more than %d objects of %zu bytes out of one span", MOST,
              object_bytes);
        objects[count] = take_one(class_id);
        test_fill(objects[count], object_bytes, count);
    }
    for (size_t i = 0; i < count; i++)
        test_check_filled(objects[i], object_bytes, i);
    return count - 1;
}

TEST(central_cache_spans, cuts_a_span_to_its_last_whole_object, .points = 5, .invariant = "I2",
     .section = "3.1", .needs = "central_cache_spans/hands_out_an_object",
     .hint = "Is there room for a whole object between the tail and the end of the span? That the "
             "next object starts before the end is not enough.")
{
    for (unsigned class_id = 1; class_id < SIZE_CLASS_COUNT; class_id++) {
        size_t count = count_objects_of_a_span(class_id);
        size_t fit = objects_that_fit(class_id);
        CHECK(count == fit,
              "class %u: %zu objects of %zu bytes fit into %zu pages; got %zu of them", class_id,
              fit, size_class_bytes(class_id), size_class_pages(class_id), count);
    }
    page_standin_check_guards();
}

TEST(central_cache_spans, starts_objects_at_multiples_of_their_size, .points = 1, .invariant = "I2",
     .section = "3.1", .needs = "central_cache_spans/hands_out_an_object",
     .hint = "The first object starts where the span does; each other where the one before ends.")
{
    for (unsigned class_id = 1; class_id < SIZE_CLASS_COUNT; class_id++) {
        size_t object_bytes = size_class_bytes(class_id);
        struct free_list out = {0};
        take_exactly(class_id, objects_that_fit(class_id) + 1, &out);
        for (const char *object = out.head; object != NULL; object = free_list_next(object)) {
            size_t offset = (size_t)(object - span_start(page_map_span(object)));
            CHECK(offset % object_bytes == 0, "%p lies %zu bytes into its span: no multiple of %zu",
                  (const void *)object, offset, object_bytes);
        }
    }
}

TEST(central_cache_spans, asks_for_a_span_only_when_none_is_left, .points = 3, .invariant = "I5",
     .section = "3.1", .needs = "central_cache_spans/hands_out_an_object",
     .hint = "Keep the span from one fetch to the next. A span has size_class_pages pages.")
{
    for (unsigned class_id = 1; class_id < SIZE_CLASS_COUNT; class_id += 3) {
        size_t fit = objects_that_fit(class_id);
        size_t batch = size_class_batch(class_id);
        struct page_standin_counts before = page_standin_counts();
        size_t fetches = 0;
        for (size_t total = 0; total < 4 * fit; fetches++) {
            struct free_list out = {0};
            total += take(class_id, batch, &out);
            CHECK_AT_MOST(page_standin_counts().allocs - before.allocs, (total + fit - 1) / fit,
                          "spans asked for, by what their objects fill");
        }
        CHECK_AT_MOST(fetches, 2 * (4 * fit / batch) + 4, "fetches of a batch for 4 spans");
        struct page_standin_counts after = page_standin_counts();
        CHECK_EQUAL(after.pages_out - before.pages_out,
                    (after.allocs - before.allocs) * size_class_pages(class_id),
                    "pages asked for, size_class_pages for each span");
    }
}

/* A span of this class is one object: exhausted as soon as it is there. */
static size_t records_touched_by_a_fetch(unsigned class_id)
{
    page_standin_watch_records();
    (void)take_one(class_id);
    return page_standin_stop_watching();
}

TEST(central_cache_spans, looks_at_no_exhausted_span, .points = 4, .invariant = "I5",
     .section = "3.1", .needs = "central_cache_spans/hands_out_an_object",
     .hint = "A span with nothing left leaves the list that fetch looks at, in the moment when its "
             "last object goes out. It must not be searched for then.")
{
    enum { FEW = 10 };
    const size_t many = RUNNING_ON_VALGRIND ? 100 : 10000;
    unsigned class_id = size_class_of(40960); /* one to a span: each that is taken exhausts one */
    CHECK_EQUAL(size_class_pages(class_id) * PAGE_BYTES, 40960, "bytes of a span of this class");
    size_t exhausted = 0;
    for (; exhausted < FEW; exhausted++)
        (void)take_one(class_id);
    size_t touched_by_few = records_touched_by_a_fetch(class_id);
    for (; exhausted < many; exhausted++)
        (void)take_one(class_id);
    CHECK_AT_MOST(records_touched_by_a_fetch(class_id), touched_by_few + 4,
                  "pages of span records that one fetch looks at, with 10,000 exhausted spans");
}

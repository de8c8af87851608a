/* Programs that give back what they must not: task 3.3. Each of these objects goes back into its
 * span, since one is no batch, and so is looked at. */
#include <stdalign.h>

#include "stage2_threadcache/size_class.h"
#include "stage3_centralcache/central_cache.h"
#include "stage3_centralcache/standin/arena.h"
#include "stage3_centralcache/standin/page_cache_standin.h"
#include "stage3_centralcache/tests/program.h"
#include "stage4_pagecache/page_map.h"

TEST(central_cache_caller_bugs, notices_a_foreign_address, .points = 1, .invariant = "I1",
     .section = "3.3", .needs = "central_cache_spans/hands_out_an_object",
     .hint = "page_map_span says which span covers an address: NULL if none does.")
{
    static alignas(16) char foreign[64];
    unsigned class_id = size_class_of(64);
    (void)take_one(class_id);
    test_expect_caller_bug(CALLER_BUG_NOT_OURS, foreign);
    give_one(class_id, foreign);
}

/* The span has gone down: nothing covers the object any more. */
TEST(central_cache_caller_bugs, notices_an_object_of_a_span_that_went_down, .points = 1,
     .invariant = "I4", .section = "3.3", .needs = "central_cache_spans/hands_out_an_object",
     .hint = "Ask the page map for the span of each object, and do not remember it from before.")
{
    unsigned class_id = size_class_of(64);
    char *object = take_one(class_id);
    give_one(class_id, object);
    CHECK_EQUAL(page_standin_counts().spans_out, 0, "spans out after their only object came back");
    arena_show(object, 64);
    test_expect_caller_bug(CALLER_BUG_NOT_OURS, object);
    give_one(class_id, object);
}

/* Where a design cuts spans up front, it lies below the tail, and is in its span already. */
TEST(central_cache_caller_bugs, notices_an_object_never_handed_out, .points = 1, .invariant = "I1",
     .section = "3.3", .needs = "central_cache_spans/hands_out_an_object",
     .hint = "What lies at or above the span's tail nobody can have had.")
{
    unsigned class_id = size_class_of(48);
    char *object = take_one(class_id);
    char *never = object + 48; /* the very next one */
    bool is_tail = (uintptr_t)never >= page_map_span(object)->tail;
    test_expect_caller_bug(is_tail ? CALLER_BUG_NOT_OURS : CALLER_BUG_DOUBLE_FREE, never);
    give_one(class_id, never);
}

TEST(central_cache_caller_bugs, notices_an_object_of_another_class, .points = 1, .invariant = "I1",
     .section = "3.3", .needs = "central_cache_spans/hands_out_an_object",
     .hint = "A span knows its class.")
{
    (void)take_one(size_class_of(64));
    char *object = take_one(size_class_of(128));
    test_expect_caller_bug(CALLER_BUG_WRONG_CLASS, object);
    give_one(size_class_of(64), object);
}

TEST(central_cache_caller_bugs, notices_a_large_object, .points = 1, .invariant = "I1",
     .section = "3.3", .needs = "central_cache_spans/hands_out_an_object",
     .hint = "Not every span is SPAN_SMALL.")
{
    unsigned class_id = size_class_of(64);
    (void)take_one(class_id);
    char *large = span_start(page_standin_make_large(40));
    test_expect_caller_bug(CALLER_BUG_WRONG_CLASS, large);
    give_one(class_id, large);
}

TEST(central_cache_caller_bugs, notices_the_inside_of_an_object, .points = 1, .invariant = "I2",
     .section = "3.3", .needs = "central_cache_spans/hands_out_an_object",
     .hint = "Objects start at multiples of their size from the span's start.")
{
    unsigned class_id = size_class_of(48);
    struct free_list list = {0};
    take_exactly(class_id, 20, &list);
    char *object = span_start(page_map_span(list.head)) + 3 * (size_t)48;
    test_expect_caller_bug(CALLER_BUG_INTERIOR, object + 16);
    give_one(class_id, object + 16);
}

/* Others were freed in between, and the test's own link is in the object's first word. */
TEST(central_cache_caller_bugs, notices_a_double_free, .points = 3, .invariant = "I1",
     .section = "3.3", .needs = "central_cache_spans/hands_out_an_object",
     .hint = "You cannot walk the list for each object. Leave something in the object, in its "
             "second word, or in the span, that says so; take it away when the object goes out.")
{
    unsigned class_id = size_class_of(16);
    char *objects[6];
    for (size_t i = 0; i < 6; i++)
        objects[i] = take_one(class_id);
    for (size_t i = 0; i < 5; i++)
        give_one(class_id, objects[i]);
    test_expect_caller_bug(CALLER_BUG_DOUBLE_FREE, objects[1]);
    give_one(class_id, objects[1]);
}

/* Objects that the program never writes to, so what the layer left in them is still there; also in
 * a span that lies where an older one was. */
TEST(central_cache_caller_bugs, raises_no_false_alarm, .points = 1, .invariant = "I1",
     .section = "3.3", .needs = "central_cache_spans/hands_out_an_object",
     .hint = "Whatever marks an object as free must be gone when the object is handed out, from "
             "the list or from the tail.")
{
    page_standin_reuse_places(true);
    for (unsigned class_id = 1; class_id <= size_class_of(2048); class_id++) {
        for (int round = 0; round < 3; round++) {
            struct free_list held = {0};
            take_exactly(class_id, 5, &held);
            give_some(class_id, &held, 4, 1);
            take_exactly(class_id, 4, &held);
            give_some(class_id, &held, 5, 2);
        }
    }
    expect_all_spans_back();
}

/* The program wrote to an object after freeing it. A design without links never trips over that;
 * then all it hands out must be sound. */
TEST(central_cache_caller_bugs, notices_a_damaged_link, .points = 1, .invariant = "I2",
     .section = "3.3", .needs = "central_cache_spans/hands_out_an_object",
     .hint = "Before you follow the link of a free object, see whether it leads out of the span. "
             "Announce the object that has the link.")
{
    unsigned class_id = size_class_of(64);
    char *objects[4];
    for (size_t i = 0; i < 4; i++)
        objects[i] = take_one(class_id);
    give_one(class_id, objects[0]);
    give_one(class_id, objects[1]);
    const struct span *span = page_map_span(objects[1]);
    free_list_set_next(objects[1],
                       span_start(span) + span_bytes(span)); /* the next byte behind it */
    test_expect_caller_bug(CALLER_BUG_CORRUPT_LINK, objects[1]);
    struct free_list rest = {0};
    take_exactly(class_id, PAGE_BYTES / 64 - 2, &rest);
    test_pass();
}

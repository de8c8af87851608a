/* How objects go back into their spans: task 3.2. Lists of fewer objects than a batch, so that
 * nothing is kept ready. */
#include <errno.h>

#include "stage2_threadcache/size_class.h"
#include "stage3_centralcache/central_cache.h"
#include "stage3_centralcache/standin/page_cache_standin.h"
#include "stage3_centralcache/tests/program.h"
#include "stage4_pagecache/page_map.h"

/* The last class whose batch is more than one object. */
static unsigned last_batched_class(void)
{
    return size_class_of(32 * 1024);
}

static size_t objects_that_fit(unsigned class_id)
{
    return size_class_pages(class_id) * PAGE_BYTES / size_class_bytes(class_id);
}

TEST(central_cache_release, hands_out_again_what_came_back, .points = 3, .invariant = "I1",
     .section = "3.2", .needs = "central_cache_spans/hands_out_an_object",
     .hint = "A span that was exhausted has an object left again: put it back into the list that "
             "fetch looks at. Free objects come before the tail.")
{
    for (unsigned class_id = 1; class_id <= last_batched_class(); class_id += 3) {
        struct free_list held = {0};
        take_exactly(class_id, objects_that_fit(class_id), &held);
        size_t allocs = page_standin_counts().allocs;
        for (size_t round = 0; round < 4; round++) {
            give_some(class_id, &held, held.count / 2, size_class_batch(class_id) - 1);
            take_exactly(class_id, objects_that_fit(class_id) - held.count, &held);
        }
        CHECK_EQUAL(page_standin_counts().allocs, allocs,
                    "spans asked for, after objects for all that is wanted came back");
    }
}

/* Objects and the spans they are from, so that a test knows when a span must go down. */
enum { MOST_OBJECTS = 3 * 1024, SPANS = 3 };

static struct {
    char *objects[MOST_OBJECTS];
    size_t count;
    const struct span *spans[SPANS];
    size_t out[SPANS]; /* objects of each in the program's hands */
} held;

static size_t span_number(const char *object)
{
    const struct span *span = page_map_span(object);
    for (size_t i = 0; i < SPANS; i++) {
        if (held.spans[i] == NULL)
            held.spans[i] = span;
        if (held.spans[i] == span)
            return i;
    }
    test_fail(__FILE__, __LINE__, "the objects of %d spans came from more than %d", SPANS, SPANS);
}

static void hold_three_spans(unsigned class_id)
{
    held.count = 0;
    for (size_t i = 0; i < SPANS; i++) {
        held.spans[i] = NULL;
        held.out[i] = 0;
    }
    struct free_list list = {0};
    take_exactly(class_id, SPANS * objects_that_fit(class_id), &list);
    for (char *object = free_list_pop(&list); object != NULL; object = free_list_pop(&list)) {
        held.out[span_number(object)]++;
        held.objects[held.count++] = object;
    }
}

static size_t spans_that_stay(void)
{
    size_t count = 0;
    for (size_t i = 0; i < SPANS; i++)
        count += held.out[i] != 0;
    return count;
}

/* Release up to `count` of the held objects, picked at random, as one list. */
static void give_back_some(unsigned class_id, size_t count, struct test_random *random)
{
    struct free_list list = {0};
    while (list.count < count && held.count > 0) {
        size_t place = test_random_below(random, held.count);
        char *object = held.objects[place];
        held.objects[place] = held.objects[--held.count];
        held.out[span_number(object)]--;
        free_list_push(&list, object);
    }
    give(class_id, &list);
}

TEST(central_cache_release, gives_a_span_down_when_its_last_object_is_back, .points = 4,
     .invariant = "I4", .section = "3.2", .needs = "central_cache_spans/hands_out_an_object",
     .hint = "Count an object out when it leaves its span and in when it is back, on every way "
             "there is. At 0 the span leaves its list, and goes down.")
{
    struct test_random random = test_random_start(1);
    for (unsigned class_id = 1; class_id <= last_batched_class(); class_id += 4) {
        hold_three_spans(class_id);
        while (held.count > 0) {
            give_back_some(class_id, 1 + test_random_below(&random, size_class_batch(class_id) - 1),
                           &random);
            CHECK_EQUAL(page_standin_counts().spans_out, spans_that_stay(),
                        "spans out, by those that have an object out");
        }
    }
    expect_all_spans_back();
}

/* The tail need not have been cut, and an object may go out and come back many times before. */
TEST(central_cache_release, gives_half_used_spans_down_too, .points = 1, .invariant = "I4",
     .section = "3.2", .needs = "central_cache_spans/hands_out_an_object",
     .hint = "What counts is that no object is out, not that all are free.")
{
    for (unsigned class_id = 1; class_id <= last_batched_class(); class_id++) {
        char *first = take_one(class_id);
        for (int i = 0; i < 5; i++)
            give_one(class_id, take_one(class_id));
        CHECK_AT_MOST(1, page_standin_counts().spans_out, "spans out while an object is");
        give_one(class_id, first);
        CHECK_EQUAL(page_standin_counts().spans_out, 0,
                    "spans out after the last object came back");
    }
    expect_all_spans_back();
}

TEST(central_cache_release, keeps_live_objects_apart_over_random_work, .points = 3,
     .invariant = "I1", .section = "3.2", .needs = "central_cache_spans/hands_out_an_object",
     .hint = "Is an object handed out while somebody has it? Is anything written to an object that "
             "is out?")
{
    static const size_t sizes[] = {8, 16, 48, 144, 1024, 6656};
    enum { CLASSES = sizeof sizes / sizeof *sizes, STEPS = 3000 };
    static struct bag bags[CLASSES];
    struct test_random random = test_random_start(2);
    for (size_t i = 0; i < CLASSES; i++)
        bags[i] = (struct bag){.class_id = size_class_of(sizes[i]), .owner = i};
    for (size_t step = 0; step < STEPS; step++) {
        struct bag *bag = &bags[test_random_below(&random, CLASSES)];
        size_t batch = size_class_batch(bag->class_id);
        if (test_random_below(&random, 2) == 0)
            bag_take(bag, 1 + test_random_below(&random, batch));
        else
            bag_give(bag, 1 + test_random_below(&random, batch - 1), &random);
    }
    for (size_t i = 0; i < CLASSES; i++)
        while (bags[i].count > 0)
            bag_give(&bags[i], 1, &random);
    expect_all_spans_back();
}

TEST(central_cache_release, keeps_errno, .points = 1, .invariant = "I1", .section = "3.2",
     .needs = "central_cache_spans/hands_out_an_object",
     .hint = "Release never fails. Whatever it calls, errno is as it was.")
{
    unsigned class_id = size_class_of(64);
    char *first = take_one(class_id);
    char *second = take_one(class_id);
    errno = 4242;
    give_one(class_id, first);
    CHECK_EQUAL(errno, 4242, "errno after a release");
    give_one(class_id, second);
    CHECK_EQUAL(errno, 4242, "errno after a release that gave a span down");
}

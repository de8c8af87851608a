/* What holds for every sequence of calls of the central cache, found by random calls.
 *
 *   page cache (stand-in) ── spans out ──▶  live objects + free in spans + ready batches
 *
 * A slot is a place for a group of objects of one class. */
#include <errno.h>
#include <stdbool.h>

#include "common/testing/property/property.h"
#include "common/testing/property/shadow.h"
#include "stage2_threadcache/size_class.h"
#include "stage3_centralcache/central_cache.h"
#include "stage3_centralcache/standin/page_cache_standin.h"
#include "stage3_centralcache/tests/program.h"
#include "stage4_pagecache/page_map.h"

enum { SLOTS = 16, MOST_IN_SLOT = 200 };

static struct {
    void *objects[MOST_IN_SLOT];
    size_t count;
    unsigned class_id;
} slots[SLOTS];

static struct shadow shadow;
static bool failure_is_due;

static void fail_alloc(size_t nth)
{
    failure_is_due = true;
    page_standin_fail_alloc(nth);
}

/* --- The operations --- */

static void check_failed(unsigned class_id, size_t want, const struct free_list *list)
{
    CHECK(failure_is_due, "fetch(class %u, %zu) returned 0 though no page_cache_alloc failed",
          class_id, want);
    CHECK_EQUAL(errno, ENOMEM, "errno after a fetch that got nothing");
    CHECK(list->head == NULL && list->count == 0,
          "a fetch that got nothing must leave `out` empty");
    failure_is_due = false;
}

/* The links are read before the shadow fills the objects. */
static void keep_in_slot(size_t slot, struct free_list list)
{
    while (list.head != NULL) {
        CHECK(slots[slot].count < MOST_IN_SLOT, "fetch gave more than were wanted");
        slots[slot].objects[slots[slot].count++] = free_list_pop(&list);
    }
    size_t bytes = size_class_bytes(slots[slot].class_id);
    for (size_t i = 0; i < slots[slot].count; i++) {
        CHECK(page_standin_covers(slots[slot].objects[i], bytes, slots[slot].class_id),
              "the object %p of %zu bytes does not lie whole inside a span of its class",
              slots[slot].objects[i], bytes);
        PROPERTY_CHECK(shadow_add(&shadow, slots[slot].objects[i], bytes, bytes < 16 ? 8 : 16));
    }
}

static void run_fetch(const uint64_t *arguments)
{
    unsigned class_id = (unsigned)arguments[0];
    size_t slot = arguments[1];
    size_t want = arguments[2];
    struct free_list list = {0};
    if (class_id == 0 || want == 0 || slots[slot].count != 0)
        property_skip();
    errno = 0;
    size_t count = central_cache_fetch(class_id, want, &list);
    property_result("%zu objects, the first %p", count, list.head);
    if (count == 0) {
        check_failed(class_id, want, &list);
        return;
    }
    CHECK(count <= want && list.count == count,
          "fetch(class %u, %zu) returned %zu, and a list whose count is %zu", class_id, want, count,
          list.count);
    slots[slot].class_id = class_id;
    keep_in_slot(slot, list);
    CHECK_EQUAL(slots[slot].count, count, "length of the list that fetch filled");
}

static void run_release(const uint64_t *arguments)
{
    size_t slot = arguments[0];
    size_t count = arguments[1] < slots[slot].count ? arguments[1] : slots[slot].count;
    struct free_list list = {0};
    if (count == 0)
        property_skip();
    while (list.count < count) {
        void *object = slots[slot].objects[--slots[slot].count];
        PROPERTY_CHECK(shadow_remove(&shadow, object));
        free_list_push(&list, object);
    }
    errno = 4242;
    central_cache_release(slots[slot].class_id, &list);
    property_result("%zu of class %u", count, slots[slot].class_id);
    CHECK_EQUAL(errno, 4242, "errno after a release");
    CHECK(list.head == NULL && list.count == 0, "release must leave the list empty");
}

/* I4: with no batch ready, each span that is out has a live object. The shadow is in order of
 * address, so objects of one span are neighbours. */
static void check_spans_have_live_objects(void)
{
    size_t spans = 0;
    const struct span *previous = NULL;
    for (size_t i = 0; i < shadow.count; i++) {
        const struct span *span = page_map_span(shadow.objects[i].start);
        spans += span != previous;
        previous = span;
    }
    CHECK_EQUAL(page_standin_counts().spans_out, spans,
                "spans out after a flush, each with a live object");
}

static void run_flush(const uint64_t *arguments)
{
    (void)arguments;
    central_cache_flush();
    property_result("%zu spans out", page_standin_counts().spans_out);
    check_spans_have_live_objects();
}

/* From here on; the stand-in cannot go back. */
static void run_reuse_places(const uint64_t *arguments)
{
    (void)arguments;
    page_standin_reuse_places(true);
    property_result("set");
}

/* --- The properties --- */

/* Objects of 16 and 64 bytes, 1152 bytes, 9, 36 and 256 KiB: spans of many objects and of one. */
static uint64_t draw_class(struct test_random *random)
{
    static const unsigned classes[] = {2, 5, 34, 58, 74, 97};
    return classes[test_random_below(random, sizeof classes / sizeof *classes)];
}

/* Mostly few, often a whole batch of some class. */
static uint64_t draw_count(struct test_random *random)
{
    switch (test_random_below(random, 4)) {
    case 0:
        return test_random_below(random, MOST_IN_SLOT);
    case 1:
        return size_class_batch((unsigned)draw_class(random));
    default:
        return test_random_below(random, 10);
    }
}

static const struct property_operation operations[] = {
    {"fetch",
     12,
     {{"class", 0, draw_class}, {"slot", SLOTS, NULL}, {"want", 0, draw_count}},
     run_fetch,
     false},
    {"release", 16, {{"slot", SLOTS, NULL}, {"count", 0, draw_count}}, run_release, false},
    {"flush", 1, {{NULL, 0, NULL}}, run_flush, false},
    {"reuse-places", 1, {{NULL, 0, NULL}}, run_reuse_places, false},
};

/* Conservation: with all released and flushed, every span is back. */
static void give_all_back(void)
{
    failure_is_due = false;
    for (size_t slot = 0; slot < SLOTS; slot++) {
        const uint64_t all[PROPERTY_MOST_ARGUMENTS] = {slot, MOST_IN_SLOT};
        if (slots[slot].count != 0)
            run_release(all);
    }
    central_cache_flush();
    expect_all_spans_back();
    CHECK_EQUAL(page_standin_counts().locked_calls, 0, "page cache calls with a lock held");
}

static size_t allocs(void)
{
    return page_standin_counts().allocs;
}

static const struct property property = {
    .operations = operations,
    .operation_count = sizeof operations / sizeof *operations,
    .sequences = 80,
    .calls = 250,
    .finish = give_all_back,
    .fail_below = fail_alloc,
    .calls_below = allocs,
};

TEST(central_cache_property, keeps_its_invariants_whatever_the_calls, .points = 2,
     .invariant = "I1", .section = "3.5", .needs = "central_cache_spans/hands_out_an_object",
     .hint = "Replay the script in gdb. Which span did the object come from, and what does its "
             "record say after each call?")
{
    property_check(&property);
}

TEST(central_cache_property, loses_nothing_wherever_a_span_is_refused, .points = 2,
     .invariant = "I1", .section = "3.5", .needs = "central_cache_spans/hands_out_an_object",
     .hint = "When page_cache_alloc returns NULL, whatever was taken so far must not be lost.")
{
    property_check_failures(&property, 3);
}

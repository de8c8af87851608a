/* What holds for every sequence of calls of the page cache, found by random calls. A slot is a place
 * for a span; what the contract says of each span is in page_cache_support.c. */
#include <errno.h>

#include "common/lock.h"
#include "common/testing/property/property.h"
#include "common/testing/property/shadow.h"
#include "stage4_pagecache/tests/page_cache_support.h"

enum { SLOTS = 40, MOST_SHIFT = 6 };

static struct span *slots[SLOTS];
static struct shadow shadow;
static size_t largest_pages; /* that any alloc was given, its alignment counted in */

static struct os_memory_stats below(void)
{
    struct os_memory_stats stats;
    os_memory_stats(&stats);
    return stats;
}

/* All of it is written to: of a small span all objects count as handed out. */
static void note_span(struct span *span)
{
    PROPERTY_CHECK(shadow_add(&shadow, span_start(span), span_bytes(span), PAGE_BYTES));
    if (span->class_id != 0)
        span->tail = (uintptr_t)span_start(span) + span_bytes(span);
}

/* --- The operations --- */

static void run_alloc(const uint64_t *arguments)
{
    size_t slot = arguments[0];
    size_t page_count = arguments[1];
    size_t alignment = (size_t)1 << arguments[2];
    unsigned class_id = (unsigned)arguments[3];
    if (slots[slot] != NULL || page_count == 0)
        property_skip();
    size_t failed_before = below().failed_calls;
    errno = 0;
    struct span *span = page_cache_alloc(page_count, alignment, class_id);
    CHECK_EQUAL(lock_held_count(), 0, "locks held after page_cache_alloc");
    if (span == NULL) {
        property_result("NULL");
        CHECK(below().failed_calls > failed_before,
              "page_cache_alloc returned NULL though no map failed");
        CHECK_EQUAL(errno, ENOMEM, "errno after an alloc that failed");
        return;
    }
    property_result("%zu pages at %p", span->page_count, (void *)span_start(span));
    check_handed_out(span, page_count, alignment, class_id);
    note_span(span);
    slots[slot] = span;
    if (page_count + alignment - 1 > largest_pages)
        largest_pages = page_count + alignment - 1;
}

static void run_free(const uint64_t *arguments)
{
    struct span *span = slots[arguments[0]];
    if (span == NULL)
        property_skip();
    slots[arguments[0]] = NULL;
    uintptr_t first_page = span->first_page;
    size_t page_count = span->page_count;
    check_page_map(span);
    PROPERTY_CHECK(shadow_remove(&shadow, span_start(span)));
    errno = 4242;
    page_cache_free(span);
    property_result("%zu pages", page_count);
    CHECK_EQUAL(errno, 4242, "errno after page_cache_free");
    check_pages_forgotten(first_page, page_count);
}

static void run_resize(const uint64_t *arguments)
{
    struct span *span = slots[arguments[0]];
    if (span == NULL || span->class_id != 0 || arguments[1] == 0)
        property_skip();
    size_t pages_before = span->page_count;
    size_t failed_before = below().failed_calls;
    bool is_resized = page_cache_resize(span, arguments[1]);
    property_result("%s, from %zu to %zu pages", is_resized ? "true" : "false", pages_before,
                    span->page_count);
    CHECK(is_resized || arguments[1] > pages_before || below().failed_calls > failed_before,
          "from %zu to %zu pages: a span can always be made shorter", pages_before,
          (size_t)arguments[1]);
    CHECK_EQUAL(span->page_count, is_resized ? arguments[1] : pages_before, "pages of the span");
    check_page_map(span);
    size_t kept = pages_before < span->page_count ? pages_before : span->page_count;
    PROPERTY_CHECK(shadow_resize(&shadow, span_start(span), kept * PAGE_BYTES, span_start(span),
                                 span_bytes(span), PAGE_BYTES));
}

static void run_purge(const uint64_t *arguments)
{
    size_t bytes = page_cache_purge(arguments[0] * MIB);
    property_result("%zu bytes", bytes);
    PROPERTY_CHECK(shadow_check(&shadow));
}

/* What lies idle goes back; what is live stays as it is. */
static void run_pass_time(const uint64_t *arguments)
{
    os_standin_pass_time((unsigned)arguments[0]);
    page_cache_tick();
    property_result("passed");
    PROPERTY_CHECK(shadow_check(&shadow));
}

/* --- The property --- */

static uint64_t draw_pages(struct test_random *random)
{
    static const uint64_t limits[] = {4, 30, 130, 700};
    return 1 + test_random_below(random, limits[test_random_below(random, 4)]);
}

/* Every second span is a large one. */
static uint64_t draw_class(struct test_random *random)
{
    return test_random_below(random, 2) == 0 ? 0 : test_random_below(random, 98);
}

static uint64_t draw_shift(struct test_random *random)
{
    return test_random_below(random, 3) != 0 ? 0 : test_random_below(random, MOST_SHIFT);
}

static const struct property_operation operations[] = {
    {"alloc",
     10,
     {{"slot", SLOTS, NULL},
      {"pages", 0, draw_pages},
      {"shift", 0, draw_shift},
      {"class", 0, draw_class}},
     run_alloc,
     false},
    {"free", 9, {{"slot", SLOTS, NULL}}, run_free, false},
    {"resize", 6, {{"slot", SLOTS, NULL}, {"pages", 0, draw_pages}}, run_resize, false},
    {"purge", 1, {{"keep-MiB", 6, NULL}}, run_purge, false},
    {"pass-time", 1, {{"ms", 2 * PAGE_CACHE_IDLE_MS, NULL}}, run_pass_time, false},
};

/* Conservation: with all free, the largest span that ever fitted must fit again with no map: no page
 * was lost, and all are united again. */
static void give_all_back(void)
{
    os_standin_fail_map(0);
    for (uint64_t slot = 0; slot < SLOTS; slot++)
        if (slots[slot] != NULL)
            run_free(&slot);
    CHECK_EQUAL(shadow.count, 0, "live spans");
    if (largest_pages == 0)
        return;
    size_t mapped_before = mapped_bytes();
    page_cache_free(take(largest_pages, 0));
    CHECK_AT_MOST(mapped_bytes(), mapped_before,
                  "bytes mapped for a span that fitted before, with all spans free");
}

static size_t maps(void)
{
    return below().map_calls + below().failed_calls;
}

static const struct property property = {
    .operations = operations,
    .operation_count = sizeof operations / sizeof *operations,
    .sequences = 25,
    .calls = 160,
    .finish = give_all_back,
    .fail_below = os_standin_fail_map,
    .calls_below = maps,
};

TEST(page_cache_property, keeps_its_invariants_whatever_the_calls, .points = 1, .invariant = "I4",
     .section = "4.6", .needs = "page_cache_alloc/hands_out_exactly_the_pages_asked_for",
     .hint = "Replay the script in gdb. Draw the spans after each call: do they cover each page "
             "exactly once, and does the page map say so?")
{
    property_check(&property);
}

TEST(page_cache_property, loses_no_page_wherever_a_map_fails, .points = 1, .invariant = "I4",
     .section = "4.6", .needs = "page_cache_alloc/hands_out_exactly_the_pages_asked_for",
     .hint = "Have all that may fail (records, leaves of the page map) in hand before you change "
             "anything.")
{
    property_check_failures(&property, 4);
}

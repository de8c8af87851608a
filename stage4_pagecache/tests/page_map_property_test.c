/* What the page map must answer after any sequence of calls: for each page, what was set last.
 *
 * The model is a few windows of pages, at places where a tree of whatever shape has its borders. */
#include <errno.h>

#include "common/testing/os_memory_standin.h"
#include "common/testing/property/property.h"
#include "stage4_pagecache/page_map.h"

enum { WINDOWS = 4, WINDOW_PAGES = 48, SPANS = 8, CLASSES = 98 };

/* Across borders of leaves at 2^18, at 2^33 pages, in the middle of nowhere, at the very end. */
static const uintptr_t window_start[WINDOWS] = {
    5 * ((uintptr_t)1 << 18) - WINDOW_PAGES / 2, ((uintptr_t)1 << 33) - WINDOW_PAGES / 2,
    (uintptr_t)0x7f0123456, ((uintptr_t)1 << (48 - PAGE_SHIFT)) - WINDOW_PAGES};

static struct {
    bool is_reserved;
    struct span *span;
    unsigned class_id;
} pages[WINDOWS][WINDOW_PAGES];

static struct span spans[SPANS];

static size_t maps(void)
{
    struct os_memory_stats stats;
    os_memory_stats(&stats);
    return stats.map_calls + stats.failed_calls;
}

static size_t failed_maps(void)
{
    struct os_memory_stats stats;
    os_memory_stats(&stats);
    return stats.failed_calls;
}

static size_t count_in_window(const uint64_t *arguments)
{
    size_t left = WINDOW_PAGES - arguments[1];
    if (arguments[2] == 0)
        property_skip();
    return arguments[2] < left ? arguments[2] : left;
}

static void check_page(size_t window, size_t at)
{
    uintptr_t address = (window_start[window] + at) << PAGE_SHIFT;
    static const size_t offsets[] = {0, PAGE_BYTES / 2, PAGE_BYTES - 1};
    for (size_t i = 0; i < sizeof offsets / sizeof *offsets; i++) {
        const void *asked = (const void *)(address + offsets[i]);
        CHECK(page_map_span(asked) == pages[window][at].span,
              "page_map_span(%p): expected %p, got %p", asked, (void *)pages[window][at].span,
              (void *)page_map_span(asked));
        CHECK(page_map_class(asked) == pages[window][at].class_id,
              "page_map_class(%p): expected %u, got %u", asked, pages[window][at].class_id,
              page_map_class(asked));
    }
}

static void check_all_pages(void)
{
    for (size_t window = 0; window < WINDOWS; window++)
        for (size_t at = 0; at < WINDOW_PAGES; at++)
            check_page(window, at);
}

static void run_reserve(const uint64_t *arguments)
{
    size_t count = count_in_window(arguments);
    size_t failed_before = failed_maps();
    errno = 0;
    bool is_reserved = page_map_reserve(window_start[arguments[0]] + arguments[1], count);
    property_result("%s", is_reserved ? "true" : "false");
    if (!is_reserved) {
        CHECK(failed_maps() > failed_before, "page_map_reserve failed though no map did");
        CHECK_EQUAL(errno, ENOMEM, "errno after a reserve that failed");
    }
    for (size_t at = arguments[1]; at < arguments[1] + count; at++)
        pages[arguments[0]][at].is_reserved |= is_reserved;
    check_all_pages();
}

static void run_set(const uint64_t *arguments)
{
    size_t count = count_in_window(arguments);
    struct span *span = arguments[3] % SPANS == 0 ? NULL : &spans[arguments[3] % SPANS];
    unsigned class_id = span == NULL ? 0 : (unsigned)(arguments[3] / SPANS);
    for (size_t at = arguments[1]; at < arguments[1] + count; at++)
        if (!pages[arguments[0]][at].is_reserved)
            property_skip();
    page_map_set(window_start[arguments[0]] + arguments[1], count, span, class_id);
    property_result("span %p, class %u", (void *)span, class_id);
    for (size_t at = arguments[1]; at < arguments[1] + count; at++) {
        pages[arguments[0]][at].span = span;
        pages[arguments[0]][at].class_id = class_id;
    }
    check_all_pages();
}

static const struct property_operation operations[] = {
    {"reserve",
     2,
     {{"window", WINDOWS, NULL}, {"page", WINDOW_PAGES, NULL}, {"count", WINDOW_PAGES, NULL}},
     run_reserve,
     false},
    {"set",
     3,
     {{"window", WINDOWS, NULL},
      {"page", WINDOW_PAGES, NULL},
      {"count", WINDOW_PAGES, NULL},
      {"what", SPANS *CLASSES, NULL}},
     run_set,
     false},
};

static const struct property property = {
    .operations = operations,
    .operation_count = sizeof operations / sizeof *operations,
    .sequences = 20,
    .calls = 120,
    .finish = check_all_pages,
    .fail_below = os_standin_fail_map,
    .calls_below = maps,
};

TEST(page_map_property, answers_what_was_set_last, .points = 1, .invariant = "I3", .section = "4.1",
     .needs = "page_map/maps_each_page_to_its_span_and_class",
     .hint = "Replay the script in gdb. Which page is wrong, in which leaf does it lie, and at "
             "which place there?")
{
    property_check(&property);
}

TEST(page_map_property, forgets_nothing_where_a_map_fails, .points = 0, .invariant = "I3",
     .section = "4.1", .needs = "page_map/maps_each_page_to_its_span_and_class",
     .hint = "A leaf that could not be had leaves all others as they were.")
{
    property_check_failures(&property, 2);
}

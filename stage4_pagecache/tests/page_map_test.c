/* What the page map answers, for any address, before and after its pages were set. The spans are
 * made up: the page map only hands their addresses on. */
#include <errno.h>
#include <stdatomic.h>

#include "common/span.h"
#include "common/testing/os_memory_standin.h"
#include "common/testing/test.h"
#include "stage4_pagecache/page_map.h"

enum { FIRST_CLASS = 1, LAST_CLASS = 97, PAGE_BITS = 48 - PAGE_SHIFT };

static const uintptr_t page_limit = (uintptr_t)1 << PAGE_BITS; /* pages of 48-bit addresses */

static const void *address_in(uintptr_t page, size_t offset)
{
    return (const void *)((page << PAGE_SHIFT) + offset);
}

/* Each byte of a page gives the same answer; the ends and the middle are asked for. */
static void check_page(uintptr_t page, const struct span *span, unsigned class_id)
{
    static const size_t offsets[] = {0, 1, PAGE_BYTES / 2, PAGE_BYTES - 1};
    for (size_t i = 0; i < sizeof offsets / sizeof *offsets; i++) {
        const void *address = address_in(page, offsets[i]);
        const struct span *got = page_map_span(address);
        CHECK(got == span, "page_map_span(%p): expected %p, got %p", address, (const void *)span,
              (const void *)got);
        unsigned got_class = page_map_class(address);
        CHECK(got_class == class_id, "page_map_class(%p): expected %u, got %u", address, class_id,
              got_class);
    }
}

static void check_is_unknown(uintptr_t address)
{
    const struct span *span = page_map_span((const void *)address);
    unsigned class_id = page_map_class((const void *)address);
    CHECK(span == NULL && class_id == 0,
          "nothing was set for %p: expected no span and class 0, got %p and class %u",
          (void *)address, (const void *)span, class_id);
}

static void reserve(uintptr_t first_page, size_t page_count)
{
    CHECK(page_map_reserve(first_page, page_count),
          "page_map_reserve(page %#zx, %zu pages): expected true, got false", (size_t)first_page,
          page_count);
}

TEST(page_map, knows_no_page_that_was_never_set, .points = 1, .invariant = "I3", .section = "4.1",
     .needs = "page_map/maps_each_page_to_its_span_and_class",
     .hint = "Where there is no leaf, the answer is NULL and 0. The program may ask about any "
             "address: NULL, its stack, the kernel's half.")
{
    int on_the_stack = 0;
    check_is_unknown(0);
    check_is_unknown(1);
    check_is_unknown((uintptr_t)&on_the_stack);
    check_is_unknown(UINTPTR_MAX);
    for (unsigned bit = 0; bit < 64; bit++) {
        check_is_unknown((uintptr_t)1 << bit);
        check_is_unknown(((uintptr_t)1 << bit) - 1);
        check_is_unknown(~(uintptr_t)0 << bit);
    }
    const uintptr_t page = 0x12345;
    reserve(page, 1);
    for (uintptr_t neighbour = page - 40; neighbour < page + 40; neighbour++)
        check_page(neighbour, NULL, 0);
}

TEST(page_map, maps_each_page_to_its_span_and_class, .points = 1, .invariant = "I1",
     .section = "4.1", .hint = "Both answers are kept for each page; setting NULL takes them back.")
{
    static struct span spans[LAST_CLASS + 1];
    const uintptr_t first_page = 0x7f0123456;
    reserve(first_page, 3 * (LAST_CLASS + 1));
    for (unsigned class_id = FIRST_CLASS; class_id <= LAST_CLASS; class_id++)
        page_map_set(first_page + 3 * class_id, 3, &spans[class_id], class_id);
    for (unsigned class_id = FIRST_CLASS; class_id <= LAST_CLASS; class_id++)
        for (size_t i = 0; i < 3; i++)
            check_page(first_page + 3 * class_id + i, &spans[class_id], class_id);
    page_map_set(first_page + 3 * 50, 1, NULL, 0);
    page_map_set(first_page + 3 * 50 + 2, 1, &spans[1], 0);
    check_page(first_page + 3 * 50 - 1, &spans[49], 49);
    check_page(first_page + 3 * 50, NULL, 0);
    check_page(first_page + 3 * 50 + 1, &spans[50], 50);
    check_page(first_page + 3 * 50 + 2, &spans[1], 0);
    check_page(first_page + 3 * 51, &spans[51], 51);
    page_map_hide_classes(true); /* the thorough mode: the span as ever, but class 0 */
    page_map_set(first_page, 1, &spans[5], 5);
    check_page(first_page, &spans[5], 0);
    page_map_hide_classes(false);
    page_map_set(first_page, 1, &spans[5], 5);
    check_page(first_page, &spans[5], 5);
}

/* One page for each bit of an address, all set before any is asked: pages whose numbers differ in a
 * single bit must not share a place. */
TEST(page_map, covers_the_whole_48_bits, .points = 1, .invariant = "I1", .section = "4.1",
     .needs = "page_map/maps_each_page_to_its_span_and_class",
     .hint = "How many bits of the page's number does each level use? Together they must be 48 - "
             "PAGE_SHIFT, for addresses of 64-bit programs.")
{
    static struct span spans[PAGE_BITS + 1];
    uintptr_t pages[PAGE_BITS + 1];
    for (unsigned bit = 0; bit < PAGE_BITS; bit++)
        pages[bit] = (uintptr_t)1 << bit;
    pages[PAGE_BITS] = page_limit - 1;
    for (unsigned i = 0; i <= PAGE_BITS; i++) {
        reserve(pages[i], 1);
        page_map_set(pages[i], 1, &spans[i], i + 1);
    }
    for (unsigned i = 0; i <= PAGE_BITS; i++)
        check_page(pages[i], &spans[i], i + 1);
    check_is_unknown(0);
}

TEST(page_map, answers_none_above_48_bits, .points = 1, .invariant = "I3", .section = "4.1",
     .needs = "page_map/maps_each_page_to_its_span_and_class",
     .hint = "An address above 48 bits is not to be cut to 48 bits: look whether its root place "
             "exists before you read it.")
{
    static struct span span;
    const uintptr_t page = 0x5a5a5;
    reserve(page, 1);
    page_map_set(page, 1, &span, 7);
    for (unsigned bit = 32; bit < 64; bit++) {
        check_is_unknown((uintptr_t)address_in(page, 0) + ((uintptr_t)1 << bit));
        check_is_unknown((uintptr_t)address_in(page, 0) | ~(uintptr_t)0 << bit);
    }
    check_page(page, &span, 7);
}

/* The border at `border`, a power of two of pages, between whatever nodes meet there. */
static void check_border(uintptr_t border, struct span *span, unsigned class_id)
{
    enum { REACH = 3 };
    reserve(border - REACH, 2 * REACH);
    page_map_set(border - REACH, 2 * REACH, span, class_id);
    for (uintptr_t page = border - REACH; page < border + REACH; page++)
        check_page(page, span, class_id);
    check_page(border - REACH - 1, NULL, 0);
    check_page(border + REACH, NULL, 0);
    page_map_set(border - 1, 2, NULL, 0);
    check_page(border - 2, span, class_id);
    check_page(border - 1, NULL, 0);
    check_page(border, NULL, 0);
    check_page(border + 1, span, class_id);
}

/* Both ends are reserved already: what lies between is another leaf. */
static void check_leaf_between(void)
{
    enum { LEAF_PAGES = 1 << 18, FEW = 20 };
    static struct span span;
    const uintptr_t first = (uintptr_t)6 * LEAF_PAGES - FEW;
    const size_t page_count = 2 * LEAF_PAGES + 2 * FEW;
    reserve(first, 1);
    reserve(first + page_count - 1, 1);
    reserve(first, page_count);
    page_map_set(first, page_count, &span, 9);
    for (size_t at = 0; at < page_count; at += at < FEW || at > page_count - 2 * FEW ? 1 : 1009)
        check_page(first + at, &span, 9);
    check_page(first - 1, NULL, 0);
    check_page(first + page_count, NULL, 0);
}

TEST(page_map, sets_ranges_across_the_borders_of_leaves, .points = 1, .invariant = "I1",
     .section = "4.1", .needs = "page_map/maps_each_page_to_its_span_and_class",
     .hint = "A range may start in one leaf and end in the next, or the one after: reserve every "
             "leaf of "
             "it, and look the leaf up again where a border is crossed.")
{
    static struct span spans[PAGE_BITS];
    for (unsigned bit = 4; bit < PAGE_BITS; bit++)
        check_border((uintptr_t)1 << bit, &spans[bit], 1 + bit % LAST_CLASS);
    check_leaf_between();
}

static void check_reserve_fails(uintptr_t first_page, size_t page_count, const char *why)
{
    errno = 0;
    CHECK(!page_map_reserve(first_page, page_count),
          "page_map_reserve(page %#zx, %zu pages): expected false (%s), got true",
          (size_t)first_page, page_count, why);
    CHECK_EQUAL(errno, ENOMEM, "errno after a failed page_map_reserve");
}

TEST(page_map, refuses_what_it_cannot_hold, .points = 1, .invariant = "I3", .section = "4.1",
     .needs = "page_map/maps_each_page_to_its_span_and_class",
     .hint =
         "Where a leaf cannot be mapped, or the range leaves the 48 bits (its end may even wrap "
         "around), return false with errno = ENOMEM; a second try must work.")
{
    static struct span span;
    const uintptr_t page = 0x3fffe;
    for (size_t nth = 1; nth <= 2; nth++) {
        os_standin_fail_all_maps(true);
        check_reserve_fails(page, 4, "no memory");
        os_standin_fail_all_maps(false);
        check_page(page, NULL, 0);
    }
    os_standin_fail_map(2);
    (void)page_map_reserve(page, 4);
    os_standin_fail_map(0);
    reserve(page, 4);
    page_map_set(page, 4, &span, 3);
    for (size_t i = 0; i < 4; i++)
        check_page(page + i, &span, 3);

    reserve(page_limit - 1, 1);
    check_reserve_fails(page_limit - 1, 2, "it ends above 48 bits");
    check_reserve_fails(page_limit, 1, "above 48 bits");
    check_reserve_fails(UINTPTR_MAX >> PAGE_SHIFT, 1, "above 48 bits");
    check_reserve_fails(1, SIZE_MAX, "more than there are");
    check_reserve_fails(page, SIZE_MAX - 2, "its end wraps around");
}

/* --- One thread adds nodes, as the page cache does under its lock; the others read --- */

enum { PUBLISHED = 24, READERS = 3 };

static struct span published_spans[PUBLISHED];
static atomic_uint published_count;

/* Far apart, so that each is a node of its own in any tree. */
static uintptr_t published_page(unsigned i)
{
    return ((uintptr_t)(i + 1) << 30) / PAGE_BYTES * 5 + i;
}

static void publish(void)
{
    for (unsigned i = 0; i < PUBLISHED; i++) {
        reserve(published_page(i), 2);
        page_map_set(published_page(i), 2, &published_spans[i], i + 1);
        atomic_store_explicit(&published_count, i + 1, memory_order_release);
    }
}

/* What was published before must be there; of all else, a reader sees all or nothing. Pages next to
 * those that are set are read as well: a free neighbour is looked for there. */
static void read_while_published(void)
{
    unsigned seen = 0;
    while (seen < PUBLISHED) {
        seen = atomic_load_explicit(&published_count, memory_order_acquire);
        for (unsigned i = 0; i < PUBLISHED; i++) {
            unsigned class_id = page_map_class(address_in(published_page(i), 8));
            const struct span *span = page_map_span(address_in(published_page(i) + 1, 8));
            bool is_whole = class_id == i + 1 && span == &published_spans[i];
            CHECK(is_whole || (i >= seen && (class_id == 0 || class_id == i + 1)),
                  "page %#zx: expected class %u and its span, got class %u and %p",
                  (size_t)published_page(i), i + 1, class_id, (const void *)span);
            check_page(published_page(i) + 2, NULL, 0);
            check_page(published_page(i) - 1, NULL, 0);
        }
    }
}

static void read_or_publish(unsigned index, void *argument)
{
    (void)argument;
    if (index == 0)
        publish();
    else
        read_while_published();
}

TEST(page_map, is_read_while_another_thread_adds_leaves, .points = 1, .invariant = "I1",
     .section = "4.1", .needs = "page_map/maps_each_page_to_its_span_and_class", .threads = true,
     .hint =
         "Publish a leaf by a release store of its pointer, once it is zeroed; read the pointer "
         "with acquire. Entries are atomics too, relaxed.")
{
    test_run_threads(1 + READERS, read_or_publish, NULL);
}

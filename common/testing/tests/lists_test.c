/* free_list, span lists and the span tree: the data structures that the stages share. */
#include "common/free_list.h"
#include "common/span.h"
#include "common/span_tree.h"
#include "common/testing/test.h"

TEST(free_list, is_a_stack_that_counts, .invariant = "-", .section = "common",
     .hint = "The link is in the object's first word.")
{
    struct free_list list = {0};
    void *objects[5][2];
    CHECK(free_list_pop(&list) == NULL, "pop of an empty list: expected NULL");
    for (size_t i = 0; i < 5; i++)
        free_list_push(&list, objects[i]);
    CHECK_EQUAL(list.count, 5, "count");
    for (size_t i = 5; i-- > 0;)
        CHECK(free_list_pop(&list) == objects[i], "pop: expected object %zu", i);
    CHECK(list.count == 0 && list.head == NULL, "expected an empty list");
}

TEST(free_list, is_handed_over_whole, .invariant = "-", .section = "common",
     .hint = "take_all returns the list and empties it.")
{
    struct free_list list = {0};
    void *object[2];
    free_list_push(&list, object);
    struct free_list taken = free_list_take_all(&list);
    CHECK(taken.head == object && taken.count == 1,
          "the list that was taken is not what was there");
    CHECK(list.head == NULL && list.count == 0, "the list is not empty after take_all");
}

TEST(free_list, takes_no_address_written_over_a_link, .invariant = "-", .section = "common",
     .hint = "Once a key is chosen, a link is the next object's address under it.")
{
    struct free_list list = {0};
    void *objects[3][2];
    free_list_choose_key();
    for (size_t i = 0; i < 3; i++)
        free_list_push(&list, objects[i]);
    CHECK(objects[2][0] != objects[1], "the link of a free object lies in the clear");
    CHECK(free_list_pop(&list) == objects[2] && list.head == objects[1], "pop: wrong object");
    objects[1][0] = objects[2]; /* as an attacker would */
    CHECK(free_list_is_astray(free_list_next(objects[1])), "%p is taken for the next free object",
          free_list_next(objects[1]));
}

TEST(span_list, starts_as_all_zero_and_keeps_order, .invariant = "-", .section = "common",
     .hint = "The ring is closed by the first push.")
{
    struct span list = {0};
    struct span spans[4] = {0};
    CHECK(span_list_is_empty(&list) && span_list_first(&list) == NULL, "all zero must be empty");
    for (size_t i = 0; i < 4; i++)
        span_list_push(&list, &spans[i]);
    span_list_remove(&spans[1]);
    CHECK(span_list_first(&list) == &spans[3], "expected the span put in last");
    CHECK(span_list_next(&list, &spans[3]) == &spans[2], "expected the third span behind it");
    CHECK(span_list_next(&list, &spans[2]) == &spans[0], "the removed span is still in the list");
    CHECK(span_list_next(&list, &spans[0]) == NULL, "expected NULL at the end");
    for (size_t i = 0; i < 4; i++)
        if (i != 1)
            span_list_remove(&spans[i]);
    CHECK(span_list_is_empty(&list), "expected an empty list after the last span is out");
}

enum { TREE_SPANS = 3000 };
static struct span tree_spans[TREE_SPANS];
static bool is_in[TREE_SPANS];

/* What a scan of all spans says is the best fit. */
static struct span *best_by_scan(size_t page_count)
{
    struct span *best = NULL;
    for (size_t i = 0; i < TREE_SPANS; i++) {
        struct span *span = &tree_spans[i];
        if (!is_in[i] || span->page_count < page_count)
            continue;
        if (best == NULL || span->page_count < best->page_count ||
            (span->page_count == best->page_count && span->first_page < best->first_page))
            best = span;
    }
    return best;
}

TEST(span_tree, finds_what_a_scan_finds, .invariant = "-", .section = "common",
     .hint = "Order by page count, then by address.")
{
    struct test_random random = test_random_start(7);
    struct span *root = NULL;
    for (size_t i = 0; i < TREE_SPANS; i++) {
        tree_spans[i].first_page = 1000 + i * 1000;
        tree_spans[i].page_count = 1 + test_random_below(&random, 500);
    }
    for (size_t step = 0; step < 20000; step++) {
        size_t i = test_random_below(&random, TREE_SPANS);
        if (is_in[i])
            span_tree_remove(&root, &tree_spans[i]);
        else
            span_tree_insert(&root, &tree_spans[i]);
        is_in[i] = !is_in[i];
        if (step % 50 != 0)
            continue;
        size_t wanted = test_random_below(&random, 520);
        struct span *expected = best_by_scan(wanted);
        struct span *got = span_tree_best_fit(root, wanted);
        CHECK(got == expected, "best fit for %zu pages: expected %zu pages, got %zu", wanted,
              expected == NULL ? 0 : expected->page_count, got == NULL ? 0 : got->page_count);
    }
    for (size_t i = 0; i < TREE_SPANS; i++)
        if (is_in[i])
            span_tree_remove(&root, &tree_spans[i]);
    CHECK(root == NULL, "the tree is not empty after the last span is out");
}

static size_t depth_of(const struct span *node)
{
    if (node == NULL)
        return 0;
    size_t left = depth_of(span_tree_left(node));
    size_t right = depth_of(span_tree_right(node));
    return 1 + (left > right ? left : right);
}

/* The levels of a tree of spans of one length, in order of address, one each `stride` pages. */
static size_t depth_at_stride(size_t stride)
{
    struct span *root = NULL;
    for (size_t i = 0; i < TREE_SPANS; i++) {
        tree_spans[i].first_page = 0x3fb600000 + i * stride;
        tree_spans[i].page_count = 128;
        span_tree_insert(&root, &tree_spans[i]);
    }
    return depth_of(root);
}

/* Spans of one length at rising addresses are what a plain search tree makes a list of. Fibonacci numbers
 * are the strides at which a hash by one multiplication with the golden ratio rises steadily. */
TEST(span_tree, stays_flat_at_any_regular_stride, .invariant = "-", .section = "common",
     .hint = "The priorities balance it: about 3 log2 n levels.")
{
    for (size_t stride = 144, previous = 89, next; stride < 1u << 20; stride = next) {
        CHECK_AT_MOST(depth_at_stride(stride), 48, "levels of a tree of 3,000 spans");
        next = stride + previous;
        previous = stride;
    }
    for (size_t stride = 200; stride < 8000; stride += 67)
        CHECK_AT_MOST(depth_at_stride(stride), 48, "levels of a tree of 3,000 spans");
    for (size_t stride = 256; stride < 1u << 30; stride *= 2)
        CHECK_AT_MOST(depth_at_stride(stride), 48, "levels of a tree of 3,000 spans");
}

/* span_tree: free spans in order of (page count, address), for finding the best fit.
 *
 *                    ▭ 300 pages
 *                   ╱            ╲
 *            ▭ 140                 ▭ 512              smaller to the left, larger to the right;
 *                 ╲              ╱                    a parent's priority is above its children's
 *                  ▭ 200     ▭ 300
 *
 * A treap (Seidel and Aragon, 1996): a binary search tree that is also a heap by a pseudo-random
 * priority, here a hash of the span's address. That keeps it balanced in expectation, O(log n) for
 * each call, with no rotation code and no field of its own: `previous` and `next` are the children.
 *
 * All zero (a NULL root) is an empty tree. No lock: the owner guards it. */
#ifndef COMMON_SPAN_TREE_H
#define COMMON_SPAN_TREE_H

#include "common/span.h"

/* Put `span` in. It must be in no list or tree; its page count stays the same while it is in. */
void span_tree_insert(struct span **root, struct span *span);

/* Take `span`, which is in the tree, out of it. */
void span_tree_remove(struct span **root, struct span *span);

/* The span of the smallest page count that is at least `page_count`, the lowest address of these;
 * NULL if none is as large. */
struct span *span_tree_best_fit(struct span *root, size_t page_count);

/* The children, for walking the whole tree. */
static inline struct span *span_tree_left(const struct span *span)
{
    return span->previous;
}

static inline struct span *span_tree_right(const struct span *span)
{
    return span->next;
}

#endif

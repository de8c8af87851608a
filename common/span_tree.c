/* span_tree: see span_tree.h. Insert goes down to where the priority says the span belongs and splits
 * what it finds there in two; remove puts a span's two children together in its place. */
#include "common/span_tree.h"

/* Spans often lie at regular distances, which one multiplication would keep: so the page's number goes
 * through a finalizer, whose two rounds of xor-shift and multiplication let each bit change every other
 * (that of SplitMix64: Steele, Lea and Flood, 2014). */
static uint64_t priority(const struct span *span)
{
    uint64_t mixed = span->first_page;
    mixed = (mixed ^ mixed >> 30) * 0xbf58476d1ce4e5b9u;
    mixed = (mixed ^ mixed >> 27) * 0x94d049bb133111ebu;
    return mixed ^ mixed >> 31;
}

static bool is_before(const struct span *a, const struct span *b)
{
    if (a->page_count != b->page_count)
        return a->page_count < b->page_count;
    return a->first_page < b->first_page;
}

/* Part `tree` into the spans before and after `border`. */
static void split(struct span *tree, const struct span *border, struct span **before,
                  struct span **after)
{
    while (tree != NULL) {
        if (is_before(tree, border)) {
            *before = tree;
            before = &tree->next;
            tree = tree->next;
        } else {
            *after = tree;
            after = &tree->previous;
            tree = tree->previous;
        }
    }
    *before = NULL;
    *after = NULL;
}

/* One tree of two, where all of `left` is before all of `right`. */
static void join(struct span **root, struct span *left, struct span *right)
{
    while (left != NULL && right != NULL) {
        if (priority(left) > priority(right)) {
            *root = left;
            root = &left->next;
            left = left->next;
        } else {
            *root = right;
            root = &right->previous;
            right = right->previous;
        }
    }
    *root = left != NULL ? left : right;
}

void span_tree_insert(struct span **root, struct span *span)
{
    while (*root != NULL && priority(*root) > priority(span))
        root = is_before(span, *root) ? &(*root)->previous : &(*root)->next;
    split(*root, span, &span->previous, &span->next);
    *root = span;
}

void span_tree_remove(struct span **root, struct span *span)
{
    while (*root != span)
        root = is_before(span, *root) ? &(*root)->previous : &(*root)->next;
    join(root, span->previous, span->next);
    span->previous = NULL;
    span->next = NULL;
}

struct span *span_tree_best_fit(struct span *root, size_t page_count)
{
    struct span *best = NULL;
    while (root != NULL) {
        if (root->page_count >= page_count) {
            best = root;
            root = root->previous;
        } else {
            root = root->next;
        }
    }
    return best;
}

/* page_cache: stage 4, yours to write. The contract and the invariants I4 to I9 are in page_cache.h;
 * the tasks 4.2 to 4.6 and 4.9 in README.md beside it.
 *
 * Delete the todo() of a function when you write it. Add static functions and, at the start of this
 * file, one static struct with the lock first: the bins, the tree, the pool of span records, the
 * counts. All zero must be an empty page cache, since malloc is called before any constructor. A
 * function that needs the lock held ends in _locked and starts with lock_assert_held. */
#include "stage4_pagecache/page_cache.h"

#include <errno.h>

#include "common/caller_bug.h"
#include "common/lock.h"
#include "common/os_memory.h"
#include "common/span_tree.h"
#include "common/todo.h"
#include "stage1_objectpool/object_pool.h"
#include "stage4_pagecache/page_map.h"

/* First: a request that no region can be long enough for (errno = ENOMEM). Then, under the lock: find
 * a free span, cut off what was not asked for (I4), fill the record in, enter it in the page map (I1,
 * I2). Where none fits: release the lock, map a region, add it as a free span that is all fresh (I7),
 * and try again. Take the records that you need before you change anything.
 * Later, in task 4.4: the best fit, by bins and tree (I6, I8). */
struct span *page_cache_alloc(size_t page_count, size_t page_alignment, unsigned class_id)
{
    (void)page_count;
    (void)page_alignment;
    (void)class_id;
    todo("4.2");
    return NULL;
}

/* First: a span that is free already is a caller_bug. Then take its pages out of the page map (I3),
 * say which of them are still fresh (I7), and unite it with its free neighbours (I5).
 * Later, in task 4.6: purge where too much is dirty (I9), after the lock is released. */
void page_cache_free(struct span *span)
{
    (void)span;
    todo("4.3");
}

/* First the shorter: split, and treat the rest as page_cache_free does. Then the longer: only into a
 * neighbour that is free and long enough. The span's last page moves: the page map must know (I2). */
bool page_cache_resize(struct span *span, size_t page_count)
{
    (void)span;
    (void)page_count;
    todo("4.5");
    return false;
}

/* First, under the lock: take dirty free spans out of bins, tree and page map, the longest first,
 * until no more than keep_bytes are left. Then purge them with the lock released. Then take the lock
 * again: they are all fresh (I7) and are coalesced (I5). */
size_t page_cache_purge(size_t keep_bytes)
{
    (void)keep_bytes;
    todo("4.6");
    return 0;
}

/* Called often by the caches above. Where nothing lies idle it does nothing, and doing nothing is right until
 * 4.6: then it purges what has lain idle too long (I9). Most calls must cost next to nothing. */
void page_cache_tick(void)
{
}

/* The lock is taken before fork() and released after it, in the parent and in the child. */
void page_cache_fork_prepare(void)
{
    todo("4.9");
}

void page_cache_fork_parent(void)
{
    todo("4.9");
}

void page_cache_fork_child(void)
{
    todo("4.9");
}

/* A copy of the counts, made under the lock. */
void page_cache_stats(struct page_cache_stats *out)
{
    *out = (struct page_cache_stats){0};
    todo("4.9");
}

/* For yourself: walk bins and tree. Is each span where it belongs (I6), known to the page map (I2),
 * between neighbours that are not free (I5)? Do the counts add up? */
unsigned page_cache_check(void)
{
    todo("4.9");
    return 0;
}

/* central_cache: stage 3, yours to write. The contract and the invariants I1 to I6 are in
 * central_cache.h; the tasks 3.1 to 3.7 in README.md beside it.
 *
 * Delete the todo() of a function when you write it. Start with a struct for one class: its lock
 * first, then what the lock guards; one static array of them is all the state that you need, and
 * all zero is where it starts, since malloc is called before anything of yours could run. */
#include "stage3_centralcache/central_cache.h"

#include "common/caller_bug.h"
#include "common/lock.h"
#include "common/todo.h"
#include "stage2_threadcache/size_class.h"
#include "stage4_pagecache/page_cache.h"
#include "stage4_pagecache/page_map.h"

/* First: with no span, get one from the page cache, while no lock is held (I6). Then cut objects
 * off its tail, as long as a whole one fits (I2), and count them out (I1). A span that has nothing
 * left leaves the list that you look at (I5).
 * Later, in task 3.2: objects that came back go before the tail. In 3.4: a ready batch before all,
 * and page_cache_tick at the end, as in release. */
size_t central_cache_fetch(unsigned class_id, size_t want, struct free_list *out)
{
    (void)class_id;
    (void)want;
    (void)out;
    todo("3.1");
    return 0;
}

/* First: each object back into the span that the page map names, and counted in (I1); a span with
 * nothing out leaves its list, and goes down when the lock is released (I4, I6).
 * Then, in task 3.3: verify each object before you touch it. In 3.4: keep a whole batch (I3). */
void central_cache_release(unsigned class_id, struct free_list *objects)
{
    (void)class_id;
    (void)objects;
    todo("3.2");
}

/* For each class: its ready batches go the way of any other list (I4). */
void central_cache_flush(void)
{
    todo("3.5");
}

/* Every class's lock, ascending, by lock_acquire_for_fork with LOCK_RANK_CLASS + class_id. */
void central_cache_fork_prepare(void)
{
    todo("3.6");
}

void central_cache_fork_parent(void)
{
    todo("3.6");
}

void central_cache_fork_child(void)
{
    todo("3.6");
}

/* For yourself: what would you like to know when a program is slow, or large? */
void central_cache_stats(struct central_cache_stats *out)
{
    *out = (struct central_cache_stats){0};
    todo("3.7");
}

/* For yourself: which of I1 to I5 can you see by walking each class's spans and batches? */
unsigned central_cache_check(void)
{
    todo("3.7");
    return 0;
}

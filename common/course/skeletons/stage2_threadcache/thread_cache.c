/* thread_cache: stage 2, yours to write. The contract and the invariants I5 to I8 are in
 * thread_cache.h; the tasks 2.4 to 2.10 in README.md beside it.
 *
 * Delete the todo() of a function when you write it. You need, at the start of this file:
 *
 *   - a struct with what one thread holds: for each class an active and a spare list;
 *   - how a thread finds its own. In a .c file, and only there,
 *         static _Thread_local struct … *cache;
 *     is one pointer for each thread. NULL is a poor first value: each call would have to ask. What if
 *     it starts out aimed at a cache that all threads share because nobody ever writes to it?
 *
 * Up to task 2.6 one static struct for each thread (_Thread_local) is enough. Task 2.7 makes it a
 * record from an object pool, with a lock and a registry. */
#include "stage2_threadcache/thread_cache.h"

#include "common/caller_bug.h"
#include "common/free_list.h"
#include "common/lock.h"
#include "common/poison.h"
#include "common/todo.h"
#include "stage1_objectpool/object_pool.h"
#include "stage2_threadcache/size_class.h"
#include "stage3_centralcache/central_cache.h"

/* First: pop the active list. Where it is empty, the spare takes its place; where both are, fetch a
 * batch, which may give less, or nothing (I6). Class 0 has no objects. */
void *thread_cache_alloc(unsigned class_id)
{
    (void)class_id;
    todo("2.4");
    return NULL;
}

/* First: the object freed last, freed again, is a caller_bug. Then push on the active list (I7); where
 * it is full, make room first: it becomes the spare, and a spare that was full goes down (I5, I6). */
void thread_cache_free(void *object, unsigned class_id)
{
    (void)object;
    (void)class_id;
    todo("2.5");
}

/* Empty each list first, then give it down; an empty one stays here (I8). In task 2.7 it also runs
 * when a thread ends: pthread_key_create has a destructor for that. */
void thread_cache_flush(void)
{
    todo("2.6");
}

/* First: flush. From then on, one object at a time goes up and down; verify poison on its way up. */
void thread_cache_bypass(bool on)
{
    (void)on;
    todo("2.9");
}

/* Take the lock of your registry (lock_acquire_for_fork), so that no other thread holds it while the
 * process is copied. */
void thread_cache_fork_prepare(void)
{
    todo("2.8");
}

void thread_cache_fork_parent(void)
{
    todo("2.8");
}

void thread_cache_fork_child(void)
{
    todo("2.8");
}

/* For yourself: what does this thread hold, and how often did it go down? */
void thread_cache_stats(struct thread_cache_stats *out)
{
    *out = (struct thread_cache_stats){0};
    todo("2.10");
}

/* For yourself: is each list as long as it says (I8), and short enough (I5)? */
unsigned thread_cache_check(void)
{
    todo("2.10");
    return 0;
}

/* lock: the mutex of every cache, which in debug builds knows the rules of the pool.
 *
 *   L1  a thread acquires no lock that it holds already          (no recursion)
 *   L2  a thread that holds a lock acquires no second one        (no call into another layer)
 *   L3  only fork takes several, in the order of their ranks     (lock_acquire_for_fork)
 *   L4  a lock is released by the thread that acquired it
 *   L5  a function named _locked runs with its lock held         (lock_assert_held)
 *   L6  data memory is mapped, purged and unmapped with no lock  (lock_assert_none_held)
 *
 * The first breach stops the process with one line that names the rule. In release builds the
 * rules cost nothing and the lock is a pthread mutex with two counters.
 *
 * All zero is unlocked: a static lock needs no initialisation, so malloc may be called before any
 * constructor has run. */
#ifndef COMMON_LOCK_H
#define COMMON_LOCK_H

#include <pthread.h>
#include <stddef.h>

struct lock {
    pthread_mutex_t mutex;
    size_t acquisitions; /* guarded by the lock itself */
    size_t contended;    /* of these, how many had to wait */
};

/* The order in which fork takes the locks of all layers. Classes add their number. */
enum lock_rank {
    LOCK_RANK_THREAD_REGISTRY = 1,
    LOCK_RANK_CLASS = 2,
    LOCK_RANK_PAGE_CACHE = 1000,
};

/* Wait until the lock is free and take it. */
void lock_acquire(struct lock *lock);

/* Give the lock back. The caller holds it. */
void lock_release(struct lock *lock);

/* The caller holds the lock; a breach of L5 otherwise. Costs nothing in release builds. */
void lock_assert_held(struct lock *lock);

/* The caller holds no lock at all; a breach of L6 otherwise. Costs nothing in release builds. */
void lock_assert_none_held(void);

/* As lock_acquire, for X_fork_prepare: other locks may be held, all of a lower rank. */
void lock_acquire_for_fork(struct lock *lock, unsigned rank);

/* How many locks this thread holds; always 0 in release builds. */
unsigned lock_held_count(void);

/* Says which rule was broken and stops. Tests have a version of their own. */
_Noreturn void lock_breach(const char *rule);

#endif

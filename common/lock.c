/* lock: a pthread mutex, counted, with the rules of lock.h checked where LOCK_CHECKS is 1.
 *
 * What a thread holds is noted in two thread-local numbers; who holds a lock, in the lock. The
 * holder is read without the mutex by threads that do not hold it, hence atomic; relaxed, because
 * a thread only ever asks whether it is the holder itself, and its own writes it always sees. */
#include "common/lock.h"

#include <stdbool.h>

/* The build defines LOCK_CHECKS as 1 (debug) or 0 (release). */
enum { CHECKS = LOCK_CHECKS };

static _Thread_local struct {
    unsigned count;     /* locks this thread holds */
    unsigned last_rank; /* of the lock acquired last for fork */
} held;

static bool is_mine(struct lock *lock)
{
    return atomic_load_explicit(&lock->_holder, memory_order_relaxed) == &held;
}

static void acquire(struct lock *lock)
{
    if (CHECKS && is_mine(lock))
        lock_breach("L1: a lock is acquired by the thread that holds it");
    if (pthread_mutex_trylock(&lock->mutex) != 0) {
        pthread_mutex_lock(&lock->mutex);
        lock->contended++;
    }
    lock->acquisitions++;
    if (CHECKS) {
        atomic_store_explicit(&lock->_holder, &held, memory_order_relaxed);
        held.count++;
    }
}

void lock_acquire(struct lock *lock)
{
    if (CHECKS && held.count != 0 && !is_mine(lock))
        lock_breach("L2: a second lock is acquired while one is held");
    acquire(lock);
}

void lock_acquire_for_fork(struct lock *lock, unsigned rank)
{
    if (CHECKS && held.count != 0 && rank <= held.last_rank)
        lock_breach("L3: fork takes locks in the order of their ranks");
    acquire(lock);
    held.last_rank = rank;
}

void lock_release(struct lock *lock)
{
    if (CHECKS) {
        if (!is_mine(lock))
            lock_breach("L4: a lock is released by a thread that does not hold it");
        atomic_store_explicit(&lock->_holder, NULL, memory_order_relaxed);
        held.count--;
    }
    pthread_mutex_unlock(&lock->mutex);
}

void lock_assert_held(struct lock *lock)
{
    if (CHECKS && !is_mine(lock))
        lock_breach("L5: a _locked function runs without its lock");
}

void lock_assert_none_held(void)
{
    if (CHECKS && held.count != 0)
        lock_breach("L6: data memory is mapped, purged or unmapped while a lock is held");
}

unsigned lock_held_count(void)
{
    return CHECKS ? held.count : 0;
}

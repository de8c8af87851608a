/* lock: a pthread mutex, counted, with the rules of lock.h checked where LOCK_CHECKS is 1.
 *
 * Each thread notes what it holds, for itself alone: to ask whether a lock is held by this thread takes
 * no look at what others write. */
#include "common/lock.h"

#include <stdbool.h>

/* The build defines LOCK_CHECKS as 1 (debug) or 0 (release). */
enum { CHECKS = LOCK_CHECKS, MOST_HELD = 128 };

static _Thread_local struct {
    unsigned count;                      /* locks this thread holds */
    unsigned last_rank;                  /* of the lock acquired last for fork */
    const struct lock *locks[MOST_HELD]; /* the first `count` are those */
} held;

/* The place of `lock` among those held, or held.count. The newest is released first, mostly. */
static unsigned place_of(const struct lock *lock)
{
    unsigned place = held.count;
    while (place > 0 && held.locks[place - 1] != lock)
        place--;
    return place > 0 ? place - 1 : held.count;
}

static bool is_mine(const struct lock *lock)
{
    return place_of(lock) != held.count;
}

static void acquire(struct lock *lock)
{
    if (CHECKS && is_mine(lock))
        lock_breach("L1: a lock is acquired by the thread that holds it");
    if (CHECKS && held.count == MOST_HELD)
        lock_breach("L3: a thread holds more locks than there are");
    if (pthread_mutex_trylock(&lock->mutex) != 0) {
        pthread_mutex_lock(&lock->mutex);
        lock->contended++;
    }
    lock->acquisitions++;
    if (CHECKS)
        held.locks[held.count++] = lock;
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
    if (CHECKS)
        held.last_rank = rank;
}

void lock_release(struct lock *lock)
{
    if (CHECKS) {
        if (!is_mine(lock))
            lock_breach("L4: a lock is released by a thread that does not hold it");
        held.locks[place_of(lock)] = held.locks[held.count - 1];
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

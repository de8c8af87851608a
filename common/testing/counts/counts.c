/* counts: see counts.h. */
#include "common/testing/counts/counts.h"

#include <stdatomic.h>

#include "common/lock.h"

void __real_lock_acquire(struct lock *lock);
void __wrap_lock_acquire(struct lock *lock);

static atomic_size_t locks;

void __wrap_lock_acquire(struct lock *lock)
{
    atomic_fetch_add_explicit(&locks, 1, memory_order_relaxed);
    __real_lock_acquire(lock);
}

size_t counts_locks(void)
{
    return atomic_load_explicit(&locks, memory_order_relaxed);
}

struct test_random counts_random(void)
{
    return (struct test_random){.state = 20240229};
}

void counts_tell_calls(const char *what, size_t calls, size_t operations, double least)
{
    double value = 1000.0 * (double)calls / (double)operations;
    test_count(what, value < least ? least : value);
}

/* wraps: what takes the place of mutexes, keys and test_run_threads in programs of interleavings, by
 * the linker's --wrap. A mutex here is an entry in a table of those that are held: there is nobody
 * to exclude but threads that wait for the baton. */
#include <errno.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>

#include "common/lock.h"
#include "common/testing/interleave/interleave.h"
#include "common/testing/interleave/scheduler.h"
#include "common/testing/test.h"

int __wrap_pthread_mutex_lock(pthread_mutex_t *mutex);
int __wrap_pthread_mutex_trylock(pthread_mutex_t *mutex);
int __wrap_pthread_mutex_unlock(pthread_mutex_t *mutex);
int __wrap_pthread_once(pthread_once_t *once, void (*routine)(void));
int __wrap_pthread_key_create(pthread_key_t *key, void (*destructor)(void *));
int __real_pthread_key_create(pthread_key_t *key, void (*destructor)(void *));
void __wrap_test_run_threads(unsigned count, void (*body)(unsigned index, void *argument),
                             void *argument);
void __wrap_lock_acquire(struct lock *lock);
void __real_lock_acquire(struct lock *lock);
void __wrap_lock_release(struct lock *lock);
void __real_lock_release(struct lock *lock);

enum { MOST_HELD = 256 };

static const void *held[MOST_HELD];
static size_t held_count;

/* Who called lock_acquire or lock_release, while either runs. */
static _Thread_local const void *lock_caller;

static size_t place_of(const void *mutex)
{
    size_t place = held_count;
    while (place > 0 && held[place - 1] != mutex)
        place--;
    return place; /* behind it, or 0 */
}

static void take(const void *mutex, const void *pc)
{
    CHECK(held_count < MOST_HELD, "more than %d mutexes are held", MOST_HELD);
    held[held_count++] = mutex;
    record_event(EVENT_LOCK, scheduler_thread(), pc, mutex, "");
}

static void take_waiting(const void *mutex, const void *pc)
{
    while (place_of(mutex) != 0)
        scheduler_wait(mutex, pc);
    take(mutex, pc);
}

int __wrap_pthread_mutex_lock(pthread_mutex_t *mutex)
{
    const void *pc = lock_caller != NULL ? lock_caller : __builtin_return_address(0);
    scheduler_point(POINT_MUTEX, mutex, 1, pc);
    take_waiting(mutex, pc);
    return 0;
}

int __wrap_pthread_mutex_trylock(pthread_mutex_t *mutex)
{
    const void *pc = lock_caller != NULL ? lock_caller : __builtin_return_address(0);
    scheduler_point(POINT_MUTEX, mutex, 1, pc);
    if (place_of(mutex) != 0)
        return EBUSY;
    take(mutex, pc);
    return 0;
}

/* The point comes after it: there, others have their chance. */
int __wrap_pthread_mutex_unlock(pthread_mutex_t *mutex)
{
    const void *pc = lock_caller != NULL ? lock_caller : __builtin_return_address(0);
    size_t place = place_of(mutex);
    if (place == 0)
        return EPERM;
    held[place - 1] = held[--held_count];
    record_event(EVENT_UNLOCK, scheduler_thread(), pc, mutex, "");
    scheduler_wake(mutex);
    scheduler_point(POINT_RELEASED, mutex, 1, pc);
    return 0;
}

/* The lock wrapper is not instrumented: what is shown is the line that called it. */
void __wrap_lock_acquire(struct lock *lock)
{
    lock_caller = __builtin_return_address(0);
    __real_lock_acquire(lock);
    lock_caller = NULL;
}

void __wrap_lock_release(struct lock *lock)
{
    lock_caller = __builtin_return_address(0);
    __real_lock_release(lock);
    lock_caller = NULL;
}

/* As pthread_once, in a form that lets others wait for the baton and not for the routine. */
int __wrap_pthread_once(pthread_once_t *once, void (*routine)(void))
{
    enum { IS_DONE = 0x600d };
    const void *pc = __builtin_return_address(0);
    take_waiting(once, pc);
    if (*once != IS_DONE)
        routine();
    *once = IS_DONE;
    return __wrap_pthread_mutex_unlock((pthread_mutex_t *)once);
}

int __wrap_pthread_key_create(pthread_key_t *key, void (*destructor)(void *))
{
    int error = __real_pthread_key_create(key, NULL);
    if (error == 0 && destructor != NULL)
        scheduler_add_key(*key, destructor);
    return error;
}

void __wrap_test_run_threads(unsigned count, void (*body)(unsigned index, void *argument),
                             void *argument)
{
    scheduler_run_threads(count, body, argument);
}

/* --- For tests --- */

void interleave_say(const char *format, ...)
{
    char words[sizeof(struct event)];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(words, sizeof words, format, arguments);
    va_end(arguments);
    record_event(EVENT_SAY, scheduler_thread(), NULL, NULL, words);
}

size_t interleave_accesses(void)
{
    return scheduler_accesses();
}

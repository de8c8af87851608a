/* scheduler: runs the threads of a test one at a time, in an order that a schedule decides.
 *
 *   T1   ──────▶ point ─ preempted ·················· goes on ──────▶ end
 *   T2           ······▶ runs ──▶ waits for a lock ···········▶ has it ──▶ end
 *
 * Threads are real ones that hand each other a baton, so thread-local data is as ever. Each memory
 * access of instrumented code (tsan_calls.c) and each use of a mutex (wraps.c) is a *point*: there,
 * and nowhere else, another thread may go on. A point comes before what it stands for; after the
 * release of a mutex.
 *
 * The order is that of PCT (Burckhardt, Kothari, Musuvathi, Nagarakatte: A Randomized Scheduler with
 * Probabilistic Guarantees of Finding Bugs, 2010): of the threads that can go on, always the one with
 * the highest priority does; at each of a few chosen points the running thread's priority falls below
 * all others. A bug that takes d such changes is found with a probability of 1 / (n * k^(d-1)) or
 * more, for n threads and k points: most need one or two.
 *
 * What it finds on its own: deadlock (nobody can go on), no progress (a thread spins for ever), and,
 * where a schedule asks for it, two threads at the same memory at the same moment.
 *
 * Locking: none. Only the thread with the baton runs. Read next: explore.h. */
#ifndef COMMON_TESTING_INTERLEAVE_SCHEDULER_H
#define COMMON_TESTING_INTERLEAVE_SCHEDULER_H

#include <stdbool.h>
#include <stddef.h>

#include "common/testing/interleave/schedule.h"

enum point_kind {
    POINT_READ,
    POINT_WRITE,
    POINT_ATOMIC_READ,
    POINT_ATOMIC_WRITE,
    POINT_MUTEX,    /* a mutex is about to be acquired */
    POINT_RELEASED, /* a mutex was just released */
};

/* Somebody is about to do that at `pc`; returns when it may. */
void scheduler_point(enum point_kind kind, const void *address, size_t bytes, const void *pc);

/* Run body(index, argument) on `count` threads by the schedule; returns when all have ended, their
 * thread-local destructors included. */
void scheduler_run_threads(unsigned count, void (*body)(unsigned index, void *argument),
                           void *argument);

/* The calling thread cannot go on before somebody wakes those who wait for `what`. */
void scheduler_wait(const void *what, const void *pc);
void scheduler_wake(const void *what);

/* Which thread this is: 1, 2, … as in the table of steps; 0 outside of scheduler_run_threads. */
unsigned scheduler_thread(void);

/* Memory accesses of instrumented code by this thread so far, its own stack apart. */
size_t scheduler_accesses(void);

/* A destructor that POSIX would run at a thread's end: the scheduler does, with the baton held. */
void scheduler_add_key(unsigned key, void (*destructor)(void *));

/* From the next scheduler_run_threads on. */
void scheduler_use(const struct schedule *schedule);

#endif

/* races: two threads at the same memory at the same moment, at least one of them to write.
 *
 * A thread that was preempted before an access could go on with it right now. Where the running
 * thread is about to access the same bytes, the two accesses are unordered: that is what a data race
 * is, and no false alarm is possible. (The idea is that of RaceFuzzer: Sen, Race Directed Random
 * Testing of Concurrent Programs, 2008.) Two atomic accesses do not race. */
#ifndef COMMON_TESTING_INTERLEAVE_RACES_H
#define COMMON_TESTING_INTERLEAVE_RACES_H

#include "common/testing/interleave/scheduler.h"

/* The thread is preempted before this access; from races_done on it is past it. */
void races_pending(unsigned thread, enum point_kind kind, const void *address, size_t bytes,
                   const void *pc);
void races_done(unsigned thread);

/* Fail the test where this access races with a pending one of another thread. */
void races_check(unsigned thread, enum point_kind kind, const void *address, size_t bytes,
                 const void *pc);

#endif

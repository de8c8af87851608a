/* thread_end: whether the calling thread has run its last destructor.
 *
 *   its function ─▶ destructors of its keys ─▶ all signals blocked ─▶ the C library frees ─▶ gone
 *                                              └─────── thread_is_ending() is true ───────┘
 *
 * What a detached thread leaves, such as its table of thread-local blocks, glibc frees on that thread
 * itself, later than any destructor. What such a free builds for the thread, nobody takes apart.
 *
 * No interface says that a thread is so far, but one thing shows it: glibc has blocked every signal by
 * then, those of its own too, which a program cannot block (since 2.34; an older one never says so, nor does
 * another C library). A process may have been started with those blocked, and then it is true for all its
 * threads: ask only where "true" costs time and nothing else. */
#ifndef COMMON_THREAD_END_H
#define COMMON_THREAD_END_H

#include <stdbool.h>

/* One system call. Keeps errno; allocates nothing, takes no lock. */
bool thread_is_ending(void);

#endif

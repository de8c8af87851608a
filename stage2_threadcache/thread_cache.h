/* thread_cache: each thread's own free objects, handed out and taken back without any lock.
 *
 *   thread T      class 1     class 2     …   class 97
 *     active      ▣▣▣         ▣               ·              alloc pops here, free pushes here
 *     spare       ▣▣▣▣▣▣      ·               ·              empty, or a full batch
 *                   │ both empty: fetch a batch      ▲ both full: release a batch
 *                   ▼                                │
 *                 central_cache.h ───────────────────┘
 *
 * Two lists and not one: a thread that goes back and forth across a border exchanges its lists
 * instead of calling down each time, and a batch goes down whole, never split by walking a list.
 *
 * Invariants:
 *   I5  a thread holds at most two batches of each class
 *   I6  a call goes down only for a whole batch: alloc with nothing of the class left, free with
 *       no room for one more; so N operations make O(N / batch) calls down
 *   I7  the object freed last is handed out first
 *   I8  taken from below = in the program's hands + cached + given back; a thread that ends gives
 *       back all it holds, and what it frees after that goes straight down
 *
 * Locking: none on alloc and free. Each thread has a record, built at its first slow path from an
 * object pool of stage 1; one lock guards that pool and the count of threads.
 *
 * A thread's pointer starts out aimed at a shared cache that is always empty, so that the fast path
 * need not ask whether the thread has a cache.
 *
 * Read next: solution/thread_cache.c, then ../stage3_centralcache/central_cache.h. */
#ifndef STAGE2_THREADCACHE_THREAD_CACHE_H
#define STAGE2_THREADCACHE_THREAD_CACHE_H

#include <stdbool.h>
#include <stddef.h>

struct thread_cache_stats {
    size_t threads;        /* caches that exist now */
    size_t cached_objects; /* free in the calling thread's cache */
    size_t cached_bytes;
    size_t fetches;  /* calls of central_cache_fetch by all threads: exact for those that ended, */
    size_t releases; /* and for the calling one */
};

/* Hand out an object of `class_id`, 1..97, contents undefined. It is the caller's until freed, on
 * any thread. Returns NULL with errno = ENOMEM where memory is out, and NULL for class 0. */
void *thread_cache_alloc(unsigned class_id);

/* Take back an object of `class_id`, 1..97, whichever thread took it. Keeps errno.
 * caller_bug DOUBLE_FREE: `object` is what this thread freed last in that class. */
void thread_cache_free(void *object, unsigned class_id);

/* Give all that the calling thread holds back to the central cache. Also runs when a thread ends. */
void thread_cache_flush(void);

/* From now on (true) let every call go straight down, one object at a time: no thread keeps
 * anything. While poison_is_on, each object is verified to be as poison_fill left it. For
 * MEMPOOL_CHECK=1, while there is one thread: it applies to the caller and to threads to come. */
void thread_cache_bypass(bool on);

/* Round fork(): acquire this layer's lock; release it in the parent; and in the child, where only the
 * calling thread lives on. What the others held is lost to the child, and no more than that. */
void thread_cache_fork_prepare(void);
void thread_cache_fork_parent(void);
void thread_cache_fork_child(void);

void thread_cache_stats(struct thread_cache_stats *out);

/* Walk the calling thread's cache. Returns 0, or the number of the first broken invariant. */
unsigned thread_cache_check(void);

#endif

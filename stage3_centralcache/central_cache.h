/* central_cache: what all threads share of a size class, one lock a class, whole batches at a time.
 *
 *   class c   ┌ lock
 *             │ ready batches   [▣▣▣▣] [▣▣▣▣] [▣▣▣▣] …        up to 64, handed over in O(1)
 *             │ spans           ▣▣▢▢··· ⇄ ▣▢▢▢▢··             with an object left: fetch looks here
 *             └ (exhausted)     ▣▣▣▣▣▣▣                       in no list that fetch looks at
 *
 *             ▣ handed out   ▢ free, back from the program   · tail, never handed out
 *
 * Invariants:
 *   I1  for each span: live + free + tail == objects that fit, and live counts what is out of the
 *       span: in ready batches, thread caches and the program's hands
 *   I2  an object lies whole inside its span
 *   I3  a ready batch holds exactly size_class_batch objects; at most 64 a class, and 8 MiB over
 *       all classes
 *   I4  a span whose last object is back goes down to the page cache
 *   I5  fetch costs the same however many spans are exhausted
 *   I6  no lock is held while another layer is called
 *
 * Locking: each class has a lock, on a cache line of its own. Calls to the page cache are made
 * between two lock sections: take off the lists what goes down, unlock, then call.
 *
 * Read next: solution/central_cache.c, then ../stage4_pagecache/page_cache.h. */
#ifndef STAGE3_CENTRALCACHE_CENTRAL_CACHE_H
#define STAGE3_CENTRALCACHE_CENTRAL_CACHE_H

#include <stddef.h>

#include "common/free_list.h"
#include "common/span.h"

enum {
    CENTRAL_CACHE_MAX_READY = 64,                    /* batches a class */
    CENTRAL_CACHE_MAX_READY_BYTES = 8 * 1024 * 1024, /* over all classes */
};

struct central_cache_stats {
    size_t fetches; /* calls, over all classes */
    size_t releases;
    size_t ready_hits;     /* fetches answered by a ready batch */
    size_t handed_objects; /* out of the central cache now: fetched and not released */
    size_t handed_bytes;
    size_t ready_bytes; /* in ready batches */
    size_t span_bytes;  /* of the spans that the central cache owns */
    size_t lock_acquisitions;
    size_t lock_contended; /* of these, how many had to wait */
};

/* Take up to `want` objects of `class_id`, 1..97, and chain them into `out`, an empty list.
 * Returns the count taken, 1..want, or 0 with errno = ENOMEM. Where size_class_batch objects are
 * wanted and a batch is ready, it is handed over in O(1). The objects become the caller's, their
 * contents undefined. Any thread; takes the class lock; the caller holds none. */
size_t central_cache_fetch(unsigned class_id, size_t want, struct free_list *out);

/* Take back `objects`, a chain of 1 or more of `class_id`, from any number of fetches; leaves the
 * list empty. A whole batch is kept ready if there is room; else each object goes back into its span.
 * Keeps errno. Any thread; takes the class lock; the caller holds none.
 * When an object goes back into its span it is verified; caller_bug for it with kind
 *   NOT_OURS      no span covers it, or it lies in the tail: it was never handed out
 *   WRONG_CLASS   its span is of another class, or is no span of small objects
 *   INTERIOR      it is not the start of an object
 *   DOUBLE_FREE   it is back in its span already (known for objects of 16 bytes or more)
 * And by whichever call follows the link of a free object:
 *   CORRUPT_LINK  it points out of the object's span: the program wrote to the object after freeing
 *                 it (a design without links has none to damage) */
void central_cache_release(unsigned class_id, struct free_list *objects);

/* Put all ready batches back into their spans; spans that become empty go down. */
void central_cache_flush(void);

/* Round fork(): all class locks, ascending. */
void central_cache_fork_prepare(void);
void central_cache_fork_parent(void);
void central_cache_fork_child(void);

void central_cache_stats(struct central_cache_stats *out);

/* Walk every class. Returns 0, or the number of the first broken invariant. */
unsigned central_cache_check(void);

#endif

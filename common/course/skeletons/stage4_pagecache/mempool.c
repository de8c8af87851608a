/* mempool: stage 4, yours to write. The contract is in mempool.h; the tasks 4.7 to 4.9 are in the
 * README.md beside it.
 *
 * Delete the todo() of a function when you write it. Add static functions and, at the start of this
 * file, variables of your own as you need them. Several functions here ask the same questions: which
 * span does this object lie in, is it really the start of an object in use, how long is it? Write
 * each question once, as a static function. */
#include "stage4_pagecache/mempool.h"

#include <errno.h>
#include <stdint.h>
#include <string.h>

#include "common/caller_bug.h"
#include "common/os_memory.h"
#include "common/poison.h"
#include "common/todo.h"
#include "stage2_threadcache/size_class.h"
#include "stage2_threadcache/thread_cache.h"
#include "stage3_centralcache/central_cache.h"
#include "stage4_pagecache/page_cache.h"
#include "stage4_pagecache/page_map.h"

/* --- 4.7: handing out and taking back --- */

/* First: sizes that have a class come from the thread cache. Then: a larger object is a span of its
 * own, of class 0, from the page cache. How many pages are PTRDIFF_MAX bytes? Check before you
 * round up. */
void *mempool_alloc(size_t bytes)
{
    (void)bytes;
    todo("4.7");
    return NULL;
}

/* First: the page map's class says which list the object goes to. Then class 0: NULL, a large object
 * (I2), or an address that is not ours (I3), which is a caller_bug; as are the middle of an object
 * and a span that is free already. errno stays as it was. */
void mempool_free(void *object)
{
    (void)object;
    todo("4.7");
}

/* --- 4.8: the rest of the family --- */

/* First: the product may overflow. Then: a large object's fresh pages are zero already (I7). */
void *mempool_calloc(size_t count, size_t bytes)
{
    (void)count;
    (void)bytes;
    todo("4.8");
    return NULL;
}

/* First: always take a new object, copy what both have room for, and free the old one. On failure the
 * old one is as it was. Then: stay where the size still fits; let the page cache resize a large one. */
void *mempool_realloc(void *object, size_t bytes)
{
    (void)object;
    (void)bytes;
    todo("4.8");
    return NULL;
}

/* First: refuse what is no power of two (EINVAL). Up to a page: spans start at a page, so in a class
 * whose size is a multiple of the alignment every object is aligned. Above: the page cache aligns. */
void *mempool_aligned_alloc(size_t alignment, size_t bytes)
{
    (void)alignment;
    (void)bytes;
    todo("4.8");
    return NULL;
}

/* First: 0 for NULL. Then: the class's bytes, or the whole span of a large object (I1, I2). */
size_t mempool_usable_size(void *object)
{
    (void)object;
    todo("4.8");
    return 0;
}

/* First: which sizes can an object of this class, or of so many pages, have been asked for? Mind
 * those that realloc left in place. Any other is a caller_bug. Then free it. */
void mempool_free_sized(void *object, size_t bytes, size_t alignment)
{
    (void)object;
    (void)bytes;
    (void)alignment;
    todo("4.8");
}

/* --- 4.9: the whole pool --- */

/* From the top down: what a layer holds can only be given back once the layers above let go of it. */
size_t mempool_purge(void)
{
    todo("4.9");
    return 0;
}

/* Ask each layer for its numbers, with no lock held. A difference of two numbers must not wrap. */
void mempool_stats(struct mempool_stats *out)
{
    (void)out;
    todo("4.9");
}

/* The check functions of stages 2 to 4, in this order: stage * 100 + what the first of them finds. */
unsigned mempool_check(void)
{
    todo("4.9");
    return 0;
}

/* First: let every free come to where the span is looked at (page_map_hide_classes), keep nothing in
 * threads (thread_cache_bypass), and switch the poison. Then, in mempool_free: an object that carries
 * the stamp is free already; all others get it. */
void mempool_set_checking(bool on)
{
    (void)on;
    todo("4.9");
}

/* Where this is on, mempool_free counts an address that is not ours (I3), and returns. */
void mempool_ignore_foreign(bool on)
{
    (void)on;
    todo("4.9");
}

/* The locks of all layers, from the top down: thread caches, central cache, page cache. */
void mempool_fork_prepare(void)
{
    todo("4.9");
}

/* Release in the opposite order. */
void mempool_fork_parent(void)
{
    todo("4.9");
}

void mempool_fork_child(void)
{
    todo("4.9");
}

/* object_pool: a pool of objects of one size, cut from chunks of 128 KiB.
 *
 *   chunks ──▶ ┌────────┬─────┬─────┬─────┬─────┬───────────────┐
 *              │ header │ obj │ obj │ obj │ obj │ untouched tail│ ──▶ older chunks, all cut up
 *              └────────┴─────┴─────┴─────┴─────┴───────────────┘
 *   free_objects ───────▶ obj ──────────▶ obj ──▶ NULL
 *
 * The upper layers keep their own records here (struct span, struct thread_cache): an allocator
 * cannot ask malloc for them.
 *
 * Invariants:
 *   I1  live + free + never handed out == objects that fit into the chunks
 *   I2  an object lies whole inside one chunk, is aligned, and overlaps no other
 *   I3  the object freed last is handed out first; no new chunk while an object is free
 *   I4  the pool's memory is its chunks: nothing from malloc, and destroy gives every chunk back
 *
 * Locking: none. Whoever owns the pool guards it; two pools share nothing.
 *
 * Read next: solution/object_pool.c. */
#ifndef STAGE1_OBJECTPOOL_OBJECT_POOL_H
#define STAGE1_OBJECTPOOL_OBJECT_POOL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/free_list.h"

enum {
    OBJECT_POOL_CHUNK_BYTES = 128 * 1024,
    OBJECT_POOL_MAX_OBJECT_BYTES = 64 * 1024,
};

/* All fields belong to the implementation; tests read none of them. */
struct object_pool {
    size_t object_bytes; /* from one object to the next: the size asked for, rounded up */
    size_t alignment;
    struct free_list free_objects;
    char *tail;     /* first byte never handed out, in the newest chunk */
    char *tail_end; /* end of that chunk */
    void *chunks;   /* newest first */
    size_t live_count;
    uintptr_t private_words[4];
};

/* Make an empty pool of objects of `object_bytes` (1 byte to 64 KiB), each at a multiple of
 * `alignment`, a power of two of at most PAGE_BYTES (8 KiB). Maps nothing yet.
 * Returns false with errno = EINVAL where a number is out of range. */
bool object_pool_init(struct object_pool *pool, size_t object_bytes, size_t alignment);

/* Hand out an object, its contents undefined: the one freed last if any is free, else a new one.
 * Returns NULL with errno = ENOMEM where no chunk can be mapped; the pool is as before then. */
void *object_pool_alloc(struct object_pool *pool);

/* Take back an object of this pool; NULL is ignored. Keeps errno.
 * caller_bug DOUBLE_FREE: `object` is the one freed last. */
void object_pool_free(struct object_pool *pool, void *object);

/* Give every chunk back, whether or not objects are live, and leave the pool empty and usable, as
 * after object_pool_init. */
void object_pool_destroy(struct object_pool *pool);

/* Objects handed out and not yet back. */
size_t object_pool_live_count(const struct object_pool *pool);

/* Walk the pool. Returns 0, or the number of the first invariant that does not hold: 1 or 2. */
unsigned object_pool_check(const struct object_pool *pool);

#endif

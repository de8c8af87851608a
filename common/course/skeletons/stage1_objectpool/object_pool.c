/* object_pool: stage 1, yours to write. The contract and the invariants I1 to I4 are in
 * object_pool.h; the tasks 1.1 to 1.5 in README.md beside it.
 *
 * Delete the todo() of a function when you write it. Add static functions and, at the start of this
 * file, structs of your own as you need them. */
#include "stage1_objectpool/object_pool.h"

#include "common/caller_bug.h"
#include "common/os_memory.h"
#include "common/todo.h"

/* First: refuse what is out of range (errno = EINVAL). Then round the object up, so that a link
 * fits into it and the next object is aligned too (I2). */
bool object_pool_init(struct object_pool *pool, size_t object_bytes, size_t alignment)
{
    (void)pool;
    (void)object_bytes;
    (void)alignment;
    todo("1.1");
    return false;
}

/* First: cut objects off a chunk's tail, and map a chunk when no whole object is left (I2).
 * Later, in task 1.3: the list of free objects comes before the tail (I3). */
void *object_pool_alloc(struct object_pool *pool)
{
    (void)pool;
    todo("1.2");
    return NULL;
}

/* First: NULL is ignored, and the object freed last, freed again, is a caller_bug. Then push it (I3),
 * and count (I1). */
void object_pool_free(struct object_pool *pool, void *object)
{
    (void)pool;
    (void)object;
    todo("1.3");
}

/* Give each chunk back (I4), then leave the pool as init made it. */
void object_pool_destroy(struct object_pool *pool)
{
    (void)pool;
    todo("1.4");
}

size_t object_pool_live_count(const struct object_pool *pool)
{
    (void)pool;
    todo("1.2");
    return 0;
}

/* For yourself: what must hold between the counts and the lists (I1, I2)? */
unsigned object_pool_check(const struct object_pool *pool)
{
    (void)pool;
    todo("1.5");
    return 0;
}

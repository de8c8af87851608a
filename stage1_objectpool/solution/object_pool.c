/* object_pool: see object_pool.h for the picture and the invariants I1 to I4.
 *
 * To hand out an object:
 *   1. take the top of the list of free objects, if there is one;
 *   2. else cut the next one off the newest chunk's tail;
 *   3. else map a chunk, and do 2.
 * Each step is O(1). Chunks are cut lazily, so a pool touches only the pages that it hands out.
 *
 * Read order: object_pool_alloc, cut_object, add_chunk, object_pool_free, object_pool_destroy. */
#include "stage1_objectpool/object_pool.h"

#include <assert.h>
#include <errno.h>

#include "common/caller_bug.h"
#include "common/os_memory.h"

/* At the start of each chunk; all that has to be known to give it back. */
struct chunk {
    struct chunk *next;
};

static bool is_power_of_two(size_t value)
{
    return value != 0 && (value & (value - 1)) == 0;
}

static size_t round_up(size_t value, size_t multiple)
{
    return (value + multiple - 1) & ~(multiple - 1);
}

bool object_pool_init(struct object_pool *pool, size_t object_bytes, size_t alignment)
{
    if (object_bytes == 0 || object_bytes > OBJECT_POOL_MAX_OBJECT_BYTES ||
        !is_power_of_two(alignment) || alignment > PAGE_BYTES) {
        errno = EINVAL;
        return false;
    }
    /* A free object holds a link, so each one must be fit for a pointer. */
    if (alignment < sizeof(void *))
        alignment = sizeof(void *);
    *pool = (struct object_pool){
        .object_bytes = round_up(object_bytes, alignment),
        .alignment = alignment,
    };
    return true;
}

/* I2: the header takes one alignment unit at least, so the first object is aligned. */
static char *first_object(const struct object_pool *pool, const struct chunk *chunk)
{
    return (char *)chunk + round_up(sizeof *chunk, pool->alignment);
}

static bool add_chunk(struct object_pool *pool)
{
    struct chunk *chunk = os_memory_map_guarded(OBJECT_POOL_CHUNK_BYTES);
    if (chunk == NULL)
        return false;
    chunk->next = pool->chunks;
    pool->chunks = chunk;
    pool->tail = first_object(pool, chunk);
    pool->tail_end = (char *)chunk + OBJECT_POOL_CHUNK_BYTES;
    return true;
}

/* I2: what is left must hold a whole object; a rest that does not is left for good. The ends are
 * compared by their distance, since tail + object_bytes may lie beyond the chunk. */
static bool tail_has_object(const struct object_pool *pool)
{
    return (size_t)(pool->tail_end - pool->tail) >= pool->object_bytes;
}

static void *cut_object(struct object_pool *pool)
{
    void *object = pool->tail;
    pool->tail += pool->object_bytes;
    return object;
}

/* I3: an object that is free already comes before a new one, whose page may not be touched yet. */
void *object_pool_alloc(struct object_pool *pool)
{
    void *object = free_list_pop(&pool->free_objects);
    if (object == NULL) {
        if (!tail_has_object(pool) && !add_chunk(pool))
            return NULL;
        object = cut_object(pool);
    }
    pool->live_count++;
    return object;
}

void object_pool_free(struct object_pool *pool, void *object)
{
    if (object == NULL)
        return;
    if (object == pool->free_objects.head)
        caller_bug(CALLER_BUG_DOUBLE_FREE, object);
    assert(pool->live_count != 0);
    free_list_push(&pool->free_objects, object);
    pool->live_count--;
}

/* I4: a chunk is its own list node, so its link is read before it goes. */
void object_pool_destroy(struct object_pool *pool)
{
    struct chunk *chunk = pool->chunks;
    while (chunk != NULL) {
        struct chunk *next = chunk->next;
        os_memory_unmap_guarded(chunk, OBJECT_POOL_CHUNK_BYTES);
        chunk = next;
    }
    *pool = (struct object_pool){.object_bytes = pool->object_bytes, .alignment = pool->alignment};
}

size_t object_pool_live_count(const struct object_pool *pool)
{
    return pool->live_count;
}

/* --- The check function --- */

static bool check_in_chunk(const struct object_pool *pool, const char *object)
{
    for (const struct chunk *chunk = pool->chunks; chunk != NULL; chunk = chunk->next) {
        const char *first = first_object(pool, chunk);
        if (object >= first && object < (const char *)chunk + OBJECT_POOL_CHUNK_BYTES)
            return (size_t)(object - first) % pool->object_bytes == 0;
    }
    return false;
}

static size_t check_count_cut(const struct object_pool *pool)
{
    size_t whole_chunk = 0;
    size_t cut = 0;
    for (const struct chunk *chunk = pool->chunks; chunk != NULL; chunk = chunk->next) {
        const char *end = (const char *)chunk + OBJECT_POOL_CHUNK_BYTES;
        whole_chunk = (size_t)(end - first_object(pool, chunk)) / pool->object_bytes;
        cut += whole_chunk;
    }
    return cut -
           (pool->chunks == NULL ? 0 : (size_t)(pool->tail_end - pool->tail) / pool->object_bytes);
}

unsigned object_pool_check(const struct object_pool *pool)
{
    size_t cut = check_count_cut(pool);
    size_t free_count = 0;
    for (const void *object = pool->free_objects.head; object != NULL;
         object = free_list_next(object)) {
        if (!check_in_chunk(pool, object))
            return 2;
        if (++free_count > cut)
            return 1;
    }
    if (free_count != pool->free_objects.count || pool->live_count + free_count != cut)
        return 1;
    return 0;
}

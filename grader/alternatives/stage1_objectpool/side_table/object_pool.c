/* object_pool, another design: the links of free objects lie in a table beside the objects.
 *
 *   chunk  │ next │ number │ link[0] link[1] link[2] … │ obj 0 │ obj 1 │ obj 2 │ …
 *                            └── of a free object: the one freed before it, as a number
 *
 * An object is a number: its chunk's number times the objects in a chunk, and its place. A program
 * that writes to an object after freeing it breaks nothing here; the price is four bytes an object. */
#include "stage1_objectpool/object_pool.h"

#include <errno.h>

#include "common/caller_bug.h"
#include "common/os_memory.h"

/* Numbers start at 1: 0 is no object. */
struct chunk {
    struct chunk *next;
    uint32_t number; /* counted from 0 */
    uint32_t links[];
};

/* What the pool keeps in its private words. */
enum { FREE_HEAD, CHUNK_COUNT, OBJECTS_IN_A_CHUNK };

static size_t round_up(size_t value, size_t multiple)
{
    return (value + multiple - 1) & ~(multiple - 1);
}

static size_t header_bytes(const struct object_pool *pool, size_t count)
{
    return round_up(sizeof(struct chunk) + count * sizeof(uint32_t), pool->alignment);
}

static size_t objects_in_a_chunk(const struct object_pool *pool)
{
    size_t count = OBJECT_POOL_CHUNK_BYTES / pool->object_bytes;
    while (header_bytes(pool, count) + count * pool->object_bytes > OBJECT_POOL_CHUNK_BYTES)
        count--;
    return count;
}

bool object_pool_init(struct object_pool *pool, size_t object_bytes, size_t alignment)
{
    bool is_power_of_two = alignment != 0 && (alignment & (alignment - 1)) == 0;
    if (object_bytes == 0 || object_bytes > OBJECT_POOL_MAX_OBJECT_BYTES || !is_power_of_two ||
        alignment > PAGE_BYTES) {
        errno = EINVAL;
        return false;
    }
    if (alignment < sizeof(void *))
        alignment = sizeof(void *);
    *pool = (struct object_pool){.object_bytes = round_up(object_bytes, alignment),
                                 .alignment = alignment};
    pool->private_words[OBJECTS_IN_A_CHUNK] = objects_in_a_chunk(pool);
    return true;
}

static char *first_object(const struct object_pool *pool, const struct chunk *chunk)
{
    return (char *)chunk + header_bytes(pool, pool->private_words[OBJECTS_IN_A_CHUNK]);
}

static struct chunk *chunk_of(const void *object)
{
    return (struct chunk *)((uintptr_t)object & ~((uintptr_t)OBJECT_POOL_CHUNK_BYTES - 1));
}

static size_t place_of(const struct object_pool *pool, const void *object)
{
    return (size_t)((const char *)object - first_object(pool, chunk_of(object))) /
           pool->object_bytes;
}

static size_t number_of(const struct object_pool *pool, const void *object)
{
    return chunk_of(object)->number * pool->private_words[OBJECTS_IN_A_CHUNK] +
           place_of(pool, object) + 1;
}

/* Chunks are chained newest first: number n is so many steps from the end. The object freed last is
 * remembered with its address (`tail_end` is not needed for a chunk's end here). */
static char *object_with(const struct object_pool *pool, size_t number)
{
    size_t in_a_chunk = pool->private_words[OBJECTS_IN_A_CHUNK];
    const struct chunk *chunk = pool->chunks;
    while (chunk->number != (number - 1) / in_a_chunk)
        chunk = chunk->next;
    return first_object(pool, chunk) + (number - 1) % in_a_chunk * pool->object_bytes;
}

static bool add_chunk(struct object_pool *pool)
{
    struct chunk *chunk = os_memory_map(OBJECT_POOL_CHUNK_BYTES, OBJECT_POOL_CHUNK_BYTES);
    if (chunk == NULL)
        return false;
    chunk->next = pool->chunks;
    chunk->number = (uint32_t)pool->private_words[CHUNK_COUNT]++;
    pool->chunks = chunk;
    pool->tail = first_object(pool, chunk);
    pool->tail_end = pool->tail + pool->private_words[OBJECTS_IN_A_CHUNK] * pool->object_bytes;
    return true;
}

void *object_pool_alloc(struct object_pool *pool)
{
    char *object = NULL;
    if (pool->private_words[FREE_HEAD] != 0) {
        object = object_with(pool, pool->private_words[FREE_HEAD]);
        pool->private_words[FREE_HEAD] = chunk_of(object)->links[place_of(pool, object)];
    } else {
        if (pool->tail == pool->tail_end && !add_chunk(pool))
            return NULL;
        object = pool->tail;
        pool->tail += pool->object_bytes;
    }
    pool->live_count++;
    return object;
}

void object_pool_free(struct object_pool *pool, void *object)
{
    if (object == NULL)
        return;
    size_t number = number_of(pool, object);
    if (number == pool->private_words[FREE_HEAD])
        caller_bug(CALLER_BUG_DOUBLE_FREE, object);
    chunk_of(object)->links[place_of(pool, object)] = (uint32_t)pool->private_words[FREE_HEAD];
    pool->private_words[FREE_HEAD] = number;
    pool->live_count--;
}

void object_pool_destroy(struct object_pool *pool)
{
    struct chunk *next = NULL;
    for (struct chunk *chunk = pool->chunks; chunk != NULL; chunk = next) {
        next = chunk->next;
        os_memory_unmap(chunk, OBJECT_POOL_CHUNK_BYTES);
    }
    (void)object_pool_init(pool, pool->object_bytes, pool->alignment);
}

size_t object_pool_live_count(const struct object_pool *pool)
{
    return pool->live_count;
}

unsigned object_pool_check(const struct object_pool *pool)
{
    size_t in_a_chunk = pool->private_words[OBJECTS_IN_A_CHUNK];
    size_t cut = pool->private_words[CHUNK_COUNT] * in_a_chunk;
    cut -= (size_t)(pool->tail_end - pool->tail) / pool->object_bytes;
    size_t free_count = 0;
    for (size_t number = pool->private_words[FREE_HEAD]; number != 0; free_count++) {
        if (free_count == cut || number > pool->private_words[CHUNK_COUNT] * in_a_chunk)
            return 1;
        const char *object = object_with(pool, number);
        number = chunk_of(object)->links[place_of(pool, object)];
    }
    return pool->live_count + free_count == cut ? 0 : 1;
}

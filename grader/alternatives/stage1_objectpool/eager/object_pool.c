/* object_pool, another design: a chunk is cut up as soon as it is mapped.
 *
 *   free_objects ─▶ obj ─▶ obj ─▶ obj ─▶ …  ─▶ what was free before
 *                   └── a new chunk, in order of address ──┘
 *
 * There is no tail, and so one way to hand out an object and not two. The price: every page of a chunk
 * is touched when it comes. The chunk's link lies at its end. */
#include "stage1_objectpool/object_pool.h"

#include <errno.h>

#include "common/caller_bug.h"
#include "common/os_memory.h"

/* At the end of each chunk. */
struct footer {
    char *next; /* start of the chunk mapped before */
};

enum { ROOM_BYTES = OBJECT_POOL_CHUNK_BYTES - sizeof(struct footer) };

static struct footer *footer_of(const char *chunk)
{
    return (struct footer *)(chunk + ROOM_BYTES);
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
    size_t rounded = (object_bytes + alignment - 1) / alignment * alignment;
    *pool = (struct object_pool){.object_bytes = rounded, .alignment = alignment};
    return true;
}

/* From the last object to the first, so that the first one ends on top. */
static void cut_up(struct object_pool *pool, char *chunk)
{
    for (size_t place = ROOM_BYTES / pool->object_bytes; place > 0; place--)
        free_list_push(&pool->free_objects, chunk + (place - 1) * pool->object_bytes);
}

static bool add_chunk(struct object_pool *pool)
{
    char *chunk = os_memory_map(OBJECT_POOL_CHUNK_BYTES, PAGE_BYTES);
    if (chunk == NULL)
        return false;
    footer_of(chunk)->next = pool->chunks;
    pool->chunks = chunk;
    cut_up(pool, chunk);
    return true;
}

void *object_pool_alloc(struct object_pool *pool)
{
    if (pool->free_objects.head == NULL && !add_chunk(pool))
        return NULL;
    pool->live_count++;
    return free_list_pop(&pool->free_objects);
}

void object_pool_free(struct object_pool *pool, void *object)
{
    if (object == NULL)
        return;
    if (object == pool->free_objects.head)
        caller_bug(CALLER_BUG_DOUBLE_FREE, object);
    free_list_push(&pool->free_objects, object);
    pool->live_count--;
}

void object_pool_destroy(struct object_pool *pool)
{
    char *next = NULL;
    for (char *chunk = pool->chunks; chunk != NULL; chunk = next) {
        next = footer_of(chunk)->next;
        os_memory_unmap(chunk, OBJECT_POOL_CHUNK_BYTES);
    }
    *pool = (struct object_pool){.object_bytes = pool->object_bytes, .alignment = pool->alignment};
}

size_t object_pool_live_count(const struct object_pool *pool)
{
    return pool->live_count;
}

unsigned object_pool_check(const struct object_pool *pool)
{
    size_t all = 0;
    size_t free_count = 0;
    for (char *chunk = pool->chunks; chunk != NULL; chunk = footer_of(chunk)->next)
        all += ROOM_BYTES / pool->object_bytes;
    for (const void *object = pool->free_objects.head; object != NULL && free_count <= all;
         object = free_list_next(object))
        free_count++;
    return free_count == pool->free_objects.count && free_count + pool->live_count == all ? 0 : 1;
}

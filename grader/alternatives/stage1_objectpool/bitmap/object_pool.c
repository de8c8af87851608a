/* object_pool, another design: a bit for each object says whether it is out.
 *
 *   chunk, at a multiple of 128 KiB:
 *   │ next │ bits: 1 1 0 1 0 0 … │ obj │ obj │ obj │ …
 *              ▲ object n is out
 *
 * The chunk of an object is found by cutting the low bits off its address. Every double free is
 * noticed, however long ago the first one was, for a bit an object. The list of free objects still
 * gives the order in which they go out again. */
#include "stage1_objectpool/object_pool.h"

#include <errno.h>

#include "common/caller_bug.h"
#include "common/os_memory.h"

enum { WORD_BITS = 64, MOST_WORDS = OBJECT_POOL_CHUNK_BYTES / sizeof(void *) / WORD_BITS };

struct chunk {
    struct chunk *next;
    uint64_t is_out[MOST_WORDS];
};

static size_t round_up(size_t value, size_t multiple)
{
    return (value + multiple - 1) & ~(multiple - 1);
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
    return true;
}

/* Large objects need few bits: the header is as long as the pool's objects make it. */
static char *first_object(const struct object_pool *pool, const struct chunk *chunk)
{
    size_t words = OBJECT_POOL_CHUNK_BYTES / pool->object_bytes / WORD_BITS + 1;
    if (words > MOST_WORDS)
        words = MOST_WORDS;
    size_t header_bytes = offsetof(struct chunk, is_out) + words * sizeof(uint64_t);
    return (char *)chunk + round_up(header_bytes, pool->alignment);
}

static struct chunk *chunk_of(const void *object)
{
    return (struct chunk *)((uintptr_t)object & ~((uintptr_t)OBJECT_POOL_CHUNK_BYTES - 1));
}

static uint64_t *word_of(const struct object_pool *pool, const void *object, uint64_t *bit)
{
    struct chunk *chunk = chunk_of(object);
    size_t place = (size_t)((const char *)object - first_object(pool, chunk)) / pool->object_bytes;
    *bit = (uint64_t)1 << place % WORD_BITS;
    return &chunk->is_out[place / WORD_BITS];
}

static bool add_chunk(struct object_pool *pool)
{
    struct chunk *chunk = os_memory_map(OBJECT_POOL_CHUNK_BYTES, OBJECT_POOL_CHUNK_BYTES);
    if (chunk == NULL)
        return false;
    chunk->next = pool->chunks;
    pool->chunks = chunk;
    pool->tail = first_object(pool, chunk);
    pool->tail_end = (char *)chunk + OBJECT_POOL_CHUNK_BYTES;
    return true;
}

static bool tail_is_used_up(const struct object_pool *pool)
{
    return (size_t)(pool->tail_end - pool->tail) < pool->object_bytes;
}

void *object_pool_alloc(struct object_pool *pool)
{
    uint64_t bit = 0;
    void *object = free_list_pop(&pool->free_objects);
    if (object == NULL) {
        if (tail_is_used_up(pool) && !add_chunk(pool))
            return NULL;
        object = pool->tail;
        pool->tail += pool->object_bytes;
    }
    *word_of(pool, object, &bit) |= bit;
    pool->live_count++;
    return object;
}

void object_pool_free(struct object_pool *pool, void *object)
{
    uint64_t bit = 0;
    if (object == NULL)
        return;
    uint64_t *word = word_of(pool, object, &bit);
    if ((*word & bit) == 0)
        caller_bug(CALLER_BUG_DOUBLE_FREE, object);
    *word &= ~bit;
    free_list_push(&pool->free_objects, object);
    pool->live_count--;
}

void object_pool_destroy(struct object_pool *pool)
{
    struct chunk *next = NULL;
    for (struct chunk *chunk = pool->chunks; chunk != NULL; chunk = next) {
        next = chunk->next;
        os_memory_unmap(chunk, OBJECT_POOL_CHUNK_BYTES);
    }
    *pool = (struct object_pool){.object_bytes = pool->object_bytes, .alignment = pool->alignment};
}

size_t object_pool_live_count(const struct object_pool *pool)
{
    return pool->live_count;
}

/* I1, counted twice: the bits that are set, and what alloc and free counted. */
unsigned object_pool_check(const struct object_pool *pool)
{
    size_t out = 0;
    for (const struct chunk *chunk = pool->chunks; chunk != NULL; chunk = chunk->next) {
        const char *end =
            pool->chunks == chunk ? pool->tail : (const char *)chunk + OBJECT_POOL_CHUNK_BYTES;
        size_t count = (size_t)(end - first_object(pool, chunk)) / pool->object_bytes;
        for (size_t place = 0; place < count; place++)
            out += chunk->is_out[place / WORD_BITS] >> place % WORD_BITS & 1;
    }
    size_t length = 0;
    for (const void *object = pool->free_objects.head; object != NULL;
         object = free_list_next(object), length++) {
        uint64_t bit = 0;
        if (length == pool->free_objects.count || (*word_of(pool, object, &bit) & bit) != 0)
            return 1;
    }
    return out == pool->live_count && length == pool->free_objects.count ? 0 : 1;
}

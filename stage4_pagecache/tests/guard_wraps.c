/* The guarded build: objects of the pool are out of bounds for the pool while they are the
 * program's, as long as they were asked for: what is behind them, up to the size of their class, is
 * the pool's to keep. */
#include "common/testing/guard.h"
#include "stage4_pagecache/mempool.h"

void *__real_mempool_alloc(size_t bytes);
void __real_mempool_free(void *object);
void __real_mempool_free_sized(void *object, size_t bytes, size_t alignment);
void *__real_mempool_calloc(size_t count, size_t bytes);
void *__real_mempool_realloc(void *object, size_t bytes);
void *__real_mempool_aligned_alloc(size_t alignment, size_t bytes);
size_t __real_mempool_purge(void);
void *__wrap_mempool_alloc(size_t bytes);
void __wrap_mempool_free(void *object);
void __wrap_mempool_free_sized(void *object, size_t bytes, size_t alignment);
void *__wrap_mempool_calloc(size_t count, size_t bytes);
void *__wrap_mempool_realloc(void *object, size_t bytes);
void *__wrap_mempool_aligned_alloc(size_t alignment, size_t bytes);
size_t __wrap_mempool_purge(void);

void *__wrap_mempool_alloc(size_t bytes)
{
    guard_enter();
    void *object = __real_mempool_alloc(bytes);
    guard_leave();
    guard_add_live(object, bytes);
    return object;
}

void __wrap_mempool_free(void *object)
{
    (void)guard_remove_live(object);
    guard_enter();
    __real_mempool_free(object);
    guard_leave();
}

void __wrap_mempool_free_sized(void *object, size_t bytes, size_t alignment)
{
    (void)guard_remove_live(object);
    guard_enter();
    __real_mempool_free_sized(object, bytes, alignment);
    guard_leave();
}

void *__wrap_mempool_calloc(size_t count, size_t bytes)
{
    guard_enter();
    void *object = __real_mempool_calloc(count, bytes);
    guard_leave();
    guard_add_live(object, count * bytes);
    return object;
}

/* The pool copies the old object's contents, so it is not watched meanwhile; it is live again where
 * it could not be moved. */
void *__wrap_mempool_realloc(void *object, size_t bytes)
{
    size_t old_bytes = guard_remove_live(object);
    guard_enter();
    void *moved = __real_mempool_realloc(object, bytes);
    guard_leave();
    if (moved != NULL)
        guard_add_live(moved, bytes);
    else
        guard_add_live(object, old_bytes);
    return moved;
}

void *__wrap_mempool_aligned_alloc(size_t alignment, size_t bytes)
{
    guard_enter();
    void *object = __real_mempool_aligned_alloc(alignment, bytes);
    guard_leave();
    guard_add_live(object, bytes);
    return object;
}

size_t __wrap_mempool_purge(void)
{
    guard_enter();
    size_t purged = __real_mempool_purge();
    guard_leave();
    return purged;
}

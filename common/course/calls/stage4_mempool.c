/* Calls of the whole pool, recorded: see recorder.h. */
#include "common/course/calls/recorder.h"
#include "stage4_pagecache/mempool.h"

void *__real_mempool_alloc(size_t bytes);
void *__wrap_mempool_alloc(size_t bytes);
void *__wrap_mempool_alloc(size_t bytes)
{
    size_t call = call_begin("mempool_alloc", "%zu bytes", bytes);
    void *result = __real_mempool_alloc(bytes);
    call_end(call, "%p", result);
    return result;
}

void __real_mempool_free(void *object);
void __wrap_mempool_free(void *object);
void __wrap_mempool_free(void *object)
{
    size_t call = call_begin("mempool_free", "%p", object);
    __real_mempool_free(object);
    call_end(call, "%s", "");
}

void __real_mempool_free_sized(void *object, size_t bytes, size_t alignment);
void __wrap_mempool_free_sized(void *object, size_t bytes, size_t alignment);
void __wrap_mempool_free_sized(void *object, size_t bytes, size_t alignment)
{
    size_t call =
        call_begin("mempool_free_sized", "%p, %zu bytes, alignment %zu", object, bytes, alignment);
    __real_mempool_free_sized(object, bytes, alignment);
    call_end(call, "%s", "");
}

void *__real_mempool_calloc(size_t count, size_t bytes);
void *__wrap_mempool_calloc(size_t count, size_t bytes);
void *__wrap_mempool_calloc(size_t count, size_t bytes)
{
    size_t call = call_begin("mempool_calloc", "%zu times %zu bytes", count, bytes);
    void *result = __real_mempool_calloc(count, bytes);
    call_end(call, "%p", result);
    return result;
}

void *__real_mempool_realloc(void *object, size_t bytes);
void *__wrap_mempool_realloc(void *object, size_t bytes);
void *__wrap_mempool_realloc(void *object, size_t bytes)
{
    size_t call = call_begin("mempool_realloc", "%p, %zu bytes", object, bytes);
    void *result = __real_mempool_realloc(object, bytes);
    call_end(call, "%p", result);
    return result;
}

void *__real_mempool_aligned_alloc(size_t alignment, size_t bytes);
void *__wrap_mempool_aligned_alloc(size_t alignment, size_t bytes);
void *__wrap_mempool_aligned_alloc(size_t alignment, size_t bytes)
{
    size_t call = call_begin("mempool_aligned_alloc", "alignment %zu, %zu bytes", alignment, bytes);
    void *result = __real_mempool_aligned_alloc(alignment, bytes);
    call_end(call, "%p", result);
    return result;
}

size_t __real_mempool_usable_size(void *object);
size_t __wrap_mempool_usable_size(void *object);
size_t __wrap_mempool_usable_size(void *object)
{
    size_t call = call_begin("mempool_usable_size", "%p", object);
    size_t result = __real_mempool_usable_size(object);
    call_end(call, "%zu", result);
    return result;
}

size_t __real_mempool_purge(void);
size_t __wrap_mempool_purge(void);
size_t __wrap_mempool_purge(void)
{
    size_t call = call_begin("mempool_purge", "%s", "");
    size_t result = __real_mempool_purge();
    call_end(call, "%zu bytes", result);
    return result;
}

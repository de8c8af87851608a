/* Records what the program asks of the pool (mempool.h), and of a thread cache where it is called
 * straight (the tests of stage 2): inside of mempool_alloc it is the same call once more.
 *
 * Each function of a layer is declared weak: a program that is made of fewer layers has not all. */
#include "common/caller_bug.h"
#include "common/trace/recorder.h"
#include "stage2_threadcache/thread_cache.h"
#include "stage4_pagecache/mempool.h"

#define REAL __attribute__((weak))
REAL void *__real_mempool_alloc(size_t bytes);
REAL void __real_mempool_free(void *object);
REAL void __real_mempool_free_sized(void *object, size_t bytes, size_t alignment);
REAL void *__real_mempool_calloc(size_t count, size_t bytes);
REAL void *__real_mempool_realloc(void *object, size_t bytes);
REAL void *__real_mempool_aligned_alloc(size_t alignment, size_t bytes);
REAL size_t __real_mempool_purge(void);
REAL void *__real_thread_cache_alloc(unsigned class_id);
REAL void __real_thread_cache_free(void *object, unsigned class_id);
REAL void __real_thread_cache_flush(void);
REAL _Noreturn void __real_caller_bug(enum caller_bug_kind kind, const void *address);

void *mempool_alloc(size_t bytes)
{
    enum trace_call before = recorder_enter(TRACE_ALLOC);
    void *object = __real_mempool_alloc(bytes);
    recorder_leave(before);
    recorder_put(
        (struct trace_record){.call = TRACE_ALLOC, .address = (uintptr_t)object, .bytes = bytes});
    return object;
}

void *mempool_calloc(size_t count, size_t bytes)
{
    enum trace_call before = recorder_enter(TRACE_CALLOC);
    void *object = __real_mempool_calloc(count, bytes);
    recorder_leave(before);
    recorder_put((struct trace_record){
        .call = TRACE_CALLOC, .address = (uintptr_t)object, .bytes = count * bytes});
    return object;
}

void *mempool_aligned_alloc(size_t alignment, size_t bytes)
{
    enum trace_call before = recorder_enter(TRACE_ALIGNED_ALLOC);
    void *object = __real_mempool_aligned_alloc(alignment, bytes);
    recorder_leave(before);
    recorder_put((struct trace_record){.call = TRACE_ALIGNED_ALLOC,
                                       .address = (uintptr_t)object,
                                       .bytes = bytes,
                                       .count = alignment});
    return object;
}

/* Two records: between them neither the old nor the new object is the program's. */
void *mempool_realloc(void *object, size_t bytes)
{
    uintptr_t old = (uintptr_t)object;
    recorder_put(
        (struct trace_record){.call = TRACE_RESIZE_BEGINS, .address = old, .bytes = bytes});
    enum trace_call before = recorder_enter(TRACE_RESIZE);
    void *moved = __real_mempool_realloc(object, bytes);
    recorder_leave(before);
    recorder_put((struct trace_record){
        .call = TRACE_RESIZE, .address = (uintptr_t)moved, .bytes = bytes, .other = old});
    return moved;
}

void mempool_free(void *object)
{
    recorder_put((struct trace_record){.call = TRACE_FREE, .address = (uintptr_t)object});
    enum trace_call before = recorder_enter(TRACE_FREE);
    __real_mempool_free(object);
    recorder_leave(before);
}

void mempool_free_sized(void *object, size_t bytes, size_t alignment)
{
    recorder_put((struct trace_record){.call = TRACE_FREE_SIZED,
                                       .address = (uintptr_t)object,
                                       .bytes = bytes,
                                       .count = alignment});
    enum trace_call before = recorder_enter(TRACE_FREE_SIZED);
    __real_mempool_free_sized(object, bytes, alignment);
    recorder_leave(before);
}

size_t mempool_purge(void)
{
    enum trace_call before = recorder_enter(TRACE_POOL_PURGE);
    size_t purged = __real_mempool_purge();
    recorder_leave(before);
    recorder_put((struct trace_record){.call = TRACE_POOL_PURGE, .count = purged});
    return purged;
}

/* --- Thread cache --- */

void *thread_cache_alloc(unsigned class_id)
{
    if (recorder_within() != 0)
        return __real_thread_cache_alloc(class_id);
    enum trace_call before = recorder_enter(TRACE_THREAD_ALLOC);
    void *object = __real_thread_cache_alloc(class_id);
    recorder_leave(before);
    recorder_put((struct trace_record){
        .call = TRACE_THREAD_ALLOC, .class_id = (uint8_t)class_id, .address = (uintptr_t)object});
    return object;
}

void thread_cache_free(void *object, unsigned class_id)
{
    if (recorder_within() != 0) {
        __real_thread_cache_free(object, class_id);
        return;
    }
    recorder_put((struct trace_record){
        .call = TRACE_THREAD_FREE, .class_id = (uint8_t)class_id, .address = (uintptr_t)object});
    enum trace_call before = recorder_enter(TRACE_THREAD_FREE);
    __real_thread_cache_free(object, class_id);
    recorder_leave(before);
}

void thread_cache_flush(void)
{
    recorder_put((struct trace_record){.call = TRACE_THREAD_FLUSH});
    enum trace_call before = recorder_enter(TRACE_THREAD_FLUSH);
    __real_thread_cache_flush();
    recorder_leave(before);
}

/* --- What the caller did wrong --- */

_Noreturn void caller_bug(enum caller_bug_kind kind, const void *address)
{
    recorder_put((struct trace_record){
        .call = TRACE_CALLER_BUG, .address = (uintptr_t)address, .count = (uint64_t)kind});
    __real_caller_bug(kind, address);
}

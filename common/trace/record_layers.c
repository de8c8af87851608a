/* Records what the layers ask of each other: batches, spans, entries of the page map, regions of the
 * operating system, records of the object pools. See record_program.c for how. */
#include "common/os_memory.h"
#include "common/trace/recorder.h"
#include "stage1_objectpool/object_pool.h"
#include "stage3_centralcache/central_cache.h"
#include "stage4_pagecache/page_cache.h"
#include "stage4_pagecache/page_map.h"

#define REAL __attribute__((weak))
REAL size_t __real_central_cache_fetch(unsigned class_id, size_t want, struct free_list *out);
REAL void __real_central_cache_release(unsigned class_id, struct free_list *objects);
REAL void __real_central_cache_flush(void);
REAL struct span *__real_page_cache_alloc(size_t page_count, size_t page_alignment,
                                          unsigned class_id);
REAL void __real_page_cache_free(struct span *span);
REAL bool __real_page_cache_resize(struct span *span, size_t page_count);
REAL size_t __real_page_cache_purge(size_t keep_bytes);
REAL bool __real_page_map_reserve(uintptr_t first_page, size_t page_count);
REAL void __real_page_map_set(uintptr_t first_page, size_t page_count, struct span *span,
                              unsigned class_id);
REAL void *__real_os_memory_map(size_t bytes, size_t alignment);
REAL void __real_os_memory_unmap(void *start, size_t bytes);
REAL void *__real_os_memory_map_guarded(size_t bytes);
REAL void __real_os_memory_unmap_guarded(void *start, size_t bytes);
REAL void __real_os_memory_purge(void *start, size_t bytes);
REAL bool __real_object_pool_init(struct object_pool *pool, size_t object_bytes, size_t alignment);
REAL void *__real_object_pool_alloc(struct object_pool *pool);
REAL void __real_object_pool_free(struct object_pool *pool, void *object);
REAL void __real_object_pool_destroy(struct object_pool *pool);

/* --- Central cache --- */

size_t central_cache_fetch(unsigned class_id, size_t want, struct free_list *out)
{
    enum trace_call before = recorder_enter(TRACE_FETCH);
    size_t count = __real_central_cache_fetch(class_id, want, out);
    recorder_leave(before);
    recorder_put_list((struct trace_record){.call = TRACE_FETCH,
                                            .class_id = (uint8_t)class_id,
                                            .address = (uintptr_t)out->head,
                                            .count = count,
                                            .other = want},
                      out);
    return count;
}

void central_cache_release(unsigned class_id, struct free_list *objects)
{
    recorder_put_list((struct trace_record){.call = TRACE_RELEASE,
                                            .class_id = (uint8_t)class_id,
                                            .address = (uintptr_t)objects->head,
                                            .count = objects->count},
                      objects);
    enum trace_call before = recorder_enter(TRACE_RELEASE);
    __real_central_cache_release(class_id, objects);
    recorder_leave(before);
}

void central_cache_flush(void)
{
    recorder_put((struct trace_record){.call = TRACE_CENTRAL_FLUSH});
    enum trace_call before = recorder_enter(TRACE_CENTRAL_FLUSH);
    __real_central_cache_flush();
    recorder_leave(before);
}

/* --- Page cache --- */

struct span *page_cache_alloc(size_t page_count, size_t page_alignment, unsigned class_id)
{
    enum trace_call before = recorder_enter(TRACE_SPAN_ALLOC);
    struct span *span = __real_page_cache_alloc(page_count, page_alignment, class_id);
    recorder_leave(before);
    recorder_put((struct trace_record){.call = TRACE_SPAN_ALLOC,
                                       .class_id = (uint8_t)class_id,
                                       .address = span == NULL ? 0 : (uintptr_t)span_start(span),
                                       .count = span == NULL ? page_count : span->page_count,
                                       .bytes = page_alignment,
                                       .other = (uintptr_t)span});
    return span;
}

void page_cache_free(struct span *span)
{
    uintptr_t start = (uintptr_t)span_start(span);
    recorder_put((struct trace_record){.call = TRACE_SPAN_FREE,
                                       .class_id = span->class_id,
                                       .address = start,
                                       .count = span->page_count,
                                       .bytes = span->class_id == 0 ? 0 : span->tail - start,
                                       .other = (uintptr_t)span});
    enum trace_call before = recorder_enter(TRACE_SPAN_FREE);
    __real_page_cache_free(span);
    recorder_leave(before);
}

static void put_resize(const struct span *span, size_t old_count, size_t new_count, bool done)
{
    recorder_put((struct trace_record){.call = TRACE_SPAN_RESIZE,
                                       .address = (uintptr_t)span_start(span),
                                       .count = new_count,
                                       .bytes = old_count,
                                       .other = done});
}

/* What makes a span shorter gives pages back, and is recorded before it does; if it fails, a second
 * record takes the first one back. */
bool page_cache_resize(struct span *span, size_t page_count)
{
    size_t old_count = span->page_count;
    bool shrinks = page_count < old_count;
    if (shrinks)
        put_resize(span, old_count, page_count, true);
    enum trace_call before = recorder_enter(TRACE_SPAN_RESIZE);
    bool done = __real_page_cache_resize(span, page_count);
    recorder_leave(before);
    if (!shrinks)
        put_resize(span, old_count, page_count, done);
    else if (!done)
        put_resize(span, page_count, old_count, true);
    return done;
}

size_t page_cache_purge(size_t keep_bytes)
{
    enum trace_call before = recorder_enter(TRACE_PAGE_PURGE);
    size_t purged = __real_page_cache_purge(keep_bytes);
    recorder_leave(before);
    recorder_put(
        (struct trace_record){.call = TRACE_PAGE_PURGE, .bytes = keep_bytes, .count = purged});
    return purged;
}

/* --- Page map --- */

bool page_map_reserve(uintptr_t first_page, size_t page_count)
{
    enum trace_call before = recorder_enter(TRACE_MAP_RESERVE);
    bool done = __real_page_map_reserve(first_page, page_count);
    recorder_leave(before);
    recorder_put((struct trace_record){.call = TRACE_MAP_RESERVE,
                                       .address = first_page << PAGE_SHIFT,
                                       .count = page_count,
                                       .other = done});
    return done;
}

void page_map_set(uintptr_t first_page, size_t page_count, struct span *span, unsigned class_id)
{
    __real_page_map_set(first_page, page_count, span, class_id);
    recorder_put((struct trace_record){.call = TRACE_MAP_SET,
                                       .class_id = (uint8_t)class_id,
                                       .address = first_page << PAGE_SHIFT,
                                       .count = page_count,
                                       .other = (uintptr_t)span});
}

/* --- The operating system --- */

static void put_map(const void *start, size_t bytes, size_t alignment)
{
    recorder_put((struct trace_record){
        .call = TRACE_OS_MAP, .address = (uintptr_t)start, .bytes = bytes, .count = alignment});
}

static void put_unmap(const void *start, size_t bytes)
{
    recorder_put(
        (struct trace_record){.call = TRACE_OS_UNMAP, .address = (uintptr_t)start, .bytes = bytes});
}

void *os_memory_map(size_t bytes, size_t alignment)
{
    void *start = __real_os_memory_map(bytes, alignment);
    put_map(start, bytes, alignment);
    return start;
}

void os_memory_unmap(void *start, size_t bytes)
{
    put_unmap(start, bytes);
    __real_os_memory_unmap(start, bytes);
}

void *os_memory_map_guarded(size_t bytes)
{
    void *start = __real_os_memory_map_guarded(bytes);
    put_map(start, bytes, PAGE_BYTES);
    return start;
}

void os_memory_unmap_guarded(void *start, size_t bytes)
{
    put_unmap(start, bytes);
    __real_os_memory_unmap_guarded(start, bytes);
}

void os_memory_purge(void *start, size_t bytes)
{
    recorder_put(
        (struct trace_record){.call = TRACE_OS_PURGE, .address = (uintptr_t)start, .bytes = bytes});
    __real_os_memory_purge(start, bytes);
}

/* --- Object pools --- */

bool object_pool_init(struct object_pool *pool, size_t object_bytes, size_t alignment)
{
    recorder_put((struct trace_record){.call = TRACE_RECORD_INIT,
                                       .bytes = object_bytes,
                                       .count = alignment,
                                       .other = (uintptr_t)pool});
    return __real_object_pool_init(pool, object_bytes, alignment);
}

void *object_pool_alloc(struct object_pool *pool)
{
    enum trace_call before = recorder_enter(TRACE_RECORD_ALLOC);
    void *object = __real_object_pool_alloc(pool);
    recorder_leave(before);
    recorder_put((struct trace_record){
        .call = TRACE_RECORD_ALLOC, .address = (uintptr_t)object, .other = (uintptr_t)pool});
    return object;
}

void object_pool_free(struct object_pool *pool, void *object)
{
    recorder_put((struct trace_record){
        .call = TRACE_RECORD_FREE, .address = (uintptr_t)object, .other = (uintptr_t)pool});
    __real_object_pool_free(pool, object);
}

void object_pool_destroy(struct object_pool *pool)
{
    recorder_put((struct trace_record){.call = TRACE_RECORD_DESTROY, .other = (uintptr_t)pool});
    enum trace_call before = recorder_enter(TRACE_RECORD_DESTROY);
    __real_object_pool_destroy(pool);
    recorder_leave(before);
}

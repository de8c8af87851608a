/* Calls of the central cache, and its calls down, recorded: see recorder.h. */
#include "common/course/calls/recorder.h"
#include "stage3_centralcache/central_cache.h"
#include "stage4_pagecache/page_cache.h"

size_t __real_central_cache_fetch(unsigned class_id, size_t want, struct free_list *out);
size_t __wrap_central_cache_fetch(unsigned class_id, size_t want, struct free_list *out);
size_t __wrap_central_cache_fetch(unsigned class_id, size_t want, struct free_list *out)
{
    size_t call = call_begin("central_cache_fetch", "class %u, want %zu", class_id, want);
    size_t result = __real_central_cache_fetch(class_id, want, out);
    call_end(call, "%zu objects", result);
    return result;
}

void __real_central_cache_release(unsigned class_id, struct free_list *objects);
void __wrap_central_cache_release(unsigned class_id, struct free_list *objects);
void __wrap_central_cache_release(unsigned class_id, struct free_list *objects)
{
    size_t call =
        call_begin("central_cache_release", "class %u, %zu objects", class_id, objects->count);
    __real_central_cache_release(class_id, objects);
    call_end(call, "%s", "");
}

void __real_central_cache_flush(void);
void __wrap_central_cache_flush(void);
void __wrap_central_cache_flush(void)
{
    size_t call = call_begin("central_cache_flush", "%s", "");
    __real_central_cache_flush();
    call_end(call, "%s", "");
}

struct span *__real_page_cache_alloc(size_t page_count, size_t page_alignment, unsigned class_id);
struct span *__wrap_page_cache_alloc(size_t page_count, size_t page_alignment, unsigned class_id);
struct span *__wrap_page_cache_alloc(size_t page_count, size_t page_alignment, unsigned class_id)
{
    size_t call = call_begin("page_cache_alloc", "%zu pages, alignment %zu, class %u", page_count,
                             page_alignment, class_id);
    struct span *result = __real_page_cache_alloc(page_count, page_alignment, class_id);
    call_end(call, "span %p", (void *)result);
    return result;
}

void __real_page_cache_free(struct span *span);
void __wrap_page_cache_free(struct span *span);
void __wrap_page_cache_free(struct span *span)
{
    size_t call = call_begin("page_cache_free", "span %p", (void *)span);
    __real_page_cache_free(span);
    call_end(call, "%s", "");
}

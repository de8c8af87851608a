/* Calls of the page map and the page cache, recorded: see recorder.h. */
#include "common/course/calls/recorder.h"
#include "stage4_pagecache/page_cache.h"
#include "stage4_pagecache/page_map.h"

bool __real_page_map_reserve(uintptr_t first_page, size_t page_count);
bool __wrap_page_map_reserve(uintptr_t first_page, size_t page_count);
bool __wrap_page_map_reserve(uintptr_t first_page, size_t page_count)
{
    size_t call = call_begin("page_map_reserve", "page 0x%lx, %zu pages", (unsigned long)first_page,
                             page_count);
    bool result = __real_page_map_reserve(first_page, page_count);
    call_end(call, "%s", result ? "true" : "false");
    return result;
}

void __real_page_map_set(uintptr_t first_page, size_t page_count, struct span *span,
                         unsigned class_id);
void __wrap_page_map_set(uintptr_t first_page, size_t page_count, struct span *span,
                         unsigned class_id);
void __wrap_page_map_set(uintptr_t first_page, size_t page_count, struct span *span,
                         unsigned class_id)
{
    size_t call = call_begin("page_map_set", "page 0x%lx, %zu pages, span %p, class %u",
                             (unsigned long)first_page, page_count, (void *)span, class_id);
    __real_page_map_set(first_page, page_count, span, class_id);
    call_end(call, "%s", "");
}

struct span *__real_page_map_span(const void *address);
struct span *__wrap_page_map_span(const void *address);
struct span *__wrap_page_map_span(const void *address)
{
    if (call_is_nested())
        return __real_page_map_span(address);
    size_t call = call_begin("page_map_span", "%p", address);
    struct span *result = __real_page_map_span(address);
    call_end(call, "span %p", (void *)result);
    return result;
}

unsigned __real_page_map_class(const void *address);
unsigned __wrap_page_map_class(const void *address);
unsigned __wrap_page_map_class(const void *address)
{
    if (call_is_nested())
        return __real_page_map_class(address);
    size_t call = call_begin("page_map_class", "%p", address);
    unsigned result = __real_page_map_class(address);
    call_end(call, "%u", result);
    return result;
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

bool __real_page_cache_resize(struct span *span, size_t page_count);
bool __wrap_page_cache_resize(struct span *span, size_t page_count);
bool __wrap_page_cache_resize(struct span *span, size_t page_count)
{
    size_t call = call_begin("page_cache_resize", "span %p, %zu pages", (void *)span, page_count);
    bool result = __real_page_cache_resize(span, page_count);
    call_end(call, "%s", result ? "true" : "false");
    return result;
}

size_t __real_page_cache_purge(size_t keep_bytes);
size_t __wrap_page_cache_purge(size_t keep_bytes);
size_t __wrap_page_cache_purge(size_t keep_bytes)
{
    size_t call = call_begin("page_cache_purge", "keep %zu bytes", keep_bytes);
    size_t result = __real_page_cache_purge(keep_bytes);
    call_end(call, "%zu bytes", result);
    return result;
}

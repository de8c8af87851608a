/* The guarded build: objects are out of bounds for the central cache from the moment it hands them
 * out until they come back. While it is in the layer below, they are not: that is the stand-in,
 * and a hook of a test that plays another thread. */
#include "common/testing/guard.h"
#include "stage2_threadcache/size_class.h"
#include "stage3_centralcache/central_cache.h"
#include "stage4_pagecache/page_cache.h"
#include "stage4_pagecache/page_map.h"

size_t __real_central_cache_fetch(unsigned class_id, size_t want, struct free_list *out);
void __real_central_cache_release(unsigned class_id, struct free_list *objects);
void __real_central_cache_flush(void);
struct span *__real_page_cache_alloc(size_t page_count, size_t page_alignment, unsigned class_id);
void __real_page_cache_free(struct span *span);
size_t __wrap_central_cache_fetch(unsigned class_id, size_t want, struct free_list *out);
void __wrap_central_cache_release(unsigned class_id, struct free_list *objects);
void __wrap_central_cache_flush(void);
struct span *__wrap_page_cache_alloc(size_t page_count, size_t page_alignment, unsigned class_id);
void __wrap_page_cache_free(struct span *span);

/* Of a large object its start is enough: that is where links and marks are written. */
enum { WATCHED_BYTES = 4096 };

size_t __wrap_central_cache_fetch(unsigned class_id, size_t want, struct free_list *out)
{
    guard_enter();
    size_t count = __real_central_cache_fetch(class_id, want, out);
    guard_leave();
    size_t bytes = size_class_bytes(class_id);
    for (void *object = out->head; object != NULL; object = free_list_next(object))
        guard_add_live(object, bytes < WATCHED_BYTES ? bytes : WATCHED_BYTES);
    return count;
}

/* A program's mistake may be to give back the inside of an object. */
static void *start_of(char *object)
{
    const struct span *span = page_map_span(object);
    if (span == NULL || span->state != SPAN_SMALL)
        return object;
    size_t offset = (size_t)(object - span_start(span));
    return object - offset % size_class_bytes(span->class_id);
}

/* The chain is the layer's as soon as it is called, links and all. */
void __wrap_central_cache_release(unsigned class_id, struct free_list *objects)
{
    for (void *object = objects->head; object != NULL; object = free_list_next(object))
        guard_remove_live(start_of(object));
    guard_enter();
    __real_central_cache_release(class_id, objects);
    guard_leave();
}

void __wrap_central_cache_flush(void)
{
    guard_enter();
    __real_central_cache_flush();
    guard_leave();
}

struct span *__wrap_page_cache_alloc(size_t page_count, size_t page_alignment, unsigned class_id)
{
    guard_leave();
    struct span *span = __real_page_cache_alloc(page_count, page_alignment, class_id);
    guard_enter();
    return span;
}

void __wrap_page_cache_free(struct span *span)
{
    guard_leave();
    __real_page_cache_free(span);
    guard_enter();
}

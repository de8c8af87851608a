/* Calls of size classes and the thread cache, and its calls down, recorded: see recorder.h. */
#include "common/course/calls/recorder.h"
#include "stage2_threadcache/size_class.h"
#include "stage2_threadcache/thread_cache.h"
#include "stage3_centralcache/central_cache.h"

unsigned __real_size_class_of(size_t bytes);
unsigned __wrap_size_class_of(size_t bytes);
unsigned __wrap_size_class_of(size_t bytes)
{
    if (call_is_nested())
        return __real_size_class_of(bytes);
    size_t call = call_begin("size_class_of", "%zu bytes", bytes);
    unsigned result = __real_size_class_of(bytes);
    call_end(call, "class %u", result);
    return result;
}

size_t __real_size_class_bytes(unsigned class_id);
size_t __wrap_size_class_bytes(unsigned class_id);
size_t __wrap_size_class_bytes(unsigned class_id)
{
    if (call_is_nested())
        return __real_size_class_bytes(class_id);
    size_t call = call_begin("size_class_bytes", "class %u", class_id);
    size_t result = __real_size_class_bytes(class_id);
    call_end(call, "%zu", result);
    return result;
}

size_t __real_size_class_batch(unsigned class_id);
size_t __wrap_size_class_batch(unsigned class_id);
size_t __wrap_size_class_batch(unsigned class_id)
{
    if (call_is_nested())
        return __real_size_class_batch(class_id);
    size_t call = call_begin("size_class_batch", "class %u", class_id);
    size_t result = __real_size_class_batch(class_id);
    call_end(call, "%zu", result);
    return result;
}

size_t __real_size_class_pages(unsigned class_id);
size_t __wrap_size_class_pages(unsigned class_id);
size_t __wrap_size_class_pages(unsigned class_id)
{
    if (call_is_nested())
        return __real_size_class_pages(class_id);
    size_t call = call_begin("size_class_pages", "class %u", class_id);
    size_t result = __real_size_class_pages(class_id);
    call_end(call, "%zu", result);
    return result;
}

void *__real_thread_cache_alloc(unsigned class_id);
void *__wrap_thread_cache_alloc(unsigned class_id);
void *__wrap_thread_cache_alloc(unsigned class_id)
{
    size_t call = call_begin("thread_cache_alloc", "class %u", class_id);
    void *result = __real_thread_cache_alloc(class_id);
    call_end(call, "%p", result);
    return result;
}

void __real_thread_cache_free(void *object, unsigned class_id);
void __wrap_thread_cache_free(void *object, unsigned class_id);
void __wrap_thread_cache_free(void *object, unsigned class_id)
{
    size_t call = call_begin("thread_cache_free", "%p, class %u", object, class_id);
    __real_thread_cache_free(object, class_id);
    call_end(call, "%s", "");
}

void __real_thread_cache_flush(void);
void __wrap_thread_cache_flush(void);
void __wrap_thread_cache_flush(void)
{
    size_t call = call_begin("thread_cache_flush", "%s", "");
    __real_thread_cache_flush();
    call_end(call, "%s", "");
}

void __real_thread_cache_bypass(bool on);
void __wrap_thread_cache_bypass(bool on);
void __wrap_thread_cache_bypass(bool on)
{
    size_t call = call_begin("thread_cache_bypass", "%s", on ? "true" : "false");
    __real_thread_cache_bypass(on);
    call_end(call, "%s", "");
}

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

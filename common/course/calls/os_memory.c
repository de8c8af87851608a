/* Calls of os_memory, recorded: see recorder.h. */
#include "common/os_memory.h"
#include "common/course/calls/recorder.h"

void *__real_os_memory_map(size_t bytes, size_t alignment);
void *__wrap_os_memory_map(size_t bytes, size_t alignment);
void *__wrap_os_memory_map(size_t bytes, size_t alignment)
{
    size_t call = call_begin("os_memory_map", "%zu bytes, alignment %zu", bytes, alignment);
    void *start = __real_os_memory_map(bytes, alignment);
    call_end(call, "%p", start);
    return start;
}

void __real_os_memory_unmap(void *start, size_t bytes);
void __wrap_os_memory_unmap(void *start, size_t bytes);
void __wrap_os_memory_unmap(void *start, size_t bytes)
{
    size_t call = call_begin("os_memory_unmap", "%p, %zu bytes", start, bytes);
    __real_os_memory_unmap(start, bytes);
    call_end(call, "%s", "");
}

void *__real_os_memory_map_guarded(size_t bytes);
void *__wrap_os_memory_map_guarded(size_t bytes);
void *__wrap_os_memory_map_guarded(size_t bytes)
{
    size_t call = call_begin("os_memory_map_guarded", "%zu bytes", bytes);
    void *start = __real_os_memory_map_guarded(bytes);
    call_end(call, "%p", start);
    return start;
}

void __real_os_memory_unmap_guarded(void *start, size_t bytes);
void __wrap_os_memory_unmap_guarded(void *start, size_t bytes);
void __wrap_os_memory_unmap_guarded(void *start, size_t bytes)
{
    size_t call = call_begin("os_memory_unmap_guarded", "%p, %zu bytes", start, bytes);
    __real_os_memory_unmap_guarded(start, bytes);
    call_end(call, "%s", "");
}

void __real_os_memory_purge(void *start, size_t bytes);
void __wrap_os_memory_purge(void *start, size_t bytes);
void __wrap_os_memory_purge(void *start, size_t bytes)
{
    size_t call = call_begin("os_memory_purge", "%p, %zu bytes", start, bytes);
    __real_os_memory_purge(start, bytes);
    call_end(call, "%s", "");
}

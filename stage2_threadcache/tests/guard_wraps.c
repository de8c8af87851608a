/* The guarded build: an object is out of bounds for the thread cache while it is handed out. */
#include "common/testing/guard.h"
#include "stage2_threadcache/standin/central_cache_standin.h"
#include "stage2_threadcache/thread_cache.h"

void *__real_thread_cache_alloc(unsigned class_id);
void __real_thread_cache_free(void *object, unsigned class_id);
void __real_thread_cache_flush(void);
void *__wrap_thread_cache_alloc(unsigned class_id);
void __wrap_thread_cache_free(void *object, unsigned class_id);
void __wrap_thread_cache_flush(void);

void *__wrap_thread_cache_alloc(unsigned class_id)
{
    guard_enter();
    void *object = __real_thread_cache_alloc(class_id);
    guard_leave();
    guard_add_live(object, central_standin_bytes(class_id));
    return object;
}

void __wrap_thread_cache_free(void *object, unsigned class_id)
{
    guard_remove_live(object);
    guard_enter();
    __real_thread_cache_free(object, class_id);
    guard_leave();
}

void __wrap_thread_cache_flush(void)
{
    guard_enter();
    __real_thread_cache_flush();
    guard_leave();
}

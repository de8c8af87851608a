/* Calls of the object pool, recorded: see recorder.h. */
#include "common/course/calls/recorder.h"
#include "stage1_objectpool/object_pool.h"

bool __real_object_pool_init(struct object_pool *pool, size_t object_bytes, size_t alignment);
bool __wrap_object_pool_init(struct object_pool *pool, size_t object_bytes, size_t alignment);
bool __wrap_object_pool_init(struct object_pool *pool, size_t object_bytes, size_t alignment)
{
    size_t call =
        call_begin("object_pool_init", "pool, %zu bytes, alignment %zu", object_bytes, alignment);
    bool result = __real_object_pool_init(pool, object_bytes, alignment);
    call_end(call, "%s", result ? "true" : "false");
    return result;
}

void *__real_object_pool_alloc(struct object_pool *pool);
void *__wrap_object_pool_alloc(struct object_pool *pool);
void *__wrap_object_pool_alloc(struct object_pool *pool)
{
    size_t call = call_begin("object_pool_alloc", "%s", "pool");
    void *result = __real_object_pool_alloc(pool);
    call_end(call, "%p", result);
    return result;
}

void __real_object_pool_free(struct object_pool *pool, void *object);
void __wrap_object_pool_free(struct object_pool *pool, void *object);
void __wrap_object_pool_free(struct object_pool *pool, void *object)
{
    size_t call = call_begin("object_pool_free", "pool, %p", object);
    __real_object_pool_free(pool, object);
    call_end(call, "%s", "");
}

void __real_object_pool_destroy(struct object_pool *pool);
void __wrap_object_pool_destroy(struct object_pool *pool);
void __wrap_object_pool_destroy(struct object_pool *pool)
{
    size_t call = call_begin("object_pool_destroy", "%s", "pool");
    __real_object_pool_destroy(pool);
    call_end(call, "%s", "");
}

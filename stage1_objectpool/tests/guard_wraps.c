/* The guarded build: objects of a pool are out of bounds for the pool while they are handed out. */
#include "common/testing/guard.h"
#include "stage1_objectpool/object_pool.h"

void *__real_object_pool_alloc(struct object_pool *pool);
void __real_object_pool_free(struct object_pool *pool, void *object);
void __real_object_pool_destroy(struct object_pool *pool);
void *__wrap_object_pool_alloc(struct object_pool *pool);
void __wrap_object_pool_free(struct object_pool *pool, void *object);
void __wrap_object_pool_destroy(struct object_pool *pool);

/* A pool's objects are at least a pointer wide; their first word is all that needs watching for
 * sure, and the size that was asked for is not the pool's to keep. */
enum { WATCHED_BYTES = sizeof(void *) };

void *__wrap_object_pool_alloc(struct object_pool *pool)
{
    guard_enter();
    void *object = __real_object_pool_alloc(pool);
    guard_leave();
    guard_add_live(object, WATCHED_BYTES);
    return object;
}

void __wrap_object_pool_free(struct object_pool *pool, void *object)
{
    guard_remove_live(object);
    guard_enter();
    __real_object_pool_free(pool, object);
    guard_leave();
}

/* Live objects may go with their chunks: forget them all first. */
void __wrap_object_pool_destroy(struct object_pool *pool)
{
    guard_forget_all();
    __real_object_pool_destroy(pool);
}

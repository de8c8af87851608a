/* A test as a student may write it, in stage1_objectpool/student/tests/: see `make own-tests`. */
#include "common/testing/test.h"
#include "stage1_objectpool/object_pool.h"

TEST(mine, hands_out_two_objects, .points = 0, .invariant = "I2", .section = "1.3",
     .hint = "The head of the list must move on.")
{
    struct object_pool pool;
    CHECK(object_pool_init(&pool, 24, 8), "object_pool_init failed");
    object_pool_free(&pool, object_pool_alloc(&pool));
    void *first = object_pool_alloc(&pool);
    void *second = object_pool_alloc(&pool);
    CHECK(first != second, "the same object %p twice", first);
    object_pool_destroy(&pool);
}

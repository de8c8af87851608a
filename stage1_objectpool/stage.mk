# Stage 1: the object pool. Variables only; the rules are in the Makefile.
stage1_dir     := stage1_objectpool
stage1_handin  := object_pool.c
stage1_standin :=
stage1_tests   := object_pool_test.c object_pool_limits_test.c pool_property_test.c
stage1_interleave := pool_interleave_test.c
stage1_wraps   := object_pool_alloc object_pool_free object_pool_destroy

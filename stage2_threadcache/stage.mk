# Stage 2: size classes and thread caches. Variables only; the rules are in the Makefile.
stage2_dir     := stage2_threadcache
stage2_handin  := size_class.c thread_cache.c
stage2_standin := central_cache.c object_table.c
stage2_given   := common/poison.c
stage2_tests   := size_class_test.c thread_cache_test.c thread_cache_limits_test.c \
                  thread_cache_threads_test.c thread_cache_modes_test.c cache_property_test.c cache_work.c
stage2_interleave := cache_interleave_test.c cache_work.c
stage2_wraps   := thread_cache_alloc thread_cache_free thread_cache_flush

# Stage 4: page map, page cache and the whole pool. Variables only; the rules are in the Makefile.
stage4_dir     := stage4_pagecache
stage4_handin  := page_map.c page_cache.c mempool.c
stage4_standin :=
stage4_given   := common/poison.c common/span_tree.c
stage4_tests   := page_map_test.c page_cache_alloc_test.c page_cache_free_test.c page_cache_fit_test.c \
                  page_cache_resize_test.c page_cache_purge_test.c page_cache_idle_test.c \
                  page_cache_threads_test.c page_cache_support.c \
                  mempool_objects_test.c mempool_bugs_test.c mempool_realloc_test.c mempool_aligned_test.c \
                  mempool_memory_test.c mempool_random_test.c mempool_checking_test.c mempool_threads_test.c objects.c \
                  page_map_property_test.c page_cache_property_test.c mempool_property_test.c
stage4_interleave := page_interleave_test.c mempool_interleave_test.c page_cache_support.c objects.c
stage4_wraps   := mempool_alloc mempool_free mempool_free_sized mempool_calloc mempool_realloc \
                  mempool_aligned_alloc mempool_purge

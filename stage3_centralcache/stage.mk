# Stage 3: the central cache. Variables only; the rules are in the Makefile.
stage3_dir     := stage3_centralcache
stage3_handin  := central_cache.c
stage3_standin := page_cache.c page_map.c arena.c record_watch.c
stage3_given   := common/poison.c
stage3_tests   := central_cache_spans_test.c central_cache_failures_test.c \
                  central_cache_release_test.c central_cache_caller_bugs_test.c \
                  central_cache_ready_test.c central_cache_threads_test.c \
                  central_cache_own_test.c central_property_test.c program.c
stage3_interleave := central_interleave_test.c program.c
stage3_counts_with := program.c
stage3_wraps   := central_cache_fetch central_cache_release central_cache_flush \
                  page_cache_alloc page_cache_free

# Stage 3: the central cache. Variables only; the rules are in the Makefile.
stage3_dir     := stage3_centralcache
stage3_handin  := central_cache.c
stage3_standin := page_cache.c
stage3_given   := common/poison.c
stage3_tests   := central_cache_test.c
stage3_wraps   := central_cache_fetch central_cache_release central_cache_flush

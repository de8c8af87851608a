stage2_dir := stage2_threadcache
stage2_handin :=
stage2_tests :=
stage2_wraps :=

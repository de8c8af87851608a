stage3_dir := stage3_centralcache
stage3_handin :=
stage3_tests :=
stage3_wraps :=

stage4_dir := stage4_pagecache
stage4_handin :=
stage4_tests :=
stage4_wraps :=

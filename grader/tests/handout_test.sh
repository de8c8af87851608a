#!/bin/sh
# What is handed out: no solution in it, and in it each stage's skeleton is not done, a stage alone can
# be solved, and make next works.
set -eu
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
out=$scratch/course
unset MAKEFLAGS MAKELEVEL MFLAGS

fail()
{
    echo "FAILED: $*"
    exit 1
}

BUILD=${BUILD:-build} MAKE=make grader/handout.sh "$out" >/dev/null
found=$(find "$out" -name solution -not -path '*/prebuilt/*' -o -name '*.patch' -o -name known_bugs -o -name fixtures)
[ -z "$found" ] || fail "handed out: $found"

# A line of each solution file, long enough to be nowhere else.
for source in stage[1-4]_*/solution/*.c; do
    line=$(grep -E '^    [a-z].{50,}' "$source" | head -n 1)
    ! grep -rqF --include="*.[ch]" -- "$line" "$out" || fail "a line of $source is handed out: $line"
done
nm -C "$out/prebuilt/debug/stage1_objectpool/solution/object_pool.o" | grep -q object_pool_alloc || fail "no object of stage 1"
! readelf -S "$out/prebuilt/debug/stage1_objectpool/solution/object_pool.o" | grep -q debug_info || fail "debug information in an object"

for stage in 1 2 3 4; do
    (cd "$out" && make -s -j2 check STAGE=$stage) >"$scratch/log" 2>&1 || fail "make check STAGE=$stage: $(tail -n 5 "$scratch/log")"
    grep -q 'Passing: 0 .*Failing: 0\|Failing: 0' "$scratch/log" || fail "skeleton of stage $stage: $(tail -n 3 "$scratch/log")"
done

# Stage 2 alone, on the handed-out objects of stage 1.
cp stage2_threadcache/solution/*.c "$out/stage2_threadcache/student/"
(cd "$out" && make -s -j2 check STAGE=2) >"$scratch/log" 2>&1 || fail "stage 2 solved: $(tail -n 5 "$scratch/log")"
grep -q 'Failing: 0' "$scratch/log" || fail "stage 2 solved: $(tail -n 3 "$scratch/log")"
(cd "$out" && make -s next STAGE=1) >"$scratch/log" 2>&1 || true
grep -q 'object_pool' "$scratch/log" || fail "make next: $(tail -n 5 "$scratch/log")"
echo "what is handed out: 7 of 7 tests passed"

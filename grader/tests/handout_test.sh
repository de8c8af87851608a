#!/bin/sh
# What is handed out: no solution in it, and in it each stage's skeleton is not done, a stage alone can
# be solved, and what its documents tell a student to run works, or says in one line why it does not.
set -eu
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
out=$scratch/course
passed=0
unset MAKEFLAGS MAKELEVEL MFLAGS

fail()
{
    echo "FAILED: $*"
    exit 1
}
pass()
{
    passed=$((passed + 1))
}
# run(command...): in the tree that was handed out, its output in a log.
run()
{
    (cd "$out" && BUILD=build "$@") >"$scratch/log" 2>&1 </dev/null
}
must_run()
{
    run "$@" || fail "$*: $(tail -n 5 "$scratch/log")"
}

BUILD=${BUILD:-build} MAKE=make grader/handout.sh "$out" >/dev/null

# --- What is in it ---

found=$(find "$out" -name solution -not -path '*/prebuilt/*' -o -name '*.patch' -o -name known_bugs -o -name fixtures)
[ -z "$found" ] || fail "handed out: $found"

# A line of each solution file, long enough to be nowhere else.
for source in stage[1-4]_*/solution/*.c; do
    line=$(grep -E '^    [a-z].{50,}' "$source" | head -n 1)
    ! grep -rqF --include="*.[ch]" -- "$line" "$out" || fail "a line of $source is handed out: $line"
done
pass

# Objects of all stages, without debug information and without the compiler's own form of the code.
for object in debug/obj/stage1_objectpool/solution/object_pool trace/obj/stage4_pagecache/solution/mempool; do
    nm "$out/prebuilt/$object.o" | grep -qE '(object_pool|mempool)_alloc' || fail "no $object"
done
! find "$out/prebuilt" -name '*.o' -exec readelf -SW {} + | grep -E '\.debug_info|\.gnu\.lto' || fail "that much of the source is in an object"
pass

# --- Its documents ---

find "$out" -name '*.md' | while read -r document; do
    grep -oE '\]\([^)#:]+' "$document" | cut -c 3- | while read -r target; do
        [ -e "$(dirname "$document")/$target" ] || echo "$document: there is no $target"
    done
done >"$scratch/dead"
[ ! -s "$scratch/dead" ] || fail "dead links: $(cat "$scratch/dead")"
pass

# What cannot work says so in one line and is not offered.
must_run make help
cp "$scratch/log" "$scratch/help"
must_run make -s withheld
withheld=$(tr ' ' '|' <"$scratch/log")
! grep -E "^  ($withheld) " "$scratch/help" || fail "make help lists it"
! grep -rE --include='*.md' "^make ($withheld)( |\$)" "$out" || fail "a document tells to run it"
for goal in grade diff own-tests hunt test; do
    ! run make $goal STAGE=1 || fail "make $goal works"
    [ "$(grep -c "make $goal: .*not handed out" "$scratch/log") $(wc -l <"$scratch/log")" = '1 1' ] || fail "make $goal: $(cat "$scratch/log")"
done
pass

# The library first: some rules are for what a make before them has built.
must_run make -s -j2 library
must_run env MEMPOOL_STATS=1 LD_PRELOAD="$out/build/release/libmempool.so" ls
grep -q 'page cache' "$scratch/log" || fail "LD_PRELOAD: $(tail -n 5 "$scratch/log")"

# For every other command in the documents there are rules for all that it needs. The student's loop runs even with
# make -n: some of it comes below.
find "$out" -name 'README*.md' -exec sed -nE 's/^make /make /p; s/`make /\nmake /gp' {} + |
    sed -nE 's/^(make [-A-Za-z0-9_= ]*[A-Za-z0-9]).*/\1/p' |
    sed -E 's/ (TEST|SEED|ROUNDS|SECONDS|MINUTES|SCHEDULES|WORKLOAD)=[^ ]*//g' |
    grep -xE 'make( [a-z][-a-z0-9]+)?( [A-Z]+=[A-Za-z0-9]+)*' | sort -u |
    grep -vE "=n( |\$)|^make ($withheld|next|hint|watch|debug|start|reset)( |\$)" >"$scratch/commands"
for name in 'bench STAGE=3' 'bench-counts' 'show STAGE=4' 'library-test' 'interleave STAGE=3'; do
    grep -q "^make $name" "$scratch/commands" || fail "make $name is not told of"
done
while read -r command; do
    # shellcheck disable=SC2086 # a list of words
    must_run $command -n
done <"$scratch/commands"
pass

# --- The student's way ---

for stage in 1 2 3 4; do
    must_run make -s -j2 check STAGE=$stage
    grep -q 'Passing: 0 .*Failing: 0\|Failing: 0' "$scratch/log" || fail "skeleton of stage $stage: $(tail -n 3 "$scratch/log")"
done
pass

# What the handouts begin with, on the reference: figures and a page.
must_run make -s -j2 bench STAGE=1 ROUNDS=1
grep -q 'geometric mean' "$scratch/log" || fail "make bench: $(tail -n 5 "$scratch/log")"
must_run make -s -j2 show STAGE=1
pass

# Stage 2 alone, on the handed-out objects of stage 1.
cp stage2_threadcache/solution/*.c "$out/stage2_threadcache/student/"
must_run make -s -j2 check STAGE=2
grep -q 'Failing: 0' "$scratch/log" || fail "stage 2 solved: $(tail -n 3 "$scratch/log")"
must_run make -s -j2 interleave STAGE=2 IMPL=student SCHEDULES=10
must_run make -s start STAGE=3
run make -s next STAGE=1 || true
grep -q 'object_pool' "$scratch/log" || fail "make next: $(tail -n 5 "$scratch/log")"
pass
echo "what is handed out: $passed of $passed tests passed"

#!/bin/sh
# The student's loop, walked through in a copy of the tree that has no git: what each command says, and
# what it leaves behind.
#
#   loop_test.sh BUILD       from the top of the project: `make course-test`
set -u
unset MAKEFLAGS MFLAGS MAKELEVEL STAGE TEST
build=$1
tree=$build/course-test/tree
passed=0
failed=0

rm -rf "$build/course-test"
mkdir -p "$tree/build/debug" "$tree/build/course"
cp -Rp Makefile README.md common grader stage[1-4]_* "$tree" || exit 1
cp -Rp "$build/debug/flags" "$build/debug/obj" "$tree/build/debug" || exit 1
cp -Rp "$build/course/course" "$tree/build/course" || exit 1
rm -rf "$tree"/stage*/student/*
for stage in stage[1-4]_*; do
    cp "common/course/skeletons/$stage"/* "$tree/$stage/student/"
done
cd "$tree" || exit 1
student=stage1_objectpool/student/object_pool.c
reference=stage1_objectpool/solution/object_pool.c

# The last command's output is in the file `said`.
run()
{
    make -s BUILD=build "$@" > said 2>&1 < /dev/null
}

# expect WHAT WORDS: a line of the output has these words.
expect()
{
    if grep -q -- "$2" said; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        echo "FAILED: $1: expected a line with \"$2\", got:"
        sed 's/^/    /' said
    fi
}

expect_not()
{
    if grep -q -- "$2" said; then
        failed=$((failed + 1))
        echo "FAILED: $1: a line has \"$2\":"
        sed 's/^/    /' said
    else
        passed=$((passed + 1))
    fi
}

expect_narrow()
{
    # Bytes are as many as columns: what is printed is ASCII.
    if awk 'length > 80 { exit 1 }' said; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        echo "FAILED: $1: wider than 80 columns:"
        awk 'length > 80' said
    fi
}

run hint
expect 'a hint before anything was run' 'run make next first'
run next
expect 'the first run' '^stage 1: 0 of [0-9]*, first task: 1.1 object_pool_init'
expect 'the first run' 'Read  *stage1_objectpool/README.md, task 1.1'
expect_not 'the first run' 'FAILED\|rror\|hint:'
expect_narrow 'the first run'
run hint
expect 'a hint for the first task' 'Check both numbers'
run hunt LEVEL=1 HINT=1
expect 'a hunt in a stage that is not finished' 'A spoiler: all else in it is the reference of stage 1'

sed 's/>= pool->object_bytes/> 0/' "$reference" > "$student"
run next
expect 'a bug' 'A test says no: object_pool'
expect 'a bug: the story' 'What happened'
expect 'a bug: the invariant' ' I[1-4]  [a-z]'
expect_not 'a bug: no hint unless asked for' 'tail?'
expect_narrow 'a bug'
run debug STAGE=1 TEST=stays_inside_the_chunk
expect 'the debugger stops in the test' 'stays_inside_the_chunk_at_its_end_body'
run debug STAGE=1 TEST=nosuchtest
expect 'a name that no test has' 'stage 1 has no test "nosuchtest"'
run check STAGE=1 TEST=nosuchtest
expect 'a name that no test has' 'no test is named "nosuchtest"'
run next STAGE=1 TEST=live
expect 'next finds its test by itself' 'make next takes no TEST; for one test: make check STAGE=1 TEST=live'
expect_not 'next finds its test by itself' 'What happened'

sed 's/^void \*object_pool_alloc.*/&\n{ for (volatile int i = 0;; i++) ; }\nvoid *unused(struct object_pool *pool);\nvoid *unused(struct object_pool *pool)/' \
    "$reference" > "$student"
run check STAGE=1
expect 'an endless loop' 'it did not end within 5 processor seconds: an endless loop?'
expect 'an endless loop: the other tests are skipped' '\[SKIP\] .*: another test did not end'

sed 's/return object;/return objec;/' "$reference" > "$student"
run next
expect 'what does not compile' 'does not compile yet'
expect 'what does not compile' "error: 'objec' undeclared"
expect_narrow 'what does not compile'

cp "$reference" "$student"
run next
expect 'a finished stage' '^stage 1: object pool, finished'
expect 'the next stage' '^stage 2: 0 of [0-9]*, first task: 2.1'
run start STAGE=3
expect 'start' 'stage3_centralcache/student/central_cache.c'
run next
expect 'next after start' '^stage 3: 0 of'
run start
expect 'start without a stage' '^which stage? make start STAGE=1'
run start STAGE=9
expect 'start with a wrong stage' 'STAGE=9: choose one of 1 2 3 4'

run diff STAGE=1
expect 'diff asks first' 'YES=1'
run diff STAGE=1 YES=1
expect_not 'diff of equal files' '^[-+]'
mv stage1_objectpool/solution aside
run diff STAGE=1 YES=1
expect 'diff in a tree without solutions' 'this tree has no solutions'
mv aside stage1_objectpool/solution

run reset STAGE=1
expect 'reset' 'is the skeleton again'
expect 'reset keeps what was there' 'yours is kept in stage1_objectpool/student/object_pool.20'
cmp -s "$student" "common/course/skeletons/$student" || cmp -s "$student" \
    common/course/skeletons/stage1_objectpool/object_pool.c || echo 'FAILED: no skeleton' > said
cmp "$reference" stage1_objectpool/student/object_pool.20*.c.saved >> said 2>&1
expect_not 'reset: both files are as they should be' 'FAILED\|differ'

run hunt LEVEL=1
expect 'hunt' 'tests fail. The first: object_pool'
expect_not 'hunt: names nothing' 'advance'
expect_not 'a hunt in a finished stage' 'A spoiler'
expect_narrow 'hunt'
run hunt LEVEL=1 ANSWER=1
expect 'hunt: the answer' 'The bug: .*head of the free list'
cp "$reference" build/hunt/level-1/stage1_objectpool/student/
run hunt LEVEL=1
expect 'hunt: solved' 'Found: all tests pass'
run own-tests STAGE=1
expect 'no tests of one'\''s own' 'you have no tests of your own yet'
mkdir stage1_objectpool/student/tests
cp common/course/tests/own_test_example.c stage1_objectpool/student/tests/
run own-tests STAGE=1
expect 'own tests' 'Your tests expose 1 of'

# A save by renaming, as editors do it.
run start STAGE=1
timeout 60 build/course/course watch --build build > said 2>&1 < /dev/null 9>&- &
watch=$!
for _ in 1 2 3 4 5 6 7 8 9 10; do
    sleep 1
    ! grep -q Watching said || break
done
cp "$reference" stage1_objectpool/student/.new
mv stage1_objectpool/student/.new "$student"
for _ in 1 2 3 4 5 6 7 8 9 10; do
    sleep 1
    ! grep -q finished said || break
done
kill $watch
wait $watch
expect 'watch notices a save' '^stage 1: object pool, finished'

echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]

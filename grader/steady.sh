#!/bin/sh
# Grades the same submissions again and again, half of the time with a busy loop on each core: points and
# reasons must be the same each time.
#
#   steady.sh            from the top of the project: `make steady [RUNS=n] [QUICK=1] [ONLY=name]`
#
# Submissions: the reference, the skeletons, five planted bugs, and one race with a fixed seed. Compared
# is what a student sees: status, points and message of each test, findings, counts, points; not times.
# Addresses in messages are masked, and counts that came ("got 137"): with threads they depend on who
# was faster, and the reason is the same.
set -u
: "${BUILD:=build}" "${RUNS:=50}" "${QUICK:=}" "${ONLY:=}"
bugs="row18_head_never_advanced row17_remaining_bytes_wrap row19_list_sent_but_count_kept \
row06_live_count_never_falls row02_large_span_not_in_use"
scratch=$(mktemp -d)
loops=
stop_loops() { for loop in $loops; do kill "$loop" 2> /dev/null; done; loops=; }
trap 'stop_loops; rm -rf "$scratch"' EXIT
trap 'exit 1' INT TERM

start_loops()
{
    for _ in $(seq "$(nproc)"); do
        (while :; do :; done) &
        loops="$loops $!"
    done
}

refuse() { echo "steady: $1" >&2; exit 1; }

copy_stages() # FROM(solution|student) TO
{
    for folder in stage[1-4]_*; do
        mkdir -p "$2/$folder/student"
        cp "$folder/$1"/*.c "$2/$folder/student"
    done
}

make_submissions()
{
    copy_stages solution "$scratch/submissions/reference"
    for folder in stage[1-4]_*; do
        mkdir -p "$scratch/submissions/skeletons/$folder/student"
        cp "common/course/skeletons/$folder"/*.c "$scratch/submissions/skeletons/$folder/student"
    done
    for bug in $bugs; do
        copy_stages solution "$scratch/submissions/$bug"
        sed 's|/solution/|/student/|' "grader/known_bugs/$bug.patch" |
            patch -s -p1 -F0 -d "$scratch/submissions/$bug" ||
            refuse "$bug: the patch does not apply"
    done
    # A leaf of the page map is published without order: right on this machine, and a race.
    copy_stages solution "$scratch/submissions/race"
    sed -i 's/memory_order_\(acquire\|release\)/memory_order_relaxed/' \
        "$scratch/submissions/race/stage4_pagecache/student/page_map.c"
}

stages_for() # SUBMISSION: those in which it differs from the reference
{
    case $1 in
    reference | skeletons) echo ;;
    race) echo "--stage 4" ;;
    *) echo "--stage $(sed -n 's/^owner:.*stage \([1-4]\).*/\1/p' "grader/known_bugs/$1.patch")" ;;
    esac
}

grade_once() # SUBMISSION OUT
{
    # shellcheck disable=SC2046
    "$BUILD/grade" ${QUICK:+--quick} $(stages_for "$1") --seed 7 --build "$BUILD" \
        --submission "$scratch/submissions/$1" --json "$scratch/result.json" > "$scratch/report" 2>&1
    jq -S '[.stages[] | {stage, points, error,
             tests: [.tests[] | {name, status, points, message}],
             errors: .valgrind.errors_points, races: .valgrind.races_points,
             counts: [.counts[] | {name, points}]}]' "$scratch/result.json" |
        sed 's/0x[0-9a-f]*/ADDRESS/g; s/got [0-9]*/got N/g' > "$2"
    rm -f "$scratch/result.json"
}

# How often it differed from the first time.
try() # SUBMISSION
{
    differed=0
    run=1
    while [ $run -le "$RUNS" ]; do
        [ ! -t 2 ] || printf '\r%s: run %d of %d \r' "$1" "$run" "$RUNS" >&2
        [ $((run % 2)) -eq 1 ] || start_loops
        grade_once "$1" "$scratch/$1.now"
        stop_loops
        [ $run -ne 1 ] || cp "$scratch/$1.now" "$scratch/$1.first"
        if ! [ -s "$scratch/$1.now" ] || ! cmp -s "$scratch/$1.first" "$scratch/$1.now"; then
            differed=$((differed + 1))
            diff "$scratch/$1.first" "$scratch/$1.now" | head -n 10
        fi
        run=$((run + 1))
    done
    points=$(jq -c '[.[].points]' "$scratch/$1.first")
    printf '%-34s %3d runs, %d differ   points %s\n' "$1" "$RUNS" $differed "$points"
    [ $differed -eq 0 ] || failed=1
}

failed=0
[ "$RUNS" -ge 2 ] 2> /dev/null || refuse "RUNS=$RUNS: two runs or more can differ"
make_submissions
for submission in "$scratch"/submissions/*"$ONLY"*; do
    [ -d "$submission" ] || refuse "no submission has '$ONLY' in its name: $(cd "$scratch/submissions" && echo *)"
    try "$(basename "$submission")"
done
exit $failed

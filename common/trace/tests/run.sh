#!/bin/sh
# run.sh BUILD: the recorder and its reader on real programs, on wrong ones, and on files that are no
# traces. Prints one line a test; status 1 if any failed.
set -u
build=$1
out=$build/trace/test
reader=$build/trace-reader
library=$PWD/$build/trace/libmempool.so
mkdir -p "$out"
failed=0

# expect WHAT COMMAND ...: the command must succeed.
expect() {
    what=$1
    shift
    if "$@" > "$out/log" 2>&1; then
        echo "ok      $what"
    else
        echo "FAILED  $what: $*"
        sed 's/^/        | /' "$out/log" | tail -5
        failed=1
    fi
}

# A traced program does what it did before, and its trace holds.
traced() {
    trace=$1
    shift
    env MEMPOOL_TRACE="$trace" LD_PRELOAD="$library" "$@"
}
same_result() {
    "$@" > "$out/plain" && traced "$out/same.trace" "$@" > "$out/traced" && cmp "$out/plain" "$out/traced"
}
expect 'a traced program prints what it printed' same_result sort -R --random-source=Makefile Makefile
expect 'and its trace holds' "$reader" check "$out/same.trace"
expect 'threads exchange objects, one forks' traced "$out/exchange.trace" "$out/exchange"
expect 'and their trace holds' "$reader" check "$out/exchange.trace"

# The parent is one thread, the workers four; a child's would be the sixth.
only_the_parent() { "$reader" summary "$1" | grep -q ' by 5 threads'; }
expect 'a forked child writes nothing' only_the_parent "$out/exchange.trace"
one_each() {
    rm -f "$out"/each.*
    traced "$out/each.%p" sh -c 'ls /; ls /' && test "$(find "$out" -name 'each.*' | wc -l)" = 3
}
expect 'with %p each process has its file' one_each

# Bounded, and it says so.
bounded() {
    env MEMPOOL_TRACE_EVENTS=1000 MEMPOOL_TRACE="$out/small.trace" LD_PRELOAD="$library" "$out/exchange" &&
        test "$(stat -c %s "$out/small.trace")" = $((4096 + 48 * 1000)) &&
        "$reader" summary "$out/small.trace" | grep -q 'had no room' && "$reader" check "$out/small.trace"
}
expect 'a full file keeps its size, and says what was dropped' bounded

# What is no trace gets one line and status 1.
refused() {
    "$reader" summary "$1" > "$out/said" 2>&1
    test $? = 1 && test "$(wc -l < "$out/said")" = 1 && grep -q "$2" "$out/said"
}
head -c 20000 "$out/exchange.trace" > "$out/short.trace"
expect 'a file cut short is refused' refused "$out/short.trace" 'cut short'
: > "$out/empty.trace"
expect 'an empty file is refused' refused "$out/empty.trace" 'not a trace'
expect 'another file is refused' refused common/trace/recorder.c 'not a trace'
expect 'a missing file is refused' refused "$out/missing.trace" 'No such file'

# A broken invariant is found, at its event.
sees() {
    MEMPOOL_TRACE=$out/bug.trace "$build/trace/stage4" --run "$1" > /dev/null
    ! "$reader" check "$out/bug.trace" > "$out/said" && grep -q "$2" "$out/said"
}
expect 'a double free is seen' sees mempool_checking/sees_a_double_free_after_other_frees 'is not the program'
expect 'a wrong address is seen' sees mempool_bugs/variable_on_the_stack_freed 'is not the program'

expect 'the calls can be made again' timeout 60 "$reader" replay "$out/exchange.trace" "$library"
lines_for_events() { test "$("$reader" dump "$1" | wc -l)" = "$("$reader" check "$1" | sed -n 's/ events.*//p')"; }
expect 'dump prints every event' lines_for_events "$out/exchange.trace"
exit $failed

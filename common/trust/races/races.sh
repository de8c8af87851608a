#!/bin/sh
# races.sh BUILD: runs what `make races-all` built. ThreadSanitizer decides about races, with no suppression at all: the first
# report ends a program. helgrind decides about locks: released by who does not hold it, taken in two orders, held at the end of a
# thread. What it calls a race does not count: it does not know C11's atomics. The last line counts; status 0 if all is clean.
set -u
build=$1
work=$(mktemp -d) || exit 2
trap 'rm -rf "$work"' EXIT
passed=0 failed=0
# ThreadSanitizer does not start at every random layout of the address space.
fixed=$(setarch -R true 2> /dev/null && echo setarch -R)

result() { # STATUS NAME
    if [ "$1" -eq 0 ]; then passed=$((passed + 1)); echo "ok   $2"; else
        failed=$((failed + 1)); echo "FAIL $2 (status $1)"; { grep -m 12 -E 'WARNING|FAIL|#[0-6] |soak:|broken' "$work/out"; tail -n 3 "$work/out"; } | sed 's/^/    /'; fi
}
tsan() { # PROGRAM ARGUMENT...
    program=$1
    shift
    TSAN_OPTIONS=halt_on_error=1:exitcode=66:die_after_fork=0 timeout 280 $fixed "$build/tsan/$program" "$@" > "$work/out" 2>&1
    status=$?
    ! grep -q '^FAIL' "$work/out" || status=1
    result $status "ThreadSanitizer: $program $*"
}
helgrind() { # PROGRAM ARGUMENT...
    program=$1
    shift
    rm -f "$work"/helgrind.*
    timeout 280 valgrind -q --tool=helgrind --xml=yes --xml-file="$work/helgrind.%p" "$build/debug/$program" "$@" > "$work/out" 2>&1
    status=$?
    kinds=$(cat "$work"/helgrind.* | sed -n 's/.*<kind>\(.*\)<\/kind>.*/\1/p' | grep -v -c '^Race$')
    [ "$kinds" -eq 0 ] || { cat "$work"/helgrind.* | grep -E '<(kind|text|fn)>' | head -n 12 > "$work/out"; status=$kinds; }
    result $status "helgrind, locks: $program $*"
}

tsan tests/common --threads-only
for stage in 1 2 3 4; do
    "$build/debug/tests/stage$stage-solution" --list | grep -q "$(printf '\t')1$(printf '\t')" || continue
    tsan tests/stage$stage-solution --threads-only
done
tsan trust/races-threads starts 3000
tsan trust/races-threads come-and-go
tsan trust/races-endings 60
tsan trust/races-soak 20 4 7 "$work"
tsan trust/races-soak 8 4 7 "$work" check
helgrind trust/races-soak 12 3 7 "$work"
helgrind trust/races-endings 12
helgrind trust/races-threads starts 300
echo "races: $passed passed, $failed failed"
[ "$failed" -eq 0 ]

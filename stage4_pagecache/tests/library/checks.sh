# checks.sh: what the scripts that test the built library share; they include it. They set $library and $programs.
# shellcheck shell=sh disable=SC2154 # set by who includes this
passed=0
failed=0
work=$(mktemp -d) || exit 2
trap 'rm -rf "$work"' EXIT
# shellcheck disable=SC3045 # every shell that is /bin/sh somewhere has it
ulimit -c 0

# ok WHAT / fail WHAT: one check.
ok() {
    passed=$((passed + 1))
    echo "ok   $1"
}
fail() {
    failed=$((failed + 1))
    echo "FAIL $1"
}

# captured PROGRAM...: run it; its output goes to $work/out and $work/err. It is waited for in this way to
# keep out the shell's own remark about a program that aborts.
captured() {
    "$@" >"$work/out" 2>"$work/err" &
    wait $! 2>/dev/null
}
preloaded() {
    captured env LD_PRELOAD="$library" "$@"
}

# count_lines NAME STATUS: count what a program said about its checks, and how it ended.
count_lines() {
    sed "s/^\(ok  \|FAIL\) /&$1: /" "$work/out"
    passed=$((passed + $(grep -c '^ok   ' "$work/out")))
    failed=$((failed + $(grep -c '^FAIL ' "$work/out")))
    if [ "$2" -ne 0 ]; then
        fail "$1: ended with status $2: $(head -n 1 "$work/err")"
    fi
}

# counted_run [SETTING=VALUE] PROGRAM [ARGUMENT...]: run a program preloaded, and count what it says.
counted_run() {
    preloaded env "$@"
    status=$?
    count_lines "$(echo "$*" | sed "s|$programs/||g")" $status
}

# closing: the last line, and whether all is well.
closing() {
    echo "$passed passed, $failed failed"
    [ "$failed" -eq 0 ]
}

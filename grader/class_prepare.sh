#!/bin/sh
# Makes a host ready to grade a class: builds the reference, and measures it for the limits.
#
#     class_prepare.sh OUT BUILD GRADE [OPTION]...
#
# Once for each build of the grader: OUT/prepared.HOST remembers. Prints nothing if all is well.
set -u
host=$(hostname)
build=$(printf '%s' "$2" | sed "s/%h/$host/")
out=$1
grade=$3
shift 3
[ -z "$(find "$out/prepared.$host" -newer "$grade" 2>/dev/null)" ] || exit 0
"$grade" --build "$build" --impl solution "$@" >"$out/reference.$host.txt" 2>&1 </dev/null
status=$?
if [ $status -ne 0 ]; then
    tail -n 1 "$out/reference.$host.txt"
    echo "the reference cannot be graded on $host; see $out/reference.$host.txt"
    exit 1
fi
: >"$out/prepared.$host"

#!/bin/sh
# Grades one submission of a class: a job of GNU parallel (class_run.c).
#
#     class_one.sh OUT ID BUILD GRADE [OPTION]...
#
# OUT/ID/submission holds the path of what is graded. What comes of it lies beside: result.json,
# report.html, report.txt. %h in BUILD is this host's name: where several share the tree, each builds
# and measures for itself. Its last word, for class_run.c, is the ID.
set -u
folder=$1/$2
id=$2
build=$(printf '%s' "$3" | sed "s/%h/$(hostname)/")
grade=$4
shift 4
submission=$(cat "$folder/submission"; printf .)
timeout -k 10 3600 "$grade" --build "$build" --submission "${submission%.}" --json "$folder/result.json" \
    --html "$folder/report.html" "$@" >"$folder/report.txt" 2>&1 </dev/null
printf '%s\n' "$?" >"$folder/status"
printf '%s\n' "$id"

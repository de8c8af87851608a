#!/bin/sh
# Makes the pages that pages_test.mjs looks at: of a submission full of markup, and of a class that has it.
#
#     pages_test.sh GRADE FOLDER [OPTION]...
set -eu
grade=$1
folder=$2
shift 2
mkdir -p "$folder/in"
name='<img src=x onerror=alert(1)>'
cp -r grader/fixtures/markup "$folder/in/$name"
mkdir -p "$folder/in/skeleton" "$folder/in/crashes"
cp stage1_objectpool/student/object_pool.c "$folder/in/skeleton/"
cp grader/fixtures/crashes/stage1_objectpool/student/object_pool.c "$folder/in/crashes/"
"$grade" --stage 1 --submission "$folder/in/$name" --html "$folder/report.html" "$@" >"$folder/log" || { cat "$folder/log"; exit 1; }
"$grade" --stage 1 --quick --class "$folder/in" --out "$folder/class" "$@" >>"$folder/log" || { cat "$folder/log"; exit 1; }
PAGES=$folder exec node --test --test-concurrency=1 --test-reporter=spec grader/tests/pages_test.mjs

#!/bin/sh
# Grades a checked-out repository of a student, and hands the result to the reporter of GitHub Classroom, which reads it
# as base64 from the step's output.
#
#     grade.sh COURSE SUBMISSION [OPTION]...
set -eu
course=$(cd "$1" && pwd)
submission=$(cd "$2" && pwd)
shift 2
"$course/build/grade" --submission "$submission" --github-classroom classroom.json --html report.html "$@" || {
    status=$?
    # 2: the report says that grading failed. 1: there is none, since nothing was handed in.
    [ $status -eq 2 ] || echo '{"version":1,"status":"fail","max_score":0,"tests":[]}' >classroom.json
}
printf 'result=%s\n' "$(base64 -w 0 classroom.json)" >>"${GITHUB_OUTPUT:-/dev/stdout}"

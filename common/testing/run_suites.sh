#!/bin/sh
# Runs the suites of `make test` one after the other: pairs of a name and a command.
#
#     run_suites.sh LOG_FOLDER NAME COMMAND [NAME COMMAND ...]
#
# A suite passes if its command ends with status 0. Its output goes to LOG_FOLDER/NAME.log; of one
# that fails, the last lines are shown. The closing line counts, and the status is 0 if none failed.
set -u
logs=$1
shift
mkdir -p "$logs"
passed=0
failed=0
while [ $# -ge 2 ]; do
    name=$1
    command=$2
    shift 2
    start=$(date +%s)
    printf '%-16s ' "$name"
    if sh -c "$command" >"$logs/$name.log" 2>&1 </dev/null; then
        passed=$((passed + 1))
        result=ok
    else
        failed=$((failed + 1))
        result=FAILED
    fi
    # The suite's own count, where its last line has one.
    count=$(tail -n 1 "$logs/$name.log" | grep -E '[0-9]+ (of [0-9]+ tests )?passed' || true)
    printf '%-6s %4d s   %s\n' "$result" "$(($(date +%s) - start))" "$count"
    if [ "$result" = FAILED ]; then
        tail -n 30 "$logs/$name.log" | sed 's/^/    | /'
        echo "    all of it: $logs/$name.log"
    fi
done
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]

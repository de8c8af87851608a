#!/bin/sh
# A class of COUNT submissions (solutions, skeletons, planted bugs): killed with SIGKILL once three are
# finished, resumed, and held against what it may cost: 1.2 times (the sum of their processor times / cores).
#
# A machine that is busy with something else takes longer: then the cores had no time to idle, and that is enough.
#
#     class_of_many.sh GRADE FOLDER COUNT ATTACKS [OPTION]...
#
# With attacks among them (make_class.sh) it is not timed: they use up their limits.
set -eu
grade=$1
folder=$2
count=$3
attacks=$4
shift 4
rm -rf "$folder"
grader/tests/make_class.sh "$folder/in" "$count" "$attacks"
count=$(find "$folder/in" -mindepth 1 -maxdepth 1 | wc -l)
finished()
{
    find "$folder/out" -mindepth 2 -name result.json 2>/dev/null | wc -l
}

"$grade" --class "$folder/in" --out "$folder/out" "$@" &
class=$!
while [ "$(finished)" -lt 3 ] && kill -0 $class 2>/dev/null; do sleep 0.2; done
kill -KILL $class 2>/dev/null || true
wait $class 2>/dev/null || true
sleep 0.5
before=$(find "$folder/out" -mindepth 2 -name result.json -newer "$folder/out/jobs" -exec ls -i {} + | sort)

idle_ticks()
{
    awk '/^cpu / { print $5 + $6 }' /proc/stat
}

start=$(date +%s%N)
idle=$(idle_ticks)
"$grade" --class "$folder/in" --out "$folder/out" "$@" || { tail -n 20 "$folder/out/summary.txt"; echo "FAILED: some could not be graded"; exit 1; }
wall_ms=$((($(date +%s%N) - start) / 1000000))
idle_ms=$((($(idle_ticks) - idle) * 1000 / $(getconf CLK_TCK)))
# What was finished is the same file still.
find "$folder/out" -mindepth 2 -name result.json -exec ls -i {} + | sort >"$folder/after"
echo "$before" | while read -r line; do grep -qxF "$line" "$folder/after" || { echo "graded again: $line"; exit 1; }; done

cpu_ms=$(find "$folder/out" -mindepth 2 -name result.json -newer "$folder/out/jobs" -exec jq '.cpu_seconds * 1000 | floor' {} + | awk '{ sum += $1 } END { print sum }')
limit_ms=$((cpu_ms * 12 / 10 / $(nproc)))
echo "$count submissions, resumed after SIGKILL: $((wall_ms / 1000)) s; their processor time $((cpu_ms / 1000)) s on $(nproc) cores allows $((limit_ms / 1000)) s"
[ "$(finished)" -eq "$count" ] || { echo "FAILED: $(finished) results"; exit 1; }
# What each is worth is known from its name; with an option such as --stage, it is not.
points_of()
{
    jq '[.stages[].points] | add' "$folder/out/$1/result.json"
}
if [ $# -eq 2 ]; then
    for path in "$folder"/out/*/; do
        name=$(basename "$path")
        points=$(points_of "$name")
        case $name in
        solution_* | archived_*) good=$(jq -n "$points == 400") ;;
        flat_*) good=$(jq -n "$points == 100") ;;
        skeleton_*) good=$(jq -n "$points == 0") ;;
        row*) good=$(jq -n "$points < 400") ;;
        *) good=true ;;
        esac
        [ "$good" = true ] || { echo "FAILED: $name has $points points"; exit 1; }
    done
fi
idle_percent=$((idle_ms * 100 / (wall_ms * $(nproc))))
echo "the cores were idle for $idle_percent % of the time"
[ "$attacks" -gt 0 ] || [ $wall_ms -le $limit_ms ] || [ $idle_percent -le 16 ] || { echo "FAILED: too slow"; exit 1; }

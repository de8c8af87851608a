#!/bin/sh
# fuzz.sh FOLDER SECONDS 'STAGES' CORPUS OPTION...: runs the fuzzers that make fuzz built in FOLDER, so many seconds each. What a
# fuzzer finds, input and script of calls, is left in FOLDER. The last line counts; status 0 if nothing was found.
set -u
folder=$1 seconds=$2 stages=$3 corpus=$4
shift 4
export ASAN_OPTIONS=quarantine_size_mb=16:allocator_may_return_null=1:handle_abort=1
passed=0 failed=0 total=0
for stage in $stages; do
    mkdir -p "$folder/corpus-stage$stage" "$corpus/stage$stage"
    log=$folder/stage$stage.log
    if "$folder/asan/trust/fuzz-stage$stage" "$@" -max_total_time="$seconds" -artifact_prefix="$folder/stage$stage-" \
        "$folder/corpus-stage$stage" "$corpus/stage$stage" > "$log" 2>&1; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        grep -E '^fuzz:|ERROR|^#|^[0-9] |Test unit' "$log" | head -n 40
    fi
    runs=$(sed -n 's/^stat::number_of_executed_units: *//p' "$log")
    total=$((total + ${runs:-0}))
    echo "stage $stage: ${runs:-?} sequences of calls, corpus of $(find "$folder/corpus-stage$stage" -type f | wc -l); log: $log"
done
echo "fuzz: $total sequences, ${seconds} s a stage: $passed passed, $failed failed"
[ "$failed" -eq 0 ]

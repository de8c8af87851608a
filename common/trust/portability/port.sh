#!/bin/sh
# port.sh BUILD PART...: runs what make port built for other machines and C libraries. PART: gcc, clang, musl, musl-programs, aarch64, pages; those
# that the machine has no tools for are skipped, and that is said. The last line counts; status 0 if none failed.
set -u
ulimit -c 0
build=$1
shift
passed=0 failed=0
work=$(mktemp -d) || exit 2
trap 'rm -rf "$work"' EXIT

check() { # NAME COMMAND...
    name=$1
    shift
    if timeout 280 "$@" > "$work/out" 2>&1; then
        passed=$((passed + 1))
        echo "ok   $name: $(tail -n 1 "$work/out")"
    else
        failed=$((failed + 1))
        echo "FAIL $name:"
        grep -v ^PASSED "$work/out" | tail -n 12 | sed 's/^/    /'
    fi
}
programs_of() { # FOLDER RUNNER...: all stages' tests, and the given code's
    folder=$1
    shift
    for program in "$folder"/debug/tests/common "$folder"/debug/tests/stage[1-4]-solution; do
        check "$(echo "$program" | sed "s|$build/||")" "$@" "$program"
    done
}
musl_programs() {
    for program in "$build/musl/static-program" "$build/musl/program"; do
        check "$program" "$program"
        check "$program heeds MEMPOOL_CHECK=1" sh -c "MEMPOOL_CHECK=1 $program misuse 2>&1 | grep 'double free'"
    done
}
for part in "$@"; do
    case $part in
    gcc | clang) programs_of "$build/$part" env ;;
    musl)
        programs_of "$build/musl" env
        musl_programs ;;
    musl-programs) musl_programs ;;
    aarch64)
        # os_memory's own tests look at the process's address space, and under qemu that is qemu's.
        for suite in stage1 stage2 stage3 stage4 free_list/ lock/ poison/ span_tree/ property/; do
            case $suite in
            stage*) tests=$suite-solution filter= ;;
            *) tests=common filter=$suite ;;
            esac
            check "aarch64 $suite" qemu-aarch64 -L /usr/aarch64-linux-gnu "$build/aarch64/debug/tests/$tests" $filter
        done ;;
    pages)
        for bytes in ${PORT_PAGES:-16384 65536}; do # 4 KiB is what all other runs have
            for stage in 1 2 3 4; do
                check "stage $stage on pages of $bytes" env STANDIN_PAGE_BYTES=$bytes "$build/debug/tests/stage$stage-solution"
            done
        done ;;
    esac
done
echo "port: $passed passed, $failed failed"
[ "$failed" -eq 0 ]

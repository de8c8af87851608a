#!/bin/sh
# Plants each known bug in turn into a copy of the tree, and shows which tests notice it.
#
#   plant.sh [ROW]      from the top of the project: `make known-bugs [ROW=n]`
#
# A bug is a patch against the reference. Above the patch are three lines:
#
#   bug: what is wrong, as the student who wrote it would say
#   owner: row R, stage S, program: P, detector: D
#   hint: a question that leads to it without naming it
#
# R is the bug's number in the list of known bugs, and S the stage that owns it. P is the program of
# tests that must notice it (stage1 to stage4, or common; interleave1 to interleave4; musl), and D
# says how:
#
#   tests      at least one of its tests must fail
#   tsan       the same, of those that start threads, under ThreadSanitizer: a race ends a test
#   schedules  the same, under many schedules of the threads: interleave1 to interleave4
#   musl       the programs for other C libraries fail (common/trust/portability)
#   symbols    none: the changed objects call something that allocates, as nm -u shows
#
# "points: none" stands before the detector where the test that notices the bug is worth no points, since
# it asks for more than the contract does.
#
# Only what a patch touches is compiled; all else is copied from build/. A student's own X_check
# may see nothing, so blind_checks.c takes the place of each of them, but for schedules. Where that alone
# makes a test fail, the test counts for no bug.
#
# Exit status 0: each bug is noticed; 1: one survived, or its patch does not apply any more.
set -u
unset MAKEFLAGS MFLAGS MAKELEVEL STUDENT_ROOT STUDENT_BUILD LAYERS STAGE
here=grader/known_bugs
: "${BUILD:=build}" "${CC:=gcc}" "${JOBS:=2}"
export BUILD CC
# ThreadSanitizer does not start at every random layout of the address space.
fixed_addresses=$(setarch -R true 2> /dev/null && echo setarch -R)

field() # PATCH KEY: a number or word of the owner line
{
    sed -n "s/^owner:.*$2:* \([a-z0-9]*\).*/\1/p" "$1" | head -n 1
}

variant_of() # DETECTOR
{
    if [ "$1" = tsan ]; then echo tsan; else echo debug; fi
}

program_file() # PROGRAM VARIANT: what is made
{
    case $1 in
    common) echo "$BUILD/$2/tests/common" ;;
    interleave*) echo "$BUILD/interleave/stage${1#interleave}-solution" ;;
    musl) echo port-musl-programs ;;
    *) echo "$BUILD/$2/tests/$1-solution" ;;
    esac
}

# Objects too, unless a header is to change.
copy_tree() # VARIANT TREE PATCH
{
    mkdir -p "$2/build/$1"
    cp -Rp Makefile common stage[1-4]_* "$2"
    grep -q '^+++ .*\.h' "$3" || cp -Rp "$BUILD/$1/flags" "$BUILD/$1/obj" "$2/build/$1"
}

changed_objects() # PATCH
{
    sed -n 's|^+++ b/\(.*\)\.c.*|build/debug/obj/\1.o|p' "$1"
}

# What the program says, one line a test, and ThreadSanitizer's words between. A bug that breaks much
# would take long: its third failing test is the last, since nobody reads what awk no longer prints. Without
# a bug all run to the end: a test that is not known to fail there would count as one that noticed a bug.
# shellcheck disable=SC2086
run_program() # PROGRAM-FILE DETECTOR PATCH
{
    {
        case $2 in
        tests) timeout 900 "$1" --cpu-limit 4 ;;
        tsan) TSAN_OPTIONS=halt_on_error=1:abort_on_error=1 timeout 900 $fixed_addresses \
            "$1" --threads-only --cpu-limit 20 ;;
        schedules) timeout 900 "$1" --schedules 800 ;;
        musl) (cd "${1%/*}" && sh common/trust/portability/port.sh build musl-programs) ;;
        esac
        [ $? -ne 124 ] || echo 'time is up'
    } 2>&1 | awk -v patch="$3" '{ print; fflush() }
        ($1 == "FAILED" || $1 == "CRASHED" || $1 == "NOT_DONE") && ++failed == 3 && patch != "-" { exit }'
}

# The names of the tests that did not pass, one a line.
failing_tests() # LOG
{
    awk '$1 == "FAIL" { sub(/^FAIL *[^ ]*\//, ""); sub(/:$/, ""); print }
         $1 == "FAILED" || $1 == "CRASHED" || $1 == "NOT_DONE" {
             sub(/:$/, "", $2); sub(/.*\//, "", $2); print $2
         }
         /^time is up/ { print "the time limit" }' "$1" | uniq
}

allocating_symbols() # TREE PATCH
{
    objects=$(changed_objects "$2")
    # shellcheck disable=SC2086
    (cd "$1" && nm -u $objects) | awk '$1 == "U" { print $2 }' |
        grep -x -E '(m|c|re|aligned_|v|pv)alloc|reallocarray|(posix_)?memalign|free|strn?dup|mmap|sbrk'
}

# Plant and test one bug; PATCH is - for the reference as it is. Leaves in RESULT what failed, a line
# each, or one line that starts with ! where the bug could not be planted.
try() # PROGRAM DETECTOR PATCH RESULT
{
    variant=$(variant_of "$2")
    tree=$scratch/$(basename "$4").tree
    file=$(BUILD=build program_file "$1" "$variant")
    log=$BUILD/known_bugs/$(basename "$4").log
    patch=$3
    [ "$patch" != - ] || patch=/dev/null
    copy_tree "$variant" "$tree" "$patch"
    if ! patch -s -p1 -F0 -d "$tree" < "$patch" > "$log" 2>&1; then
        echo '! the patch does not apply' > "$4"
    elif ! make -s -C "$tree" BUILD=build CC="$CC" VARIANT="$variant" IMPL=solution \
            FATAL_WARNINGS= EXTRA_LDFLAGS="$blind" "$file" > "$log" 2>&1; then
        echo '! it does not build' > "$4"
    elif [ "$2" = symbols ]; then
        allocating_symbols "$tree" "$3" | sed 's/^/the symbol /' > "$4"
    else
        run_program "$tree/$file" "$2" "$3" > "$log" 2>&1
        failing_tests "$log" > "$4"
    fi
    rm -rf "$tree"
}

# Leave only what noticed the bug: what does not fail without it.
subtract_reference() # REFERENCE RESULT
{
    [ ! -s "$1" ] || {
        grep -v -x -F -f "$1" "$2" > "$2.less"
        mv "$2.less" "$2"
    }
}

show() # PATCH RESULT
{
    first=$(head -n 3 "$2" | paste -s -d , - | sed 's/,/, /g')
    case $first in
    '') verdict=SURVIVED ;;
    !*) verdict="FAILED: ${first#! }" ;;
    *) verdict="noticed by $first" ;;
    esac
    name=$(basename "$1" .patch)
    printf '%3s  %5s  %-36s  %s\n' "$(field "$1" row)" "$(field "$1" stage)" \
        "$(echo "${name#row??_}" | tr _ ' ')" "$verdict"
}

# Called by xargs for each line of the list of jobs.
if [ "${1:-}" = --job ]; then
    try "$2" "$3" "$4" "$5"
    if [ "$4" != - ]; then
        subtract_reference "$scratch/reference_$2_$3" "$5"
        show "$4" "$5"
    fi
    exit 0
fi

# --- The list of jobs: a line each, PROGRAM DETECTOR PATCH RESULT ---

scratch=$(mktemp -d) || exit 1
trap 'rm -rf "$scratch"' EXIT
trap 'exit 1' INT TERM
mkdir -p "$BUILD/known_bugs" "$scratch/results"
patches=$(ls "$here"/row"$(test -z "${1:-}" || printf %02d "$1" 2> /dev/null)"*.patch 2> /dev/null)
if [ -z "$patches" ]; then
    echo "no planted bug of row $1: choose a row that is in $here, as in make known-bugs ROW=7" >&2
    exit 1
fi
for patch in $patches; do
    echo "$(field "$patch" program) $(field "$patch" detector) $patch" \
        "$scratch/results/$(basename "$patch" .patch)"
done > "$scratch/bugs"
awk '$2 != "symbols" { print $1, $2, "-", "'"$scratch"'/reference_" $1 "_" $2 }' "$scratch/bugs" |
    sort -u > "$scratch/references"

# --- Build what all of them share, then run ---

$CC -c "$here/blind_checks.c" -o "$scratch/blind_checks.o" || exit 1
wraps=$(nm "$scratch/blind_checks.o" | sed -n 's/.* __wrap_/-Wl,--wrap=/p' | tr '\n' ' ')
blind="$wraps $scratch/blind_checks.o"
export scratch blind
for variant in debug tsan; do
    files=$(while read -r program detector _; do
        [ "$(variant_of "$detector")" != $variant ] || program_file "$program" $variant
    done < "$scratch/bugs" | sort -u)
    # shellcheck disable=SC2086
    [ -z "$files" ] || make -s -j "$JOBS" BUILD="$BUILD" CC="$CC" VARIANT=$variant IMPL=solution $files || exit 1
done

failed=0
passed=0
xargs -r -P "$JOBS" -L 1 sh "$0" --job < "$scratch/references"
while read -r program detector _ result; do
    [ ! -s "$result" ] || echo "$program, $detector: fails without check functions alone, counts for no bug: $(paste -s -d , "$result")"
    ! grep -q '^!' "$result" || failed=$((failed + 1))
done < "$scratch/references"
printf '%3s  %5s  %-36s  %s\n' row stage 'planted bug' 'noticed by'
xargs -r -P "$JOBS" -L 1 sh "$0" --job < "$scratch/bugs"

for result in "$scratch"/results/*; do
    if [ -s "$result" ] && ! grep -q '^!' "$result"; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
    fi
done
echo "$passed passed, $failed failed"
[ $failed -eq 0 ]

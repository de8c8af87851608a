#!/bin/sh
# Hands in each known bug as a submission and grades it: it must lose points in its own stage and in no
# earlier one, and the report must say why.
#
#   graded.sh [ROW]      from the top of the project: `make known-bugs-graded [ROW=n]`
#
# A submission is the reference with the bug planted. Only the stages whose files the patch changes can
# lose points, since each is graded over the reference's layers: those are graded, and the bug's own.
# Bugs that only ThreadSanitizer sees, and those in what calls malloc, are graded with all phases or by
# the gate. Bugs in given code are no submission, and left out, and so are those with "points: none".
set -u
: "${BUILD:=build}"
here=grader/known_bugs
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
trap 'exit 1' INT TERM

field() # PATCH KEY
{
    sed -n "s/^owner:.*$2:* \([a-z0-9]*\).*/\1/p" "$1" | head -n 1
}

# Leaves the submission in $scratch/tree; false where the patch does not apply.
plant() # PATCH
{
    rm -rf "$scratch/tree"
    for folder in stage[1-4]_*; do
        mkdir -p "$scratch/tree/$folder"
        cp -R "$folder/solution" "$scratch/tree/$folder/solution"
    done
    patch -s -p1 -F0 -d "$scratch/tree" < "$1" > /dev/null 2>&1 || return 1
    for folder in "$scratch"/tree/stage[1-4]_*; do
        mv "$folder/solution" "$folder/student"
    done
}

# Stages whose files the patch changes, and the bug's own.
stages_of() # PATCH
{
    { sed -n 's|^+++ b/stage\([1-4]\)_.*/solution/.*|\1|p' "$1"; field "$1" stage; } | sort -u
}

# "points of most: the first reason" of a stage.
outcome() # STAGE
{
    jq -r --argjson stage "$1" '.stages[] | select(.stage == $stage) |
        ([.tests[] | select(.status != "PASSED" and .status != "SKIPPED" and .points < .max_points)] +
         [.valgrind.findings[] | {status: "RACE or ERROR", name: .file, message: .what}])[0] as $why |
        "\(.points) of \(.max_points): \($why.status // "-") \($why.name // "") \($why.message // "")"' \
        "$scratch/result.json" 2> /dev/null || echo "null of 0: not graded"
}

# Says how one bug fares, and whether that is as it should be.
grade() # PATCH
{
    own=$(field "$1" stage)
    [ "$(field "$1" detector)" = tsan ] && quick= || quick=--quick
    for stage in $(stages_of "$1"); do
        # shellcheck disable=SC2086
        "$BUILD/grade" $quick --stage "$stage" --build "$BUILD" --submission "$scratch/tree" \
            --json "$scratch/result.json" > "$scratch/report.txt" 2>&1
        said=$(outcome "$stage")
        points=${said%% of *}
        most=${said#* of }
        most=${most%%:*}
        verdict=ok
        [ "$points" != null ] || verdict=NOT_GRADED
        if [ "$stage" -lt "$own" ]; then
            [ "$points" = "$most" ] || verdict="LOSES_EARLIER"
        elif [ "$stage" = "$own" ]; then
            [ "$points" != "$most" ] || verdict=SURVIVES
        fi
        printf '%-42s stage %s  %-10s %s\n' "$(basename "$1" .patch)" "$stage" "$verdict" \
            "$(printf '%s' "$said" | cut -c 1-150)"
        [ "$verdict" = ok ] || failed=$((failed + 1))
        rm -f "$scratch/result.json"
    done
}

failed=0
for patch in "$here"/row"$(test -z "${1:-}" || printf %02d "$1")"*.patch; do
    if ! grep -q '^+++ b/stage[1-4]_.*/solution/' "$patch" || grep -q '^+++ .*\.h' "$patch"; then
        echo "$(basename "$patch" .patch): not in a file that is handed in"
    elif [ "$(field "$patch" points)" = none ]; then
        echo "$(basename "$patch" .patch): the test that notices it gives no points"
    elif ! plant "$patch"; then
        echo "$(basename "$patch" .patch): the patch does not apply"
        failed=$((failed + 1))
    else
        grade "$patch"
    fi
done
echo "$failed failed"
[ $failed -eq 0 ]

#!/bin/sh
# Grades honest implementations of other designs: each must have all points of its stage, and so must what
# it counts. A test that fails one of them speaks through the reference's insides.
#
#   alternatives.sh [--quick] [STAGE]      from the top of the project: `make alternatives [STAGE=n]`
#
# A folder here holds one or more hand-in files of its stage; the reference's stand in for the others.
# --quick: the plain tests only. Exit status 0: each has full points.
set -eu
: "${BUILD:=build}"
quick=
if [ "${1:-}" = --quick ]; then quick=--quick; shift; fi
here=grader/alternatives
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
trap 'exit 1' INT TERM

submit() # ALTERNATIVE STAGE_FOLDER
{
    for folder in stage[1-4]_*; do
        mkdir -p "$scratch/submission/$folder/student"
        cp "$folder"/solution/*.c "$scratch/submission/$folder/student"
    done
    cp "$1"/*.c "$scratch/submission/$2/student"
}

grade() # ALTERNATIVE STAGE_FOLDER STAGE
{
    rm -rf "$scratch/submission"
    submit "$1" "$2"
    "$BUILD/grade" $quick --stage "$3" --build "$BUILD" --submission "$scratch/submission" \
        --json "$scratch/result.json" > "$scratch/report.txt" 2>&1 || true
    points=$(jq -r '"\(.points) \(.max_points)"' "$scratch/result.json" 2> /dev/null || echo "none 0")
    rm -f "$scratch/result.json"
    printf '%-45s %s of %s\n' "${1#"$here/"}" "${points% *}" "${points#* }"
    [ "${points% *}" = "${points#* }" ] && return
    sed -n '/^  [A-Z_]* *[a-z_]*\//,/what/p; /GRADER_ERROR/p; /times/p' "$scratch/report.txt"
    status=1
}

status=0
for stage in ${1:-1 2 3 4}; do
    for alternative in "$here/stage${stage}_"*/*/; do
        folder=${alternative#"$here/"}
        grade "${alternative%/}" "${folder%%/*}" "$stage"
    done
done
exit $status

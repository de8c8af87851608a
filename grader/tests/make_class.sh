#!/bin/sh
# Makes a class to grade: COUNT submissions in FOLDER, named for what they are. Half of them have a known
# bug planted into the reference, each another, from all stages; the others are the reference and the
# skeletons by turns, in folders, flat folders and archives.
#
# With ATTACKS, so many of the red team's files (grader/redteam/fixtures) come in beside them, each as
# somebody's stage 1.
#
#     make_class.sh FOLDER COUNT [ATTACKS]
set -eu
folder=$1
count=$2
attacks=${3:-0}
mkdir -p "$folder"
folder=$(cd "$folder" && pwd)

# The hand-in files of solution/ or student/, laid out like the tree.
lay_out() # SOURCE TO
{
    for stage in stage[1-4]_*; do
        mkdir -p "$2/$stage/student"
        for file in "$stage/student"/*.c; do
            cp "$stage/$1/$(basename "$file")" "$2/$stage/student/"
        done
    done
}

# One bug of each stage, then the next of each; not those that only a test without points notices.
bugs_by_turns()
{
    for patch in grader/known_bugs/row*.patch; do
        ! grep -q '^owner:.*points: none' "$patch" || continue
        stage=$(sed -n 's|^+++ .*\(stage[1-4]\)_[a-z]*/solution/.*|\1|p' "$patch" | head -n 1)
        [ -z "$stage" ] || echo "$stage $patch"
    done | sort -s -k 1,1 | awk '{ print ++count[$1], $2 }' | sort -s -n -k 1,1 | cut -d ' ' -f 2
}

made=0
for patch in $(bugs_by_turns); do
    [ "$made" -lt $((count / 2)) ] || break
    name=$(basename "$patch" .patch)
    lay_out solution "$folder/$name"
    if sed 's|/solution/|/student/|g' "$patch" | patch -s -p1 -F0 -d "$folder/$name" >/dev/null 2>&1; then
        made=$((made + 1))
    else
        rm -rf "${folder:?}/$name"
    fi
done
while [ "$made" -lt "$count" ]; do
    made=$((made + 1))
    case $((made % 4)) in
    0) lay_out student "$folder/skeleton_$made" ;;
    1) lay_out solution "$folder/solution_$made" ;;
    2) lay_out solution "$folder/tmp" && tar czf "$folder/archived_$made.tar.gz" -C "$folder/tmp" . && rm -rf "$folder/tmp" ;;
    3) mkdir -p "$folder/flat_$made" && cp stage[1-4]_*/student/*.c "$folder/flat_$made" && cp stage1_objectpool/solution/object_pool.c "$folder/flat_$made" ;;
    esac
done
for attack in grader/redteam/fixtures/*.c; do
    [ "$attacks" -gt 0 ] || break
    attacks=$((attacks - 1))
    made=$((made + 1))
    mkdir -p "$folder/attack_$(basename "$attack" .c)"
    cp "$attack" "$folder/attack_$(basename "$attack" .c)/object_pool.c"
done
echo "$made submissions in $folder"

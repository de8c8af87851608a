#!/bin/sh
# Writes the tree that an instructor gives to a class.
#
#     handout.sh FOLDER       from the top of the project: make handout OUT=folder
#
# It has no solution/, no planted bugs (they are patches of the solution), and nothing of the grader but
# the small parts that make next is built from. What stages 2 to 4 are tested on, the reference of the stages
# before them, is there as objects without debug information, in prebuilt/<variant>/.
set -eu
out=$1
variants='debug release asan tsan'
[ -n "$out" ] || { echo "say where to: make handout OUT=folder" >&2; exit 1; }
[ ! -e "$out" ] || [ -z "$(ls -A "$out")" ] || { echo "$out is not empty: name a new folder" >&2; exit 1; }
mkdir -p "$out"
out=$(cd "$out" && pwd)

list_files()
{
    git ls-files 2>/dev/null || find . -type f -not -path './build/*' | sed 's|^\./||'
}

wanted()
{
    grep -E '^(Makefile|README\.md|LICENSE|\.clang-format|\.editorconfig|\.gitignore)$|^common/|^stage[1-4]_|^grader/(stages|keep|die|files|text|planted)\.[ch]$' |
        grep -vE '/solution/|^common/(trust|demo)/|^common/course/tests/|/fixtures/'
}

list_files | wanted | while read -r file; do
    mkdir -p "$out/$(dirname "$file")"
    cp -p "$file" "$out/$file"
done

for variant in $variants; do
    objects=
    for source in stage[1-3]_*/solution/*.c; do
        objects="$objects ${BUILD:=build}/$variant/obj/${source%.c}.o"
    done
    # shellcheck disable=SC2086 # a list of words
    "${MAKE:-make}" -s -j2 VARIANT=$variant $objects
    for object in $objects; do
        to=$out/prebuilt/$variant/${object#"$BUILD/$variant/obj/"}
        mkdir -p "$(dirname "$to")"
        objcopy --strip-debug "$object" "$to"
    done
done
echo "the tree for a class is in $out; try it:  cd $out && make check STAGE=1"

#!/bin/sh
# Writes the tree that an instructor gives to a class.
#
#     handout.sh FOLDER       from the top of the project: make handout OUT=folder
#
# It has no solution/, no planted bugs (they are patches of the solution), and nothing of the grader but
# the small parts that make next is built from. The reference is there as objects without debug information,
# in prebuilt/, which is laid out as build/: handout.mk takes them from there. The documents are
# without what the tree does not have.
set -eu
out=$1
variants='debug release asan tsan'
build=${BUILD:-build}
make=${MAKE:-make}
[ -n "$out" ] || { echo "say where to: make handout OUT=folder" >&2; exit 1; }
[ ! -e "$out" ] || [ -z "$(ls -A "$out")" ] || { echo "$out is not empty: name a new folder" >&2; exit 1; }
mkdir -p "$out"
out=$(cd "$out" && pwd)

# --- Files ---

# Where the tree is a copy in a repository of something else, git knows none of its files.
list_files()
{
    git ls-files 2>/dev/null | grep . || find . -type f -not -path './build/*' | sed 's|^\./||'
}

wanted()
{
    grep -E '^(Makefile|README\.md|LICENSE|\.clang-format|\.editorconfig|\.gitignore)$|^common/|^stage[1-4]_|^grader/((stages|keep|die|files|text|planted)\.[ch]|handout\.mk)$' |
        grep -vE '/solution/|^common/course/(tests|handouts)/|/fixtures/|/corpus/'
}

list_files | wanted | while read -r file; do
    mkdir -p "$out/$(dirname "$file")"
    cp -p "$file" "$out/$file"
done

# --- The reference ---

# objects(folder in build): the names there of the reference's objects.
objects()
{
    for source in stage[1-4]_*/solution/*.c; do
        echo "$1/${source%.c}.o"
    done
}

# hand_out(folder in build, folder in prebuilt)
hand_out()
{
    for object in $(objects "$1"); do
        to=$out/prebuilt/$2${object#"$1"}
        mkdir -p "$(dirname "$to")"
        objcopy --strip-debug "$build/$object" "$to"
    done
}

# make_all(variant, folder...)
make_all()
{
    variant=$1
    shift
    for folder in "$@"; do
        objects "$folder"
    done | sed "s|^|$build/|" | xargs "$make" -s -j2 VARIANT="$variant"
    for folder in "$@"; do
        hand_out "$folder" "$folder"
    done
}

for variant in $variants; do
    make_all "$variant" "$variant/obj"
done
make_all debug trace/obj interleave/obj
# Objects for link-time optimisation hold the code in gcc's own form: plain ones take their place.
hand_out release/obj release/obj-lto

# --- The documents ---

# strip(README, note): without the sections on the grader and on reading the reference; the note takes the
# place of how to grade and test the course.
strip()
{
    awk -v note="$2" '
        function close_section() { if (section !~ /\]\([^)]*(grader\/README|\/solution\/)/) printf "%s", section; section = "" }
        /^## / { close_section(); grading = 0; labs = 1 }
        /Debian 12/ && !labs { grading = 1; section = section note "\n\n" }
        !grading && !/^\| grader \|/ { section = section $0 "\n" }
        END { close_section() }' "$1" >"$1.new"
    mv "$1.new" "$1"
}
# shellcheck disable=SC2016 # what is quoted is a command for the reader
strip "$out/README.md" 'This tree is for a class: the solutions and the grader are not in it. `make deps` installs what it needs on Debian 12, `make help` lists what works.'
# shellcheck disable=SC2016
strip "$out/common/course/README.zh-CN.md" '这是发给班级的代码树：里面没有参考答案，也没有评分程序。`make deps` 在 Debian 12 上安装所需的软件包，`make help` 列出能用的命令。'

withheld=$(cd "$out" && "$make" -s --no-print-directory BUILD=build withheld | tr ' ' '|')
find "$out" -name '*.md' | while read -r document; do
    sed -i -E "/^make ($withheld)( |\$)/d" "$document"
    # A link to what is not there becomes its text.
    grep -oE '\]\([^)#:]+' "$document" | cut -c 3- | sort -u | while read -r target; do
        [ -e "$(dirname "$document")/$target" ] ||
            sed -i -E "s|\[([^]]*)\]\($target(#[^)]*)?\)|\1|g" "$document"
    done
done
rm -rf "$out/build"
echo "the tree for a class is in $out; try it:  cd $out && make check STAGE=1"

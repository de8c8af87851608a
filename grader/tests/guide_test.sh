#!/bin/sh
# The instructor's guide speaks of what is there: each option, make target, file and folder it names.
#
#     guide_test.sh GRADE
set -eu
guide=grader/README.md
"$1" --help >"${TMPDIR:-/tmp}/guide.$$"
trap 'rm -f "${TMPDIR:-/tmp}/guide.$$"' EXIT
wrong=0
makefiles=$(find common grader stage[1-4]_* -name '*.mk')
say()
{
    echo "$guide: $*"
    wrong=1
}
grep -oE -- '--[a-z][a-z-]+' $guide | sort -u | while read -r option; do
    [ "$option" = --sshlogin ] || grep -q -- "$option" "${TMPDIR:-/tmp}/guide.$$" || echo "$option"
done | while read -r option; do echo "there is no option $option"; done | grep . && wrong=1
for target in $(grep -oE '(^|`)make [a-z][a-z-]+' $guide | sed 's/.*make //' | sort -u); do
    case $target in deps | build) continue ;; esac; grep -rqE "^(## )?$target( [a-z-]+)*:" Makefile $makefiles || say "there is no make $target"
done
for file in $(grep -oE '\]\([a-z_/.]+\)' $guide | tr -d '])(' ); do
    [ -e "grader/$file" ] || say "there is no $file"
done
[ $wrong = 0 ] && echo "the guide: 3 of 3 tests passed"
exit $wrong

#!/bin/sh
# rename.sh OBJECT FUNCTION ...: call __real_FUNCTION what OBJECT defines under one of these names, so
# that the recorder's function of that name is met first. What OBJECT only calls keeps its name. The
# linker's --wrap does not do: it leaves alone what a program gets from the library by name.
set -eu
object=$1
shift
for function in "$@"; do
    echo "$function"
done | sort > "$object.names"
${NM:-nm} --defined-only -g "$object" | awk '{ print $3 }' | sort | comm -12 - "$object.names" |
    awk '{ print $1, "__real_" $1 }' > "$object.renamed"
${OBJCOPY:-objcopy} --redefine-syms="$object.renamed" "$object"
rm "$object.names" "$object.renamed"

#!/bin/sh
# unchanged.sh FOLDER: the release library is, byte for byte, what it is without the recorder in the tree.
# Builds a copy of the tree in FOLDER twice, the second time without common/trace and common/show.
set -eu
top=$PWD
folder=$1
rm -rf "$folder"
mkdir -p "$folder"
git ls-files -co --exclude-standard | grep -v '^grader/' | tar -cf - -T - | tar -xf - -C "$folder"
cd "$folder"
${MAKE:-make} -s VARIANT=release build/release/libmempool.so build/release/libmempool.a > log
mv build/release with
rm -rf build common/trace common/show
${MAKE:-make} -s VARIANT=release build/release/libmempool.so build/release/libmempool.a > log
for file in libmempool.so libmempool.a; do
    cmp "with/$file" "build/release/$file"
done
cd "$top"
rm -rf "$folder" # make reads every dependency file under build/
echo "ok      the release library is the same without the recorder in the tree"

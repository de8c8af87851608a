#!/bin/sh
# Writes the zip file that Gradescope takes as an autograder: setup.sh and run_autograder at its top, and the course as it is
# committed (HEAD) in course/.
#
#     make_zip.sh FILE
set -eu
[ -n "$1" ] || { echo "say where to: make gradescope OUT=autograder.zip" >&2; exit 1; }
here=grader/hosting/gradescope
git archive --format=zip --add-file=$here/setup.sh --add-file=$here/run_autograder --prefix=course/ -o "$1" HEAD
echo "$1: upload it as the autograder of a programming assignment"

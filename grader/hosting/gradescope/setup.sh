#!/bin/sh
# Gradescope runs this once, when the autograder's image is built. See make gradescope.
set -eu
exec /autograder/source/course/grader/hosting/install.sh /autograder/source/course

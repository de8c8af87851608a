#!/bin/sh
# Makes a fresh Debian 12 (or an Ubuntu) ready to grade: what Gradescope's setup.sh, the GitHub workflow and the
# Dockerfile share. Installs the packages, builds the grader, and grades the reference once, so that the
# limits of this machine are known before the first submission comes.
#
#     install.sh COURSE
set -eu
cd "$1"
export DEBIAN_FRONTEND=noninteractive
apt-get update -qq
apt-get install -y -qq --no-install-recommends make
make deps
make -j"$(nproc)" build/grade
build/grade --impl solution >build/reference.txt || { tail -n 20 build/reference.txt; exit 1; }
tail -n 3 build/reference.txt

# A repository made of many commits; checked, packed anew with threads, cloned, and checked again.
set -e
git init -q --bare -b main repository
cd repository
git config pack.threads 4
git fast-import --quiet < "$INPUTS/history"
git fsck --full --strict 2>&1
git gc --quiet --aggressive --prune=now
git fsck --full --strict 2>&1
git rev-list --all --objects | sort | sha256sum
git log --stat --format='%H %an %s' main | sha256sum
git blame -s main -- folder-1/file-1.txt | sha256sum
cd ..
git clone -q repository work
cd work
git checkout -q -b other HEAD~20
git merge -q main
git grep -c thread | sha256sum
git archive HEAD | sha256sum

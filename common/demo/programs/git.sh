# Imports a history, packs it, changes it, packs it again; prints what git finds in it.
set -e
git init --quiet --initial-branch=main repository
cd repository
git config gc.auto 0
git config pack.threads 1
git config core.fsync none

git fast-import --quiet < "$INPUTS/history"
git gc --quiet --prune=now
git checkout --quiet --force main
for number in 1 2 3; do
    cat folder-0/file-*.txt > "all-$number.txt"
    git add .
    git -c user.name=Demo -c user.email=demo@example.org commit --quiet --message "all, $number"
done
git repack -a -d -f --quiet --window=20

git fsck --full --strict
git rev-list --objects --all
git log --stat --all
git log --patch --max-count=200 --find-renames
git shortlog --summary --email main
git blame --line-porcelain folder-0/file-0.txt
git diff --word-diff main~100 main~50

#!/bin/sh
# The set-up files for course hosts: each is what its host reads, and the scripts do what they say on a made-up
# host in a scratch folder.
#
#     hosting_test.sh GRADE
set -eu
grade=$1
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
passed=0

fail()
{
    echo "FAILED: $*"
    exit 1
}
pass()
{
    passed=$((passed + 1))
}

find grader/hosting '(' -name '*.sh' -o -name run_autograder ')' -exec shellcheck -S warning {} + || fail "shellcheck finds fault"
shellcheck -S warning grader/handout.sh grader/class_*.sh grader/tests/h*.sh grader/tests/make_class.sh grader/tests/sshd.sh || fail "shellcheck finds fault"
pass

/usr/bin/python3 - <<'END' || fail "classroom.yml"
import yaml
flow = yaml.safe_load(open('grader/hosting/github_classroom/classroom.yml'))
steps = flow['jobs']['grade']['steps']
assert 'push' in flow['on']
assert all(('uses' in s) != ('run' in s) for s in steps)
report = steps[-1]
assert report['with']['runners'] == 'pool' and 'POOL_RESULTS' in report['env']
assert any(s.get('id') == 'pool' for s in steps)
END
pass

# Each instruction of the Dockerfile is one that Docker knows; what it copies and runs is there.
sed -e ':a;/\\$/N;s/\\\n//;ta' grader/hosting/Dockerfile | grep -vE '^#|^$' |
    grep -vE '^(ARG|FROM|COPY|RUN|WORKDIR|ENTRYPOINT|CMD) ' && fail "an unknown instruction"
[ -x grader/hosting/install.sh ] && [ -x grader/hosting/gradescope/run_autograder ] || fail "scripts are not executable"
pass

# Gradescope: a submission; one with nothing in it.
mkdir -p "$scratch/source/course/build" "$scratch/submission"
ln -s "$(realpath "$grade")" "$scratch/source/course/build/grade"
cp stage1_objectpool/solution/object_pool.c "$scratch/submission"
AUTOGRADER=$scratch GRADE_OPTIONS='--quick --stage 1' grader/hosting/gradescope/run_autograder >/dev/null
jq -e '.score == 90 and (.tests | length > 10)' "$scratch/results/results.json" >/dev/null || fail "Gradescope's results"
pass
rm "$scratch/submission/object_pool.c"
AUTOGRADER=$scratch GRADE_OPTIONS='--quick --stage 1' grader/hosting/gradescope/run_autograder >/dev/null 2>&1
jq -e '.score == 0 and (.output | contains("none of the hand-in files"))' "$scratch/results/results.json" >/dev/null ||
    fail "Gradescope's results of nothing"
pass

# GitHub Classroom.
cp stage1_objectpool/solution/object_pool.c "$scratch/submission"
here=$PWD
(cd "$scratch" && GITHUB_OUTPUT=$scratch/output "$here/grader/hosting/github_classroom/grade.sh" source/course submission --quick --stage 1 >/dev/null)
sed -n 's/^result=//p' "$scratch/output" | base64 -d | jq -e '.status == "pass" and .max_score == 90' >/dev/null || fail "GitHub's results"
[ -s "$scratch/report.html" ] || fail "no page"
pass

# The zip for Gradescope.
if git rev-parse --git-dir >/dev/null 2>&1; then
    grader/hosting/gradescope/make_zip.sh "$scratch/autograder.zip" >/dev/null
    python3 -m zipfile -l "$scratch/autograder.zip" >"$scratch/list"
    for file in setup.sh run_autograder course/Makefile; do
        grep -q "^$file " "$scratch/list" || fail "$file is not in the zip"
    done
    pass
fi
echo "course hosts: $passed of $passed tests passed"

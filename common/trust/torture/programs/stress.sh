# stress-ng's stressors of memory, processes and threads, each for a count of operations; it verifies what it does.
[ "$SIZE" = quick ] && scale=1 || scale=10
for stressor in "malloc 2 --malloc-ops $((scale * 20000)) --malloc-threshold 65536 --verify" \
                "malloc 2 --malloc-ops $((scale * 20000)) --malloc-pthreads 3 --malloc-touch --verify" \
                "mmap 2 --mmap-ops $((scale * 20)) --mmap-bytes 16m --verify" \
                "fork 2 --fork-ops $((scale * 300))" \
                "pthread 2 --pthread-ops $((scale * 300)) --pthread-max 64" \
                "vfork 2 --vfork-ops $((scale * 100))" \
                "clone 1 --clone-ops $((scale * 50))" \
                "tree 1 --tree-ops $((scale * 1)) --tree-size 20000 --verify" \
                "mcontend 1 --mcontend-ops $((scale * 50))"; do
    name=${stressor%% *}
    # shellcheck disable=SC2086 # a list of options
    if stress-ng --no-rand-seed --timeout 60 --temp-path . --$stressor > "stress-$name.log" 2>&1 &&
        grep -q 'successful run completed' "stress-$name.log"; then
        echo "$stressor: passed"
    else
        echo "$stressor: FAILED"
        cat "stress-$name.log" >&2
    fi
done

#!/bin/sh
# run.sh LIBRARY PROGRAMS [fused]: tests the built library, as real programs meet it. LIBRARY is
# libmempool.so, with libmempool.a beside it; PROGRAMS is the folder that the programs of this folder were
# built into; "fused" says that the layers were fused by link-time optimisation, so that what a call costs
# is looked at too. (make library-test does all that.) Prints a line for each check, and at last how many
# passed and failed; status 0 if none failed.
set -u
library=$1
programs=$2
fused=${3:-}
. "$(dirname "$0")/checks.sh"

# --- The names that it exports ---

cat >"$work/expected" <<END
malloc free calloc realloc reallocarray aligned_alloc posix_memalign memalign valloc pvalloc
malloc_usable_size malloc_trim mallinfo mallinfo2 malloc_info mallopt malloc_stats cfree free_sized free_aligned_sized
_Znwm _Znam _ZnwmRKSt9nothrow_t _ZnamRKSt9nothrow_t _ZnwmSt11align_val_t _ZnamSt11align_val_t
_ZnwmSt11align_val_tRKSt9nothrow_t _ZnamSt11align_val_tRKSt9nothrow_t
_ZdlPv _ZdaPv _ZdlPvRKSt9nothrow_t _ZdaPvRKSt9nothrow_t _ZdlPvm _ZdaPvm _ZdlPvSt11align_val_t
_ZdaPvSt11align_val_t _ZdlPvSt11align_val_tRKSt9nothrow_t _ZdaPvSt11align_val_tRKSt9nothrow_t
_ZdlPvmSt11align_val_t _ZdaPvmSt11align_val_t
END
tr -s ' ' '\n' <"$work/expected" | sort >"$work/names"
nm -D --defined-only "$library" | awk '{ print $3 }' | grep -v '^mempool_' | sort >"$work/exported"
if diff "$work/names" "$work/exported" >"$work/difference"; then
    ok "exports all of malloc's family and C++'s, and mempool_ names alone"
else
    fail "exported names: $(tr '\n' ' ' <"$work/difference")"
fi

# --- What the functions do ---

preloaded "$programs/surface"
count_lines surface $?
if grep -q 'handed out by central cache' "$work/err"; then
    ok "surface: malloc_stats prints the table"
else
    fail "surface: malloc_stats printed no table"
fi
preloaded "$programs/operators"
count_lines operators $?
for program in surface operators; do
    if preloaded env MEMPOOL_CHECK=1 "$programs/$program" && ! grep -q '^FAIL' "$work/out"; then
        ok "$program: the same with MEMPOOL_CHECK=1"
    else
        fail "$program with MEMPOOL_CHECK=1: $(grep '^FAIL' "$work/out" | head -n 1) $(head -n 1 "$work/err")"
    fi
done

# --- MEMPOOL_STATS and MEMPOOL_CHECK ---

preloaded env MEMPOOL_STATS=1 ls /
if [ "$(grep -c '^mempool: process' "$work/err")" = 1 ] && grep -q ' system: ' "$work/err"; then
    ok "MEMPOOL_STATS=1 prints one table when a program ends, also when it closes stderr"
else
    fail "MEMPOOL_STATS=1 ls: expected one table, got: $(head -n 2 "$work/err")"
fi
# Whether stderr is open at the start or not.
for stderr in open closed; do
    redirection=
    [ $stderr = open ] || redirection='2>&-'
    preloaded env MEMPOOL_STATS=1 sh -c "exec \"\$@\" $redirection" sh "$programs/descriptors" "$work/data"
    if [ "$(cat "$work/data")" = payload ]; then
        ok "and none into a file that has the number of a descriptor, stderr $stderr"
    else
        fail "MEMPOOL_STATS=1, stderr $stderr: a file of the program's contains: $(sed -n 2p "$work/data")"
    fi
done
preloaded ls /
if [ ! -s "$work/err" ]; then
    ok "without it nothing is printed"
else
    fail "a plain ls prints: $(head -n 1 "$work/err")"
fi

# reported KIND TEXT [SETTING]: misuse KIND ends by abort() with one line that says TEXT.
reported() {
    # shellcheck disable=SC2086 # a setting or nothing
    preloaded env ${3:-} "$programs/misuse" "$1"
    status=$?
    if [ $status -eq 134 ] && [ "$(wc -l <"$work/err")" -eq 1 ] &&
        grep -Eq "^mempool: 0x[0-9a-f]+: $2\$" "$work/err"; then
        ok "misuse: $1${3:+ ($3)}: $2"
    else
        fail "misuse: $1${3:+ ($3)}: expected \"$2\" and an abort, got status $status, \"$(head -n 1 "$work/err")\""
    fi
}
for setting in '' MEMPOOL_CHECK=1; do
    if preloaded env $setting "$programs/misuse" nothing && [ ! -s "$work/err" ]; then
        ok "misuse: nothing wrong, nothing said${setting:+ ($setting)}"
    else
        fail "misuse: nothing wrong${setting:+ ($setting)}, but: $(head -n 1 "$work/err")"
    fi
    reported double-free 'double free' $setting
    reported double-free-of-large 'double free' $setting
    reported free-inside-of-large 'not the start of an object' $setting
    reported free-of-a-variable 'not an address of the pool' $setting
    reported free-of-no-address 'not an address of the pool' $setting
    reported wrong-size 'freed with a wrong size or alignment' $setting
done
reported use-after-free 'written to after it was freed' MEMPOOL_CHECK=1
reported double-free-after-others 'double free' MEMPOOL_CHECK=1
reported write-into-emptied-span 'written to after it was freed' MEMPOOL_CHECK=1
reported double-free-with-a-handler 'double free'
reported free-inside-of-small 'not the start of an object' MEMPOOL_CHECK=1

# --- Threads and processes ---

counted_run "$programs/guards"
counted_run "$programs/borders"
counted_run "$programs/growing"
counted_run "$programs/threads" come-and-go
counted_run "$programs/threads" produce
counted_run "$programs/endings"
counted_run "$programs/plugins" "$programs/plugin.so"
counted_run "$programs/processes"
counted_run "$programs/fork_storm"
counted_run "$programs/fork_stdio"
counted_run MEMPOOL_CHECK=1 "$programs/borders"
counted_run MEMPOOL_CHECK=1 "$programs/endings" 50
counted_run MEMPOOL_CHECK=1 "$programs/plugins" "$programs/plugin.so" 50
counted_run MEMPOOL_CHECK=1 "$programs/processes"
counted_run MEMPOOL_CHECK=1 "$programs/fork_storm" 100

# --- Loaded late, and linked ---

captured timeout 100 "$programs/fork_storm-with-archive" 100
count_lines fork_storm-with-archive $?

for mode in plain global deep bare; do
    captured "$programs/late" "$library" $mode
    count_lines "late $mode" $?
done
for program in linked linked-with-archive linked-static; do
    captured env LD_LIBRARY_PATH="$(dirname "$library")" "$programs/$program"
    count_lines $program $?
    captured env LD_LIBRARY_PATH="$(dirname "$library")" "$programs/$program" misuse
    if [ $? -eq 134 ] && grep -q 'not an address of the pool' "$work/err"; then
        ok "$program: did not come late"
    else
        fail "$program: took a foreign address for one from before: $(head -n 1 "$work/err")"
    fi
done

# --- What a pair of malloc and free costs ---

# counted COUNT: run so many pairs under callgrind. Valgrind replaces malloc unless told not to.
counted() {
    preloaded valgrind --tool=callgrind --soname-synonyms=somalloc=nouserintercepts \
        --callgrind-out-file="$work/pairs.$1" "$programs/pairs" "$1"
    awk '$1 == "totals:" || $1 == "summary:" { print $2; exit }' "$work/pairs.$1"
}
check_cost() {
    few=$(counted 1000)
    many=$(counted 101000)
    each=$(awk "BEGIN { printf \"%.1f\", (${many:-0} - ${few:-0}) / 100000 }")
    if awk "BEGIN { exit !($each > 10 && $each <= 58) }"; then
        ok "a pair of malloc(64) and free: $each instructions of at most 58, loop and calls included"
    else
        fail "a pair of malloc(64) and free: expected at most 58 instructions, got $each"
    fi
    # Lines "cfn=(id) name", the name only the first time, then "calls=N ...": callees of 100,000 calls.
    awk '/^c?fn=/ { split($0, part, /[()]/); if ($2 != "") name[part[2]] = $2
                    if (/^cfn/) callee = name[part[2]] }
         /^calls=/ { split($1, part, "="); if (part[2] >= 100000) print callee }' \
        "$work/pairs.101000" | sort -u | tr '\n' ' ' >"$work/callees"
    if [ "$(cat "$work/callees")" = "free malloc " ]; then
        ok "malloc and free call nothing on a hit"
    else
        fail "called for each pair: expected malloc and free alone, got $(cat "$work/callees")"
    fi
}
if [ -n "$fused" ]; then
    check_cost
else
    echo "skip what a call costs: this library is not fused by link-time optimisation"
fi

closing

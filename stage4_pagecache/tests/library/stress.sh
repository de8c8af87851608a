#!/bin/sh
# stress.sh LIBRARY PROGRAMS: the tests of threads and processes of run.sh, in their long form: 10,000 forks of a
# busy process, 100,000 thread starts, thousands of threads that end in the middle of their work.
# (make stress does that.) Prints a line for each check; status 0 if none failed.
set -u
library=$1
programs=$2
. "$(dirname "$0")/checks.sh"

counted_run "$programs/borders"
counted_run "$programs/processes"
counted_run "$programs/threads" starts 100000
counted_run "$programs/endings" 2000
counted_run "$programs/plugins" "$programs/plugin.so" 1000
counted_run "$programs/fork_storm" 10000
counted_run MEMPOOL_CHECK=1 "$programs/threads" starts 10000
counted_run MEMPOOL_CHECK=1 "$programs/endings" 200
counted_run MEMPOOL_CHECK=1 "$programs/fork_storm" 500
closing

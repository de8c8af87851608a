# A PostgreSQL server of its own, on a unix socket in the current folder, under pgbench; then queries whose answers are known
# beforehand. It does not run as root: as root this script takes the user postgres.
set -e
bin=$(ls -d /usr/lib/postgresql/*/bin | tail -n 1)
[ "$SIZE" = quick ] && transactions=300 || transactions=4000
as=
if [ "$(id -u)" = 0 ]; then
    as="setpriv --reuid=postgres --regid=postgres --clear-groups"
    mkdir server
    chown postgres server
    cd server
fi
# shellcheck disable=SC2086 # a command
{
    $as "$bin/initdb" -D data -A trust -U postgres -N > initdb.log
    $as "$bin/postgres" -D data -k "$PWD" -h '' -c fsync=off -c autovacuum_naptime=1s \
        -c max_parallel_workers_per_gather=2 -c min_parallel_table_scan_size=0 > server.log 2>&1 &
    server=$!
    tries=0
    until $as "$bin/psql" -h "$PWD" -U postgres -c 'select 1' > ready.log 2>&1; do
        tries=$((tries + 1))
        [ "$tries" -lt 200 ] || { cat server.log >&2; exit 1; }
        sleep 0.1
    done
    $as "$bin/pgbench" -h "$PWD" -U postgres -i -s 3 postgres > init.log 2>&1
    $as "$bin/pgbench" -h "$PWD" -U postgres -c 6 -j 3 -t "$transactions" postgres > bench.log 2>&1
    grep 'number of transactions actually processed' bench.log
    grep 'failed transactions' bench.log || true
    $as "$bin/psql" -h "$PWD" -U postgres -At < "$TORTURE/postgres.sql"
    $as "$bin/pg_ctl" -D data stop -m fast > stop.log
    wait $server
}

# A redis server under the load of many clients, with snapshots (each a fork) all the while; then a data set that is the same
# every time, reloaded from its snapshot, and its digest.
set -e
[ "$SIZE" = quick ] && requests=20000 || requests=200000
redis-server --port 0 --unixsocket redis.sock --save '' --appendonly no --logfile redis.log \
    --enable-debug-command local --rdbcompression yes --activedefrag no &
server=$!
tries=0
while ! [ -S redis.sock ]; do
    tries=$((tries + 1))
    [ "$tries" -lt 400 ] || { cat redis.log >&2; exit 1; }
    sleep 0.05
done
( while [ ! -e done ]; do redis-cli -s redis.sock bgsave; sleep 0.3; done ) > snapshots.log 2>&1 &
snapshots=$!
redis-benchmark -s redis.sock -q -n "$requests" -r 20000 -d 300 -c 20 -P 8 \
    -t set,get,incr,lpush,rpush,lpop,rpop,sadd,hset,spop,zadd,zpopmin,lrange_100,mset > benchmark.log
touch done
wait $snapshots
grep -q 'Background saving started' snapshots.log && echo "snapshots were made"
redis-cli -s redis.sock flushall sync > flush.log
redis-cli -s redis.sock --pipe < "$INPUTS/commands" > pipe.log
redis-cli -s redis.sock debug digest
redis-cli -s redis.sock debug reload
redis-cli -s redis.sock debug digest
redis-cli -s redis.sock memory purge
redis-cli -s redis.sock dbsize
redis-cli -s redis.sock shutdown nosave
wait "$server"

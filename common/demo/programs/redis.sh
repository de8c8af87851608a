# Starts a server, loads it with redis-benchmark, whose keys are random, then empties it, builds a
# data set that is the same every time, and prints that data set in order.
set -e
redis-server --port 0 --unixsocket redis.sock --save '' --appendonly no --logfile redis.log \
    --hash-max-listpack-entries 32 --zset-max-listpack-entries 32 &
server=$!
tries=0
while ! [ -S redis.sock ]; do
    tries=$((tries + 1))
    [ "$tries" -lt 200 ] || { cat redis.log >&2; exit 1; }
    sleep 0.02
done

redis-benchmark -s redis.sock -q -n "$SIZE" -r 50000 -d 100 -c 8 -P 16 \
    -t set,get,incr,lpush,rpop,sadd,hset,zadd,lrange_100 > benchmark.log
redis-cli -s redis.sock flushall sync > flush.log
redis-cli -s redis.sock --pipe < "$INPUTS/commands" > pipe.log
redis-cli -s redis.sock --eval "$DEMO/redis_dump.lua"
redis-cli -s redis.sock shutdown nosave
wait "$server"

#!/bin/sh
# The clients of redis-server under load: wait until it listens on the socket $1, send $2 requests
# of each kind, end it. Pipelined, so that the server's time goes to commands and not to the system.
socket=$1
requests=$2
until redis-cli -s "$socket" ping 2> /dev/null | grep -q PONG; do
    sleep 0.02
done
redis-benchmark -s "$socket" -q -P 32 -c 20 -r 20000 -d 100 -n "$requests" \
    -t set,get,incr,lpush,rpop,sadd,hset,zadd > /dev/null
redis-benchmark -s "$socket" -q -P 32 -c 20 -r 2000 -d 3000 -n "$requests" -t set > /dev/null
redis-cli -s "$socket" shutdown nosave > /dev/null 2>&1

# node: buffers (each of them malloc's), maps, workers, compression and encryption in its thread pool.
exec node "$TORTURE/node.js" "$([ "$SIZE" = quick ] && echo 1 || echo 5)"

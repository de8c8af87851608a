# sqlite on a long script of random statements, the same in every run: tables, indexes, joins, transactions that are rolled
# back, full-text search and JSON; then the whole database as text, and its own check.
[ "$SIZE" = quick ] && count=6000 || count=60000
awk -v count="$count" -f "$TORTURE/sqlite.awk" > random.sql
sqlite3 random.db < random.sql | sha256sum
sqlite3 random.db 'pragma integrity_check' .dump | sha256sum

# Writes random statements for sqlite.
function below(limit) { state = (state * 1103515245 + 12345) % 2147483648; return int(state / 8) % limit }
function text(length_, result, i) { for (i = 0; i < length_; i++) result = result sprintf("%c", 97 + below(26)); return result }
BEGIN {
    state = 7
    print "pragma journal_mode = memory; pragma synchronous = off; pragma cache_size = -2000;"
    for (t = 0; t < 6; t++) {
        printf "create table t%d (id integer primary key, a integer, b text, c real, d blob);\n", t
        printf "create index i%d on t%d (a, b);\n", t, t
    }
    print "create virtual table words using fts5(body);"
    print "begin;"
    for (i = 0; i < count; i++) {
        t = below(6)
        what = below(20)
        if (what < 9)
            printf "insert into t%d (a, b, c, d) values (%d, '%s', %d.5, zeroblob(%d));\n", t, below(1000), text(below(60)), below(9999), below(3000)
        else if (what < 11)
            printf "update t%d set b = b || '%s', a = a + 1 where a = %d;\n", t, text(10), below(1000)
        else if (what < 13)
            printf "delete from t%d where a = %d;\n", t, below(1000)
        else if (what < 15)
            printf "insert into words values ('%s %s %s');\n", text(4), text(3), text(2)
        else if (what == 15)
            printf "select count(*) from words where body match '%s*';\n", text(1)
        else if (what == 16)
            printf "select x.a, count(*), group_concat(substr(y.b, 1, 3), '') from t%d x join t%d y on x.a = y.a where x.a < %d group by x.a order by x.a limit 5;\n", t, below(6), below(40)
        else if (what == 17)
            printf "select json_group_array(json_object('a', a, 'b', b)) from (select a, b from t%d where a between %d and %d order by id);\n", t, i % 900, i % 900 + 3
        else if (what == 18 && i % 7 == 0)
            print "rollback; begin;"
        else if (i % 11 == 0)
            print "commit; begin;"
        else
            printf "with recursive n(v) as (select 1 union all select v + 1 from n where v < %d) select sum(v), max(hex(v)) from n;\n", below(200)
    }
    print "commit; vacuum; analyze;"
}

select (select sum(abalance) from pgbench_accounts) = (select sum(tbalance) from pgbench_tellers)
   and (select sum(tbalance) from pgbench_tellers) = (select sum(bbalance) from pgbench_branches);
select count(*), sum(aid) from pgbench_accounts;
create table words as select i as id, md5(i::text) as word, repeat(md5((i * 7)::text), i % 40) as long from generate_series(1, 60000) i;
create index on words (word);
create index on words using gin (to_tsvector('simple', word));
select count(*), sum(length(long)), md5(string_agg(word, ',' order by word)) from words;
select substr(word, 1, 2) as start, count(*), max(length(long)) from words group by 1 order by 1;
select count(*) from words a join words b on substr(a.word, 1, 4) = substr(b.word, 5, 4);
with recursive t(n, s) as (select 1, ''::text union all select n + 1, s || chr(97 + n % 26) from t where n < 3000) select md5(max(s)) from t;
select md5(json_agg(w order by id)::text) from words w where id < 5000;
do $$ begin for i in 1..2000 loop execute format('select %s + length(repeat(''x'', %s))', i, i); end loop; end $$;
update words set long = long || word where id % 3 = 0;
delete from words where id % 5 = 0;
vacuum full analyze words;
select count(*), sum(length(long)) from words;

-- A table of :rows rows, indexes, aggregates, a join, updates and deletes; all in memory.
CREATE TABLE sales (id INTEGER PRIMARY KEY, shop INTEGER, item TEXT, cents INTEGER, note TEXT);
WITH RECURSIVE counter(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM counter LIMIT :rows)
INSERT INTO sales
SELECT n, n * 7919 % 1009, printf('item-%05d', n * 104729 % 20011), n * 31337 % 99991,
       substr('the quick brown fox jumps over the lazy dog', 1 + n % 20, n * 13 % 24)
FROM counter;
CREATE INDEX sales_by_item ON sales (item, cents);

CREATE TABLE shops (shop INTEGER PRIMARY KEY, town TEXT);
INSERT INTO shops SELECT DISTINCT shop, printf('town-%d', shop % 37) FROM sales;

SELECT count(*), sum(cents), min(item), max(item), total(length(note)) FROM sales;
SELECT shop, count(*), sum(cents), avg(cents) FROM sales GROUP BY shop ORDER BY 3 DESC LIMIT 20;
SELECT town, count(*), sum(cents) FROM sales JOIN shops USING (shop) GROUP BY town ORDER BY town;

UPDATE sales SET cents = cents + 1 WHERE id % 10 = 0;
DELETE FROM sales WHERE shop % 5 = 0;
SELECT count(*), sum(cents) FROM sales;
SELECT item, sum(cents) AS total FROM sales GROUP BY item ORDER BY total DESC, item LIMIT 20;
PRAGMA quick_check;

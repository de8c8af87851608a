-- sqlite3 under load: rows, indexes, sorting, joins, updates, deletes; all in memory.
CREATE TABLE person (id INTEGER PRIMARY KEY, name TEXT, town TEXT, age INTEGER);
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 150000)
INSERT INTO person
SELECT i, printf('name-%d-%s', i * 7919 % 150001, hex(i * 104729)), printf('town-%d', i * 31 % 5000), i % 97
FROM n;
CREATE INDEX by_name ON person (name);
CREATE INDEX by_town ON person (town, age);
SELECT count(*), sum(length(name)) FROM person;
SELECT town, count(*), avg(age), max(name) FROM person GROUP BY town ORDER BY 3, town LIMIT 5;
SELECT count(*) FROM person AS a JOIN person AS b ON a.town = b.town AND a.age = b.age;
UPDATE person SET name = upper(name) || '-' || town WHERE age < 30;
DELETE FROM person WHERE id % 3 = 0;
SELECT group_concat(name, ',') IS NOT NULL FROM (SELECT name FROM person ORDER BY name DESC LIMIT 50000);
SELECT count(DISTINCT substr(name, 1, 8)) FROM person;

"""Builds and drops large structures in several threads; prints a digest of what each one saw.

Every object is a call of malloc: the demo sets PYTHONMALLOC=malloc. The numbers come from a
generator of each thread's own, so that the order in which threads run changes nothing.
"""

import hashlib
import json
import random
import re
import sys
import threading

THREADS = 4
# All threads are at their fullest at the same moment: the peak is the same in every run.
fullest = threading.Barrier(THREADS)


def make_records(numbers, count):
    """A list of dictionaries with strings, lists and tuples of many sizes."""
    records = []
    for index in range(count):
        name = "name-%08x" % numbers.getrandbits(32)
        records.append({
            "id": index,
            "name": name,
            "tags": [name[i:] for i in range(numbers.randrange(6))],
            "text": name * numbers.randrange(1, 12),
            "point": (numbers.random(), numbers.random()),
        })
    return records


def make_tree(depth):
    """A binary tree of nested lists."""
    return [depth] if depth == 0 else [make_tree(depth - 1), depth, make_tree(depth - 1)]


def sum_tree(tree):
    return tree[0] if len(tree) == 1 else sum_tree(tree[0]) + tree[1] + sum_tree(tree[2])


def one_round(numbers, count, digest):
    records = make_records(numbers, count)
    by_name = {record["name"]: record for record in records}
    for name in sorted(by_name)[::7]:
        del by_name[name]
    text = json.dumps(records, sort_keys=True)
    digest.update(text.encode())
    back = json.loads(text)
    back.sort(key=lambda record: record["name"], reverse=True)
    words = re.findall(r"name-([0-9a-f]{4})", text)
    groups = {}
    for word in words:
        groups.setdefault(word[:3], []).append(word)
    longest = max(groups.values(), key=len)
    digest.update(repr((back[0], len(by_name), len(words), len(longest))).encode())
    digest.update(str(sum_tree(make_tree(12))).encode())
    fullest.wait()


def work(seed, rounds, count, digests):
    numbers = random.Random(seed)
    digest = hashlib.sha256()
    for _ in range(rounds):
        one_round(numbers, count, digest)
    digests[seed] = digest.hexdigest()


def main():
    count = int(sys.argv[1])
    digests = [None] * THREADS
    threads = [threading.Thread(target=work, args=(seed, 3, count, digests))
               for seed in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for seed, digest in enumerate(digests):
        print(seed, digest)


main()

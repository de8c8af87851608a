"""python3 under load: objects, dictionaries, lists, strings, sorting, JSON; run it with
PYTHONMALLOC=malloc, so that every object is malloc's."""
import json


class Node:
    __slots__ = ("key", "left", "right")

    def __init__(self, key):
        self.key = key
        self.left = self.right = None


def insert(root, key):
    while True:
        side = "left" if key < root.key else "right"
        child = getattr(root, side)
        if child is None:
            setattr(root, side, Node(key))
            return
        root = child


def tree(count):
    state = 12345
    root = Node(1 << 30)
    for _ in range(count):
        state = (state * 1103515245 + 12345) % (1 << 31)
        insert(root, state)
    return root


def records(count):
    return [{"id": i, "name": f"name {i * 7919 % count}", "tags": [str(i), str(i * 2)],
             "size": i * 1.5} for i in range(count)]


for _ in range(2):
    root = tree(15000)
    rows = records(30000)
    rows.sort(key=lambda row: row["name"])
    text = json.dumps(rows)
    again = json.loads(text)
    assert again == rows
    words = {}
    for row in again:
        for word in row["name"].split():
            words.setdefault(word, []).append(row["id"])
    joined = "".join(sorted(words))
    del root, rows, text, again, words

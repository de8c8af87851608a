/* crossing: counts what passes from thread to thread. make bench-counts preloads it before the library.
 *
 *   crossed   objects that another thread freed than took them: each has to travel back
 *   shared    objects handed out on a cache line where an object of another thread lives: what one
 *             of them writes, the other's processor loses
 *
 *   program ──malloc──▶ crossing.so ──mempool_alloc──▶ libmempool.so
 *
 * One table under one lock knows who took each live object, and whose objects lie at the two ends of
 * each (the lines between are its own). That takes turns where the library would not, so only these
 * two counts are read from such a run, not times, nor who waited for whom. */
#include <errno.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "stage4_pagecache/mempool.h"

#define EXPORT __attribute__((visibility("default")))

enum { LINE_BYTES = 64, SLOT_BITS = 23, SLOTS = 1 << SLOT_BITS };

/* --- The table: by open addressing, linear probing --- */

struct entry {
    uintptr_t key;      /* an object's address, or a line's number with the top bit set; 0: free */
    uint32_t thread[2]; /* an object's has one; a line's a second one, for whoever else is there */
    uint32_t count[2];  /* of a line: how often objects of these begin or end there */
};

static struct entry slots[SLOTS]; /* pages that are not touched cost nothing */
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static size_t crossed;
static size_t shared;
static uint32_t last_thread;
static _Thread_local uint32_t this_thread;

static size_t home_of(uintptr_t key)
{
    return (size_t)(key * 0x9e3779b97f4a7c15u >> (64 - SLOT_BITS));
}

/* The entry of `key`, or the free one where it would be. */
static struct entry *find(uintptr_t key)
{
    size_t at = home_of(key);
    while (slots[at].key != 0 && slots[at].key != key)
        at = (at + 1) % SLOTS;
    return &slots[at];
}

/* Those behind a removed entry move up where they would no longer be found. */
static void remove_entry(struct entry *entry)
{
    size_t hole = (size_t)(entry - slots);
    for (size_t at = (hole + 1) % SLOTS; slots[at].key != 0; at = (at + 1) % SLOTS) {
        size_t home = home_of(slots[at].key);
        if ((at - home) % SLOTS < (at - hole) % SLOTS)
            continue;
        slots[hole] = slots[at];
        hole = at;
    }
    slots[hole].key = 0;
}

/* --- Objects --- */

static uintptr_t line_key(uintptr_t address)
{
    return address / LINE_BYTES | (uintptr_t)1 << 63;
}

/* The place of `thread` in a line: its own, an empty one, or the second, which a third thread has to
 * share. */
static unsigned place_in(const struct entry *line, uint32_t thread)
{
    for (unsigned i = 0; i < 2; i++)
        if (line->thread[i] == thread)
            return i;
    return line->count[0] == 0 ? 0 : 1;
}

/* One end of an object; returns whether another thread's object lies on that line. */
static bool add_line(uintptr_t address)
{
    struct entry *line = find(line_key(address));
    if (line->key == 0)
        *line = (struct entry){.key = line_key(address)};
    unsigned place = place_in(line, this_thread);
    line->thread[place] = this_thread;
    line->count[place]++;
    return line->count[1 - place] != 0;
}

static void remove_line(uintptr_t address, uint32_t thread)
{
    struct entry *line = find(line_key(address));
    if (line->key == 0)
        return;
    unsigned place = place_in(line, thread);
    if (line->count[place] != 0)
        line->count[place]--;
    if (line->count[0] + line->count[1] == 0)
        remove_entry(line);
}

static uintptr_t last_byte(uintptr_t address)
{
    return address + mempool_usable_size((void *)address) - 1;
}

static void *note_taken(void *object)
{
    if (object == NULL)
        return NULL;
    uintptr_t address = (uintptr_t)object;
    pthread_mutex_lock(&lock);
    if (this_thread == 0)
        this_thread = ++last_thread;
    *find(address) = (struct entry){.key = address, .thread = {this_thread}};
    bool first = add_line(address);
    bool last = add_line(last_byte(address));
    shared += first || last;
    pthread_mutex_unlock(&lock);
    return object;
}

static void note_given(void *object)
{
    if (object == NULL)
        return;
    pthread_mutex_lock(&lock);
    struct entry *entry = find((uintptr_t)object);
    if (entry->key != 0) {
        uint32_t taker = entry->thread[0];
        crossed += taker != this_thread;
        remove_entry(entry);
        remove_line((uintptr_t)object, taker);
        remove_line(last_byte((uintptr_t)object), taker);
    }
    pthread_mutex_unlock(&lock);
}

/* --- In malloc's place --- */

EXPORT void *malloc(size_t bytes)
{
    return note_taken(mempool_alloc(bytes));
}

EXPORT void *calloc(size_t count, size_t bytes)
{
    return note_taken(mempool_calloc(count, bytes));
}

EXPORT void free(void *object)
{
    note_given(object);
    mempool_free(object);
}

EXPORT void *realloc(void *object, size_t bytes)
{
    note_given(object);
    if (object != NULL && bytes == 0) {
        mempool_free(object);
        return NULL;
    }
    return note_taken(mempool_realloc(object, bytes));
}

EXPORT int posix_memalign(void **object, size_t alignment, size_t bytes)
{
    *object = note_taken(mempool_aligned_alloc(alignment, bytes));
    return *object == NULL ? errno : 0;
}

__attribute__((destructor)) static void print(void)
{
    dprintf(STDERR_FILENO, "crossing: %zu crossed, %zu shared\n", crossed, shared);
}

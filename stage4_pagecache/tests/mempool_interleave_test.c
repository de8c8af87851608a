/* The whole pool under chosen interleavings: objects that one thread takes and another frees or
 * resizes, through all layers. */
#include "common/testing/interleave/interleave.h"
#include "common/testing/os_memory_standin.h"
#include "common/testing/property/property.h"
#include "common/testing/property/shadow.h"
#include "stage4_pagecache/mempool.h"
#include "stage4_pagecache/tests/objects.h"

enum { THREADS = 3, SMALL_BYTES = 36 * KIB, LARGE_BYTES = 300 * KIB };

static struct shadow shadow;
static struct {
    char *object;
    size_t bytes;
} table[THREADS];

static char *take_noted(size_t bytes)
{
    char *object = objects_take(bytes);
    PROPERTY_CHECK(shadow_add(&shadow, object, bytes, 16));
    return object;
}

static void give_noted(char *object)
{
    PROPERTY_CHECK(shadow_remove(&shadow, object));
    mempool_free(object);
}

/* The next thread frees what this one took, if it is there by then. */
static void exchange(unsigned index, void *unused)
{
    (void)unused;
    size_t bytes = index == 0 ? LARGE_BYTES : SMALL_BYTES;
    table[index].object = take_noted(bytes);
    table[index].bytes = bytes;
    give_noted(take_noted(SMALL_BYTES));
    char *object = table[(index + 1) % THREADS].object;
    table[(index + 1) % THREADS].object = NULL;
    if (object != NULL)
        give_noted(object);
}

TEST(mempool_interleave, frees_what_others_took, .points = 0, .invariant = "I4", .section = "4.7",
     .hint = "Which layer handed out what the shadow complains about?")
{
    test_run_threads(THREADS, exchange, NULL);
    for (size_t i = 0; i < THREADS; i++)
        if (table[i].object != NULL)
            give_noted(table[i].object);
    CHECK_EQUAL(shadow.count, 0, "live objects");
}

static void resize_or_purge(unsigned index, void *unused)
{
    (void)unused;
    if (index == 0) {
        (void)mempool_purge();
        return;
    }
    char *object = objects_take(LARGE_BYTES);
    objects_mark(object, LARGE_BYTES, index);
    char *moved = mempool_realloc(object, 2 * (size_t)LARGE_BYTES);
    CHECK(moved != NULL, "mempool_realloc: got NULL");
    objects_check(moved, LARGE_BYTES, LARGE_BYTES, index);
    PROPERTY_CHECK(shadow_add(&shadow, moved, 2 * (size_t)LARGE_BYTES, 16));
    give_noted(moved);
}

TEST(mempool_interleave, resizes_while_another_purges, .points = 0, .invariant = "I7",
     .section = "4.9",
     .hint = "An object that grows in place must not grow into pages that are "
             "being purged.")
{
    mempool_free(objects_take(4 * MIB));
    test_run_threads(THREADS, resize_or_purge, NULL);
    CHECK_EQUAL(shadow.count, 0, "live objects");
}

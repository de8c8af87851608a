/* Every call of the pool in random order, on objects of all sizes, each filled with its own pattern: a shadow
 * knows what must be in it. */
#include <stdint.h>

#include "common/testing/os_memory_standin.h"
#include "common/testing/test.h"
#include "stage4_pagecache/mempool.h"
#include "stage4_pagecache/tests/objects.h"

enum { PLACES = 150 };

/* A shadow of the pool: what is live. */
static struct {
    char *start;
    size_t bytes;
} live[PLACES];

static char *zeroed_if_any(char *object, size_t bytes)
{
    if (object != NULL)
        objects_check_zero(object, bytes);
    return object;
}

static char *take_somehow(struct test_random *random, size_t bytes)
{
    switch (test_random_below(random, 4)) {
    case 0:
        return zeroed_if_any(mempool_calloc(1, bytes), bytes);
    case 1:
        return mempool_aligned_alloc((size_t)8 << test_random_below(random, 14), bytes);
    case 2:
        return mempool_realloc(NULL, bytes);
    default:
        return mempool_alloc(bytes);
    }
}

/* Where memory failed, the object is as it was. */
static void resize(size_t place, size_t bytes)
{
    size_t old_bytes = live[place].bytes;
    char *moved = mempool_realloc(live[place].start, bytes);
    if (moved != NULL) {
        live[place].start = moved;
        live[place].bytes = bytes;
    }
    size_t kept = live[place].bytes < old_bytes ? live[place].bytes : old_bytes;
    objects_check(live[place].start, old_bytes, kept, place);
}

static void give_back(size_t place)
{
    size_t bytes = live[place].bytes;
    size_t usable = mempool_usable_size(live[place].start);
    CHECK(usable >= bytes, "usable size: expected at least %zu, got %zu", bytes, usable);
    objects_check(live[place].start, bytes, bytes, place);
    mempool_free(live[place].start);
    live[place].start = NULL;
}

static void work_somehow(struct test_random *random)
{
    size_t place = test_random_below(random, PLACES);
    size_t bytes = test_random_below(random, (size_t)16 << test_random_below(random, 17));
    if (live[place].start == NULL) {
        live[place].start = take_somehow(random, bytes);
        live[place].bytes = bytes;
    } else if (test_random_below(random, 3) == 0) {
        resize(place, bytes);
    } else {
        give_back(place);
    }
    if (live[place].start != NULL)
        objects_mark(live[place].start, live[place].bytes, place);
}

static void work_for(size_t steps, size_t stream)
{
    struct test_random random = test_random_start(stream);
    if (test_is_slowed())
        steps /= 4;
    for (size_t step = 0; step < steps; step++) {
        if (step % 500 == 0)
            CHECK_EQUAL(mempool_check(), 0, "mempool_check");
        if (step % 1500 == 0)
            mempool_purge();
        os_standin_fail_map(step % 7);
        work_somehow(&random);
    }
    os_standin_fail_map(0);
    for (size_t place = 0; place < PLACES; place++)
        if (live[place].start != NULL)
            give_back(place);
    objects_check_none_lost();
}

TEST(
    mempool_memory, survives_random_work_of_all_kinds, .points = 1, .invariant = "I4",
    .section = "4.9", .needs = "mempool_objects/keep_their_contents_over_random_work",
    .hint = "Which kind of call was the last one before this? Try it alone, in a test of your own.")
{
    work_for(8000, 5);
}

TEST(mempool_memory, survives_random_work_while_everything_is_checked, .points = 1,
     .invariant = "I1", .section = "4.9",
     .needs = "mempool_objects/keep_their_contents_over_random_work",
     .hint = "An object is poisoned when it is freed, and never while the program has it.")
{
    mempool_set_checking(true);
    work_for(6000, 6);
}

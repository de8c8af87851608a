/* What holds for every sequence of calls of the whole pool, found by random calls on one thread or on
 * three, never two at a time. A slot is a place for an object. */
#include <errno.h>

#include "common/testing/os_memory_standin.h"
#include "common/testing/property/property.h"
#include "common/testing/property/shadow.h"
#include "stage4_pagecache/mempool.h"
#include "stage4_pagecache/tests/objects.h"

enum { SLOTS = 120, MOST_SHIFT = 16 };

static struct {
    char *object;
    size_t bytes;     /* that were asked for last */
    size_t alignment; /* 0 where none was asked for */
} slots[SLOTS];

static struct shadow shadow;
static size_t largest_bytes;

static size_t failed_maps(void)
{
    struct os_memory_stats stats;
    os_memory_stats(&stats);
    return stats.failed_calls;
}

static size_t maps(void)
{
    struct os_memory_stats stats;
    os_memory_stats(&stats);
    return stats.map_calls + stats.failed_calls;
}

/* --- Handing out --- */

/* Returns whether there is an object; where not, a map must have failed. */
static bool is_object(const void *object, size_t failed_before)
{
    property_result("%p", object);
    if (object != NULL)
        return true;
    CHECK(failed_maps() > failed_before, "got NULL though no map failed");
    CHECK_EQUAL(errno, ENOMEM, "errno after a call that failed");
    return false;
}

static size_t least_alignment(size_t bytes, size_t alignment)
{
    size_t by_size = bytes <= 8 ? 8 : 16;
    return alignment > by_size ? alignment : by_size;
}

static size_t usable(char *object, size_t bytes)
{
    size_t usable_bytes = mempool_usable_size(object);
    CHECK(usable_bytes >= bytes, "%zu bytes were asked for, but only %zu may be used", bytes,
          usable_bytes);
    return usable_bytes;
}

static void keep(size_t slot, char *object, size_t bytes, size_t alignment)
{
    PROPERTY_CHECK(
        shadow_add(&shadow, object, usable(object, bytes), least_alignment(bytes, alignment)));
    slots[slot].object = object;
    slots[slot].bytes = bytes;
    slots[slot].alignment = alignment;
    if (bytes > largest_bytes && alignment <= 16)
        largest_bytes = bytes;
}

static void skip_unless_empty(size_t slot)
{
    if (slots[slot].object != NULL)
        property_skip();
    errno = 0;
}

static void run_alloc(const uint64_t *arguments)
{
    skip_unless_empty(arguments[0]);
    size_t failed_before = failed_maps();
    char *object = mempool_alloc(arguments[1]);
    if (is_object(object, failed_before))
        keep(arguments[0], object, arguments[1], 0);
}

static void run_calloc(const uint64_t *arguments)
{
    skip_unless_empty(arguments[0]);
    size_t failed_before = failed_maps();
    size_t count = arguments[2] + 1;
    char *object = mempool_calloc(count, arguments[1] / count);
    if (!is_object(object, failed_before))
        return;
    objects_check_zero(object, arguments[1] / count * count);
    keep(arguments[0], object, arguments[1] / count * count, 0);
}

static void run_aligned_alloc(const uint64_t *arguments)
{
    skip_unless_empty(arguments[0]);
    size_t failed_before = failed_maps();
    size_t alignment = (size_t)1 << arguments[2];
    char *object = mempool_aligned_alloc(alignment, arguments[1]);
    if (is_object(object, failed_before))
        keep(arguments[0], object, arguments[1], alignment);
}

/* --- Changing and taking back --- */

static void run_realloc(const uint64_t *arguments)
{
    size_t slot = arguments[0];
    char *old = slots[slot].object;
    if (old == NULL)
        property_skip();
    size_t failed_before = failed_maps();
    errno = 0;
    char *object = mempool_realloc(old, arguments[1]);
    if (!is_object(object, failed_before)) {
        PROPERTY_CHECK(shadow_check(&shadow)); /* the old object is as it was */
        return;
    }
    size_t kept = slots[slot].bytes < arguments[1] ? slots[slot].bytes : arguments[1];
    PROPERTY_CHECK(shadow_resize(&shadow, old, kept, object, usable(object, arguments[1]),
                                 least_alignment(arguments[1], 0)));
    slots[slot].object = object;
    slots[slot].bytes = arguments[1];
    slots[slot].alignment = 0;
    if (arguments[1] > largest_bytes)
        largest_bytes = arguments[1];
}

static void give_back(size_t slot, bool is_sized)
{
    char *object = slots[slot].object;
    slots[slot].object = NULL;
    PROPERTY_CHECK(shadow_remove(&shadow, object));
    errno = 4242;
    if (is_sized)
        mempool_free_sized(object, slots[slot].bytes, slots[slot].alignment);
    else
        mempool_free(object);
    CHECK_EQUAL(errno, 4242, "errno after a free");
}

static void run_free(const uint64_t *arguments)
{
    if (slots[arguments[0]].object == NULL)
        property_skip();
    give_back(arguments[0], false);
    property_result("freed");
}

static void run_free_sized(const uint64_t *arguments)
{
    if (slots[arguments[0]].object == NULL)
        property_skip();
    give_back(arguments[0], true);
    property_result("freed");
}

static void run_purge(const uint64_t *arguments)
{
    (void)arguments;
    property_result("%zu bytes", mempool_purge());
    PROPERTY_CHECK(shadow_check(&shadow));
}

static void run_pass_time(const uint64_t *arguments)
{
    os_standin_pass_time((unsigned)arguments[0]);
    property_result("passed");
}

/* The engine ends the thread after it. */
static void run_end(const uint64_t *arguments)
{
    (void)arguments;
    if (property_thread() == 0)
        property_skip();
    property_result("ended");
}

/* --- The properties --- */

static uint64_t draw_bytes(struct test_random *random)
{
    static const uint64_t limits[] = {40, 1100, 40 * KIB, 300 * KIB, 2 * MIB};
    static const unsigned places[] = {0, 0, 0, 1, 1, 1, 2, 2, 3, 4};
    return test_random_below(random, limits[places[test_random_below(random, 10)]]);
}

static const struct property_operation operations[] = {
    {"alloc", 12, {{"slot", SLOTS, NULL}, {"bytes", 0, draw_bytes}}, run_alloc, false},
    {"calloc",
     4,
     {{"slot", SLOTS, NULL}, {"bytes", 0, draw_bytes}, {"parts", 20, NULL}},
     run_calloc,
     false},
    {"aligned-alloc",
     3,
     {{"slot", SLOTS, NULL}, {"bytes", 0, draw_bytes}, {"shift", MOST_SHIFT, NULL}},
     run_aligned_alloc,
     false},
    {"realloc", 8, {{"slot", SLOTS, NULL}, {"bytes", 0, draw_bytes}}, run_realloc, false},
    {"free", 8, {{"slot", SLOTS, NULL}}, run_free, false},
    {"free-sized", 4, {{"slot", SLOTS, NULL}}, run_free_sized, false},
    {"purge", 1, {{NULL, 0, NULL}}, run_purge, false},
    {"pass-time", 1, {{"ms", 4000, NULL}}, run_pass_time, false},
    {"end", 1, {{NULL, 0, NULL}}, run_end, true},
};

/* Conservation: with all free and flushed, the largest object that there ever was fits into what is
 * mapped already. */
static void give_all_back(void)
{
    os_standin_fail_map(0);
    for (size_t slot = 0; slot < SLOTS; slot++)
        if (slots[slot].object != NULL)
            give_back(slot, slot % 2 == 0);
    CHECK_EQUAL(shadow.count, 0, "live objects");
    (void)mempool_purge();
    mempool_free(objects_take(largest_bytes));
    (void)mempool_purge();
    struct os_memory_stats before;
    struct os_memory_stats after;
    os_memory_stats(&before);
    mempool_free(objects_take(largest_bytes));
    os_memory_stats(&after);
    CHECK_EQUAL(after.map_calls, before.map_calls,
                "maps for an object that fitted before, with all objects free");
}

static const struct property on_one_thread = {
    .operations = operations,
    .operation_count = sizeof operations / sizeof *operations,
    .sequences = 30,
    .calls = 300,
    .finish = give_all_back,
    .fail_below = os_standin_fail_map,
    .calls_below = maps,
};

static const struct property on_three_threads = {
    .operations = operations,
    .operation_count = sizeof operations / sizeof *operations,
    .sequences = 30,
    .calls = 300,
    .thread_count = 3,
    .finish = give_all_back,
};

TEST(mempool_property, keeps_its_promises_whatever_the_calls, .points = 1, .invariant = "I4",
     .section = "4.9",
     .hint = "Replay the script in gdb. Which span does the object lie in, and what did the page "
             "map say of it when it went back?")
{
    property_check(&on_one_thread);
}

TEST(mempool_property, loses_nothing_wherever_a_map_fails, .points = 1, .invariant = "I4",
     .section = "4.9",
     .hint = "NULL with errno = ENOMEM, all else as it was before; what was allocated on the way "
             "goes back.")
{
    property_check_failures(&on_one_thread, 3);
}

TEST(mempool_property, keeps_its_promises_on_several_threads, .points = 0, .invariant = "I4",
     .section = "4.9", .needs = "mempool_objects/keep_their_contents_over_random_work",
     .threads = true,
     .hint = "The calls are made one at a time, so this is no race. An object may be freed or "
             "resized by any thread, also after the one that took it has ended.")
{
    property_check(&on_three_threads);
}

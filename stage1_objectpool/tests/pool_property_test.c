/* What holds for every sequence of calls of the object pool, found by random calls.
 *
 * Three pools of different sizes and alignments at a time, since two pools share nothing. A slot is
 * a place for an object, of whichever pool. */
#include <errno.h>
#include <string.h>

#include "common/os_memory.h"
#include "common/testing/os_memory_standin.h"
#include "common/testing/property/property.h"
#include "common/testing/property/shadow.h"
#include "stage1_objectpool/object_pool.h"

enum { POOLS = 3, SLOTS = 60 };

static struct {
    struct object_pool pool;
    size_t object_bytes;
    size_t alignment;
    size_t live_count;
    bool is_ready;
} pools[POOLS];

static struct {
    void *object; /* NULL: empty */
    size_t pool;
} slots[SLOTS];
static struct shadow shadow;

static struct os_memory_stats below(void)
{
    struct os_memory_stats stats;
    os_memory_stats(&stats);
    return stats;
}

static void make_ready(size_t i, size_t object_bytes, size_t alignment)
{
    CHECK(object_pool_init(&pools[i].pool, object_bytes, alignment),
          "object_pool_init(%zu bytes, alignment %zu): got false", object_bytes, alignment);
    pools[i].object_bytes = object_bytes;
    pools[i].alignment = alignment;
    pools[i].is_ready = true;
}

/* --- The operations --- */

static uint64_t draw_bytes(struct test_random *random)
{
    static const uint64_t limits[] = {8, 64, 1000, 20000, OBJECT_POOL_MAX_OBJECT_BYTES};
    return 1 + test_random_below(random, limits[test_random_below(random, 5)]);
}

static void run_init(const uint64_t *arguments)
{
    size_t i = arguments[0];
    if (pools[i].is_ready || arguments[1] == 0)
        property_skip();
    make_ready(i, arguments[1], (size_t)1 << arguments[2]);
    property_result("ready");
}

static void check_count(size_t i)
{
    CHECK_EQUAL(object_pool_live_count(&pools[i].pool), pools[i].live_count,
                "live objects, which is I1");
}

/* The chunk that comes with it holds at least one object: one map at most, none while one is free. */
static void run_alloc(const uint64_t *arguments)
{
    size_t i = arguments[0];
    if (!pools[i].is_ready || slots[arguments[1]].object != NULL)
        property_skip();
    struct os_memory_stats before = below();
    errno = 0;
    void *object = object_pool_alloc(&pools[i].pool);
    property_result("%p", object);
    if (object == NULL) {
        CHECK(below().failed_calls == before.failed_calls + 1,
              "object_pool_alloc returned NULL though no map failed");
        CHECK_EQUAL(errno, ENOMEM, "errno after an alloc that failed");
    } else {
        CHECK(below().failed_calls == before.failed_calls,
              "os_memory_map failed, but object_pool_alloc returned %p", object);
        CHECK(os_standin_covers(object, pools[i].object_bytes),
              "the object %p of %zu bytes does not lie whole inside a chunk", object,
              pools[i].object_bytes);
        PROPERTY_CHECK(shadow_add(&shadow, object, pools[i].object_bytes, pools[i].alignment));
        slots[arguments[1]].object = object;
        slots[arguments[1]].pool = i;
        pools[i].live_count++;
    }
    check_count(i);
}

static void run_free(const uint64_t *arguments)
{
    void *object = slots[arguments[0]].object;
    size_t i = slots[arguments[0]].pool;
    if (object == NULL)
        property_skip();
    PROPERTY_CHECK(shadow_remove(&shadow, object));
    errno = 4242;
    object_pool_free(&pools[i].pool, object);
    property_result("freed");
    CHECK_EQUAL(errno, 4242, "errno after a free");
    slots[arguments[0]].object = NULL;
    pools[i].live_count--;
    check_count(i);
}

static void run_destroy(const uint64_t *arguments)
{
    size_t i = arguments[0];
    if (!pools[i].is_ready)
        property_skip();
    for (size_t slot = 0; slot < SLOTS; slot++) {
        if (slots[slot].object == NULL || slots[slot].pool != i)
            continue;
        PROPERTY_CHECK(shadow_remove(&shadow, slots[slot].object));
        slots[slot].object = NULL;
    }
    object_pool_destroy(&pools[i].pool);
    property_result("destroyed");
    pools[i].live_count = 0;
    check_count(i);
}

static const struct property_operation operations[] = {
    {"init",
     1,
     {{"pool", POOLS, NULL}, {"bytes", 0, draw_bytes}, {"shift", 14, NULL}},
     run_init,
     false},
    {"alloc", 40, {{"pool", POOLS, NULL}, {"slot", SLOTS, NULL}}, run_alloc, false},
    {"free", 28, {{"slot", SLOTS, NULL}}, run_free, false},
    {"destroy", 1, {{"pool", POOLS, NULL}}, run_destroy, false},
};

/* Conservation: what came from below is chunks of live pools; with all destroyed, nothing is left. */
static void give_all_back(void)
{
    PROPERTY_CHECK(shadow_check(&shadow));
    CHECK_EQUAL(below().mapped_bytes, os_standin_live_regions() * OBJECT_POOL_CHUNK_BYTES,
                "bytes mapped, all in chunks");
    for (size_t i = 0; i < POOLS; i++)
        if (pools[i].is_ready)
            object_pool_destroy(&pools[i].pool);
    CHECK_EQUAL(os_standin_live_regions(), 0, "regions mapped after all pools were destroyed");
}

static size_t maps(void)
{
    return below().map_calls + below().failed_calls;
}

/* One pool of a common size from the start, so that short scripts need no init. */
static void start(void)
{
    make_ready(0, 48, 16);
}

static const struct property property = {
    .operations = operations,
    .operation_count = sizeof operations / sizeof *operations,
    .sequences = 60,
    .calls = 300,
    .start = start,
    .finish = give_all_back,
    .fail_below = os_standin_fail_map,
    .calls_below = maps,
};

TEST(object_pool_property, keeps_objects_apart_whatever_the_calls, .points = 6, .invariant = "I2",
     .section = "1.4", .needs = "object_pool/hands_out_an_object",
     .hint = "Replay the script in gdb. Which call hands out memory that somebody has already?")
{
    property_check(&property);
}

TEST(object_pool_property, loses_nothing_wherever_a_map_fails, .points = 4, .invariant = "I4",
     .section = "1.4", .needs = "object_pool/hands_out_an_object",
     .hint = "When os_memory_map returns NULL the pool must be exactly as it was before the call.")
{
    property_check_failures(&property, 3);
}

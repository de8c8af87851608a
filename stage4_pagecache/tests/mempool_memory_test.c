/* The pool and the operating system: memory that fails, is given back, and stays bounded; and what
 * the statistics say about it. */
#include <errno.h>
#include <stdint.h>

#include "common/testing/os_memory_standin.h"
#include "common/testing/test.h"
#include "stage4_pagecache/mempool.h"
#include "stage4_pagecache/page_map.h"
#include "stage4_pagecache/tests/objects.h"

/* --- A set of live objects of all magnitudes from 16 bytes to 512 KiB: 10 MiB --- */

enum { SET_LENGTH = 160 };

struct set {
    char *objects[SET_LENGTH];
};

static size_t bytes_of(size_t place)
{
    return ((size_t)16 << place % 16) - place % 13;
}

/* An object that cannot be had is left out: then errno must say so. */
static void take_set(struct set *set)
{
    for (size_t i = 0; i < SET_LENGTH; i++) {
        errno = 0;
        set->objects[i] = mempool_alloc(bytes_of(i));
        if (set->objects[i] == NULL)
            CHECK_EQUAL(errno, ENOMEM, "errno where mempool_alloc returned NULL");
        else
            objects_mark(set->objects[i], bytes_of(i), i);
    }
}

/* Not in the order in which they were taken: 7 and the length have no common divisor. */
static void free_set(struct set *set)
{
    for (size_t step = 0; step < SET_LENGTH; step++) {
        size_t place = step * 7 % SET_LENGTH;
        if (set->objects[place] != NULL)
            objects_check(set->objects[place], bytes_of(place), bytes_of(place), place);
        mempool_free(set->objects[place]);
        set->objects[place] = NULL;
    }
}

/* --- Memory that fails --- */

/* A fresh pool's first object needs a region, records and a page map leaf. What was mapped before a
 * map failed is kept for the next call, or given back: so each of them comes to be the one that fails. */
static void fail_at_every_step_of_the_first_call(void)
{
    for (size_t call = 0; call < 16; call++) {
        os_standin_fail_map(2 + call / 4);
        errno = 0;
        void *object = mempool_alloc(100);
        if (object == NULL)
            CHECK_EQUAL(errno, ENOMEM, "errno where mempool_alloc returned NULL");
        mempool_free(object);
        CHECK_EQUAL(mempool_check(), 0, "mempool_check");
    }
    os_standin_fail_map(0);
}

TEST(mempool_memory, may_fail_at_every_step, .points = 0, .invariant = "I4", .section = "4.9",
     .hint =
         "A call that fails returns NULL and changes nothing: what is live stays, and no page or "
         "record is lost.")
{
    enum { ROUNDS = 8 };
    static struct set sets[ROUNDS]; /* all live: each round needs new regions */
    fail_at_every_step_of_the_first_call();
    for (size_t round = 0; round < ROUNDS; round++) {
        os_standin_fail_map(round + 1);
        take_set(&sets[round]);
        os_standin_fail_map(0);
        CHECK_EQUAL(mempool_check(), 0, "mempool_check while objects are live");
        mempool_free(objects_take(3 * MIB));
    }
    for (size_t round = 0; round < ROUNDS; round++)
        free_set(&sets[round]);
    objects_check_none_lost();
}

/* --- Memory that is given back --- */

/* With everything freed in each round, the same work needs no more memory than before. */
static void work_in_rounds(void)
{
    static struct set set;
    size_t mapped_at_first = 0;
    for (int round = 0; round < 30; round++) {
        struct os_memory_stats stats;
        take_set(&set);
        free_set(&set);
        if (round % 10 == 9)
            mempool_purge();
        os_memory_stats(&stats);
        if (round == 4)
            mapped_at_first = stats.mapped_bytes;
        if (round > 4)
            CHECK_AT_MOST(stats.mapped_bytes, mapped_at_first + 4 * MIB, "bytes mapped");
    }
}

TEST(mempool_memory, is_used_again_and_given_back, .points = 1, .invariant = "I7", .section = "4.9",
     .hint = "From the top down: the thread's cache, the central cache, the page cache.")
{
    static struct set sets[3];
    struct os_memory_stats before;
    struct os_memory_stats after;
    os_memory_stats(&before);
    for (size_t i = 0; i < 3; i++)
        take_set(&sets[i]);
    for (size_t i = 0; i < 3; i++)
        free_set(&sets[i]);
    struct os_memory_stats freed;
    os_memory_stats(&freed);
    size_t returned = mempool_purge();
    os_memory_stats(&after);
    CHECK_AT_MOST(returned, after.purged_bytes - freed.purged_bytes, "bytes purged, as returned");
    CHECK(after.purged_bytes - before.purged_bytes >= 24 * MIB,
          "30 MiB were in use, all are free: expected at least 24 MiB given back, got %zu bytes",
          after.purged_bytes - before.purged_bytes);
    CHECK_EQUAL(mempool_purge(), 0, "bytes given back by a second mempool_purge");
    work_in_rounds();
    objects_check_none_lost();
}

/* --- Statistics --- */

static size_t set_bytes(size_t from, size_t to)
{
    size_t sum = 0;
    for (size_t i = 0; i < SET_LENGTH; i++)
        if (bytes_of(i) >= from && bytes_of(i) < to)
            sum += bytes_of(i);
    return sum;
}

/* More than a thread may hold comes back: whole batches, which the central cache keeps. */
static void make_batches_ready(void)
{
    enum { COUNT = 100 };
    char *objects[COUNT];
    for (size_t i = 0; i < COUNT; i++)
        objects[i] = objects_take(5000);
    for (size_t i = 0; i < COUNT; i++)
        mempool_free(objects[i]);
}

static void check_calls(const struct mempool_stats *stats, const struct os_memory_stats *os)
{
    CHECK_EQUAL(stats->os_maps, os->map_calls, "os_maps");
    CHECK_EQUAL(stats->os_purges, os->purge_calls, "os_purges");
    CHECK_EQUAL(stats->purged_bytes, os->purged_bytes, "purged_bytes");
    CHECK(stats->page_grows >= 1 && stats->page_grows < stats->os_maps,
          "page_grows: expected 1 to %zu, got %zu", stats->os_maps, stats->page_grows);
    CHECK(stats->thread_fetches >= 1 && stats->thread_fetches <= stats->central_fetches,
          "thread_fetches: expected 1 to %zu, got %zu", stats->central_fetches,
          stats->thread_fetches);
    CHECK(stats->thread_releases >= 1 && stats->thread_releases <= stats->central_releases,
          "thread_releases: expected 1 to %zu, got %zu", stats->central_releases,
          stats->thread_releases);
    CHECK(stats->page_allocs > stats->page_frees, "page_allocs %zu, page_frees %zu",
          stats->page_allocs, stats->page_frees);
    CHECK(stats->lock_acquisitions >= stats->central_fetches, "lock_acquisitions: got %zu",
          stats->lock_acquisitions);
    CHECK_EQUAL(stats->threads, 1, "threads");
    CHECK_EQUAL(stats->foreign_frees, 0, "foreign_frees");
}

TEST(mempool_memory, is_all_accounted_for, .points = 1, .invariant = "I4", .section = "4.9",
     .hint = "Each byte mapped is in one place: records, large, handed out, ready, spans, pages.")
{
    static struct set set;
    struct mempool_stats stats;
    struct os_memory_stats os;
    take_set(&set);
    make_batches_ready();
    mempool_stats(&stats);
    os_memory_stats(&os);
    CHECK_EQUAL(stats.mapped_bytes, os.mapped_bytes, "mapped_bytes");
    CHECK_EQUAL(stats.metadata_bytes + stats.handed_bytes + stats.large_bytes + stats.ready_bytes +
                    stats.span_free_bytes + stats.page_free_bytes,
                stats.mapped_bytes, "the sum of all places");
    size_t small = set_bytes(0, 256 * KIB + 1);
    size_t large = set_bytes(256 * KIB + 1, SIZE_MAX);
    CHECK(stats.handed_bytes - stats.thread_bytes >= small,
          "handed_bytes %zu - thread_bytes %zu: expected at least the %zu bytes of small objects",
          stats.handed_bytes, stats.thread_bytes, small);
    CHECK(stats.large_bytes >= large && stats.large_bytes <= large + SET_LENGTH * PAGE_BYTES,
          "large_bytes: expected %zu and up to a page more for each, got %zu", large,
          stats.large_bytes);
    check_calls(&stats, &os);
    free_set(&set);
    objects_check_none_lost();
}

/* The first page of a free span is made to map to nothing, behind the page cache's back. */
TEST(mempool_memory, is_reported_where_it_is_damaged, .points = 0, .invariant = "I2",
     .section = "4.9", .hint = "mempool_check asks every layer, and adds 100 for each stage.")
{
    char *objects[3];
    for (size_t i = 0; i < 3; i++)
        objects[i] = objects_take(MIB / 2);
    mempool_free(objects[1]);
    CHECK_EQUAL(mempool_check(), 0, "mempool_check");
    page_map_set(page_of(objects[1]), 1, NULL, 0);
    CHECK_EQUAL(mempool_check(), 402, "mempool_check, where I2 of stage 4 is broken");
}

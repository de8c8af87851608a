/* The stand-in of os_memory: what the tests of all stages rely on. */
#include <errno.h>
#include <stdint.h>
#include <string.h>

#include "common/lock.h"
#include "common/testing/os_memory_standin.h"
#include "common/testing/test.h"

TEST(os_standin, maps_zeroed_regions_and_counts_them, .invariant = "-", .section = "common",
     .hint = "-")
{
    unsigned char *region = os_memory_map(100000, PAGE_BYTES);
    CHECK(region != NULL && (uintptr_t)region % PAGE_BYTES == 0, "got %p", (void *)region);
    for (size_t i = 0; i < 100000; i++)
        CHECK(region[i] == 0, "byte %zu is not zero", i);
    CHECK_EQUAL(os_standin_live_regions(), 1, "live regions");
    CHECK(os_standin_covers(region + 5, 99995), "the region covers its own bytes");
    CHECK(!os_standin_covers(region + 5, 200000), "the region does not reach so far");
    os_memory_unmap(region, 100000);
    CHECK_EQUAL(os_standin_live_regions(), 0, "live regions");
    CHECK_EQUAL(os_standin_peak_bytes(), 102400, "peak bytes");
}

TEST(os_standin, fails_the_call_it_is_told_to, .invariant = "-", .section = "common", .hint = "-")
{
    os_standin_fail_map(2);
    CHECK(os_memory_map(4096, 1) != NULL, "the first map must work");
    errno = 0;
    CHECK(os_memory_map(4096, 1) == NULL && errno == ENOMEM, "the second must fail with ENOMEM");
    CHECK(os_memory_map(4096, 1) != NULL, "the third must work");
    os_standin_fail_all_maps(true);
    CHECK(os_memory_map(4096, 1) == NULL, "all must fail now");
}

TEST(os_standin, counts_and_fails_guarded_regions_as_others, .invariant = "-", .section = "common",
     .hint = "-")
{
    os_standin_fail_map(2);
    unsigned char *region = os_memory_map_guarded(100000);
    CHECK(region != NULL && (uintptr_t)region % PAGE_BYTES == 0, "got %p", (void *)region);
    errno = 0;
    CHECK(os_memory_map_guarded(4096) == NULL && errno == ENOMEM, "the second must fail");
    CHECK(os_standin_covers(region, 102400) && region[0] == 0, "the region is there, and zeroed");
    os_memory_unmap_guarded(region, 100000);
    CHECK_EQUAL(os_standin_live_regions(), 0, "live regions");
    CHECK_EQUAL(os_standin_peak_bytes(), 102400, "peak bytes");
}

static void check_refuses(void (*unmap)(void *start, size_t bytes), void *region)
{
    char message[300] = "";
    pid_t child = test_fork();
    if (child == 0) {
        unmap(region, 4096);
        test_pass();
    }
    CHECK(test_join_child(child, message, sizeof message) == TEST_FAILED &&
              strstr(message, "each map has its own unmap") != NULL,
          "the other unmap was not refused: %s", message);
}

TEST(os_standin, refuses_the_unmap_of_the_other_map, .invariant = "-", .section = "common",
     .hint = "-")
{
    check_refuses(os_memory_unmap, os_memory_map_guarded(4096));
    check_refuses(os_memory_unmap_guarded, os_memory_map(4096, PAGE_BYTES));
}

TEST(os_standin, gives_addresses_no_better_aligned_than_asked, .invariant = "-",
     .section = "common", .hint = "-")
{
    os_standin_give_odd_addresses(true);
    for (size_t alignment = 4096; alignment <= (size_t)1 << 20; alignment *= 2) {
        void *region = os_memory_map(8192, alignment);
        CHECK((uintptr_t)region % alignment == 0 && (uintptr_t)region % (2 * alignment) != 0,
              "alignment %zu: got %p", alignment, region);
        os_memory_unmap(region, 8192);
    }
}

TEST(os_standin, places_regions_downwards, .invariant = "-", .section = "common", .hint = "-")
{
    enum { BYTES = 1024 * 1024 };
    os_standin_map_downwards(4 * BYTES);
    char *first = os_memory_map(BYTES, PAGE_BYTES);
    CHECK(os_memory_map(4096, PAGE_BYTES) != NULL, "small regions lie elsewhere");
    char *second = os_memory_map(2 * BYTES, PAGE_BYTES);
    CHECK(second + 2 * BYTES == first, "%p is not right below %p", second, first);
    CHECK(os_memory_map(BYTES, PAGE_BYTES) != NULL, "what does not fit lies elsewhere");
    os_memory_unmap(first, BYTES);
    CHECK(os_standin_covers(second, 2 * BYTES) && !os_standin_covers(first, 1),
          "only the first region went");
}

TEST(os_standin, purges_to_zero, .invariant = "-", .section = "common", .hint = "-")
{
    unsigned char *region = os_memory_map(4 * PAGE_BYTES, PAGE_BYTES);
    memset(region, 0xab, 4 * PAGE_BYTES);
    os_memory_purge(region + PAGE_BYTES, PAGE_BYTES);
    CHECK(region[PAGE_BYTES] == 0 && region[PAGE_BYTES - 1] == 0xab &&
              region[2 * PAGE_BYTES] == 0xab,
          "exactly the second page must be cleared");
}

static struct lock a_lock;

TEST(os_standin, notices_calls_under_a_lock, .invariant = "-", .section = "common", .hint = "-")
{
    os_standin_watch_locked_calls(100000);
    lock_acquire(&a_lock);
    (void)os_memory_map(4096, 1);
    CHECK_EQUAL(os_standin_locked_calls(), 0, "small regions mapped under a lock");
    (void)os_memory_map(100000, 1);
    CHECK_EQUAL(os_standin_locked_calls(), 1, "large regions mapped under a lock");
    lock_release(&a_lock);
    (void)os_memory_map(100000, 1);
    CHECK_EQUAL(os_standin_locked_calls(), 1, "large regions mapped under a lock");
}

/* The real os_memory, on mmap. */
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "common/os_memory.h"
#include "common/testing/test.h"

static struct os_memory_stats stats_now(void)
{
    struct os_memory_stats stats;
    os_memory_stats(&stats);
    return stats;
}

/* Whether the page at `address` is mapped: mincore says ENOMEM for one that is not. */
static bool is_mapped(void *address)
{
    unsigned char resident = 0;
    uintptr_t os_page = (uintptr_t)sysconf(_SC_PAGESIZE);
    return mincore((void *)((uintptr_t)address & -os_page), 1, &resident) == 0;
}

static void check_is_zero(const unsigned char *start, size_t bytes)
{
    for (size_t i = 0; i < bytes; i++)
        CHECK(start[i] == 0, "byte %zu of a fresh region: expected 0, got %u", i, start[i]);
}

TEST(os_memory, maps_zeroed_memory_at_every_alignment, .invariant = "-", .section = "common",
     .hint = "Map alignment - page bytes more than asked, and cut both ends off.")
{
    for (size_t alignment = 1; alignment <= (size_t)64 << 20; alignment *= 2) {
        const size_t bytes = 3 * PAGE_BYTES;
        unsigned char *start = os_memory_map(bytes, alignment);
        CHECK(start != NULL, "alignment %zu: got NULL", alignment);
        CHECK((uintptr_t)start % alignment == 0, "%p is no multiple of %zu", (void *)start,
              alignment);
        check_is_zero(start, bytes);
        memset(start, 0xab, bytes);
    }
}

TEST(os_memory, unmaps_all_that_it_mapped, .invariant = "-", .section = "common",
     .hint = "munmap with the size, not with 0; what was cut off for alignment goes at once.")
{
    struct os_memory_stats before = stats_now();
    for (size_t alignment = 4096; alignment <= (size_t)4 << 20; alignment *= 2) {
        const size_t bytes = 5 * PAGE_BYTES;
        char *start = os_memory_map(bytes, alignment);
        CHECK(start != NULL, "got NULL");
        CHECK(is_mapped(start + bytes - 1), "the region's last byte is not mapped");
        os_memory_unmap(start, bytes);
        CHECK(!is_mapped(start) && !is_mapped(start + bytes - 4096),
              "%p is still mapped after os_memory_unmap", (void *)start);
    }
    CHECK_EQUAL(stats_now().mapped_bytes, before.mapped_bytes, "mapped bytes after the last unmap");
    CHECK_EQUAL(stats_now().unmap_calls - before.unmap_calls, 11, "unmap calls");
}

TEST(os_memory, keeps_no_address_space_it_does_not_count, .invariant = "-", .section = "common",
     .hint = "Both ends that are cut off for alignment must be unmapped.")
{
    enum { ROUNDS = 200 };
    const size_t bytes = (size_t)1 << 20;
    uint64_t pages_before = 0;
    uint64_t pages_after = 0;
    char line[128];
    for (int pass = 0; pass < 2; pass++) {
        for (int i = 0; i < ROUNDS && pass == 1; i++)
            os_memory_unmap(os_memory_map(bytes, (size_t)8 << 20), bytes);
        int file = open("/proc/self/statm", O_RDONLY);
        ssize_t got = read(file, line, sizeof line - 1);
        close(file);
        CHECK(got > 0, "cannot read /proc/self/statm");
        line[got] = '\0';
        *(pass == 0 ? &pages_before : &pages_after) = strtoull(line, NULL, 10);
    }
    CHECK_AT_MOST(pages_after, pages_before + 1024, "pages of address space after 200 rounds");
}

TEST(os_memory, says_no_memory_with_NULL_and_ENOMEM, .invariant = "-", .section = "common",
     .hint = "mmap fails with MAP_FAILED, which is not NULL.")
{
    static const size_t too_much[] = {SIZE_MAX, SIZE_MAX - 4096, (size_t)1 << 62, 0};
    for (size_t i = 0; i < 2 * sizeof too_much / sizeof *too_much; i++) {
        size_t bytes = too_much[i / 2];
        errno = 0;
        void *start = os_memory_map(bytes, i % 2 == 0 ? 1 : PAGE_BYTES);
        CHECK(start == NULL, "os_memory_map(%zu): expected NULL, got %p", bytes, start);
        CHECK_EQUAL(errno, ENOMEM, "errno");
    }
    CHECK_EQUAL(stats_now().failed_calls, 8, "failed calls counted");
}

TEST(os_memory, purged_pages_read_as_zero_and_are_given_back, .invariant = "-", .section = "common",
     .hint = "madvise(MADV_DONTNEED); clear by hand what is no whole page.")
{
    const size_t bytes = 64 * PAGE_BYTES;
    unsigned char *start = os_memory_map(bytes, PAGE_BYTES);
    CHECK(start != NULL, "got NULL");
    memset(start, 0xab, bytes);
    struct os_memory_stats before = stats_now();
    errno = 4242;
    os_memory_purge(start + PAGE_BYTES, bytes - 2 * PAGE_BYTES);
    CHECK_EQUAL(errno, 4242, "errno after purge");
    unsigned char resident[128] = {0};
    CHECK(mincore(start, bytes, resident) == 0, "the region is not mapped any more");
    CHECK((resident[0] & 1) != 0 && (resident[20] & 1) == 0,
          "expected the first page resident and the tenth not");
    check_is_zero(start + PAGE_BYTES, bytes - 2 * PAGE_BYTES);
    CHECK(start[0] == 0xab && start[bytes - 1] == 0xab, "a page outside of the purge was cleared");
    CHECK_EQUAL(stats_now().purged_bytes - before.purged_bytes, bytes - 2 * PAGE_BYTES,
                "purged bytes counted");
}

TEST(os_memory, clock_never_goes_back, .invariant = "-", .section = "common",
     .hint =
         "A clock that is set by hand, or from outside, goes back at times: use a monotonic one.")
{
    uint64_t last = os_memory_clock_ms();
    for (size_t i = 0; i < 100000; i++) {
        uint64_t now = os_memory_clock_ms();
        CHECK(now >= last, "%ju came after %ju", (uintmax_t)now, (uintmax_t)last);
        last = now;
    }
}

static void map_and_unmap(unsigned index, void *argument)
{
    (void)argument;
    for (size_t i = 1; i <= 200; i++) {
        size_t bytes = (1 + (i + index) % 7) * PAGE_BYTES;
        char *start = os_memory_map(bytes, PAGE_BYTES);
        CHECK(start != NULL, "got NULL");
        start[0] = (char)index;
        start[bytes - 1] = (char)index;
        os_memory_purge(start, bytes);
        os_memory_unmap(start, bytes);
    }
}

TEST(os_memory, counts_right_with_many_threads, .invariant = "-", .section = "common",
     .hint = "The counts are atomic.", .threads = true)
{
    test_run_threads(8, map_and_unmap, NULL);
    CHECK_EQUAL(stats_now().mapped_bytes, 0, "mapped bytes");
    CHECK_EQUAL(stats_now().map_calls, 1600, "map calls");
    CHECK_EQUAL(stats_now().unmap_calls, 1600, "unmap calls");
    CHECK_EQUAL(stats_now().purge_calls, 1600, "purge calls");
}

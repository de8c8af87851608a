/* Regions with guards, on the real os_memory. Whoever touches a guard is ended by the kernel, so a child does. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "common/os_memory.h"
#include "common/testing/test.h"

static const size_t sizes[] = {1, 4096, PAGE_BYTES + 1, (size_t)128 << 10, (size_t)9 << 18};

enum { SIZE_COUNT = sizeof sizes / sizeof *sizes };

/* The region ends with a page of the system. */
static char *end_of_region(char *start, size_t bytes)
{
    size_t os_page = (size_t)sysconf(_SC_PAGESIZE);
    return start + (bytes + os_page - 1) / os_page * os_page;
}

static size_t address_space_pages(void)
{
    char line[128] = {0};
    int file = open("/proc/self/statm", O_RDONLY);
    ssize_t got = read(file, line, sizeof line - 1);
    close(file);
    CHECK(got > 0, "cannot read /proc/self/statm");
    return strtoull(line, NULL, 10);
}

/* The signal that ends a child that writes there, or 0. */
static int signal_of_write(volatile char *address)
{
    fflush(NULL);
    pid_t child = fork();
    CHECK(child >= 0, "fork failed");
    if (child == 0) {
        setrlimit(RLIMIT_CORE, &(struct rlimit){0});
        signal(SIGSEGV, SIG_DFL);
        *address = 1;
        _exit(0);
    }
    int status = 0;
    CHECK(waitpid(child, &status, 0) == child, "waitpid failed");
    return WIFSIGNALED(status) ? WTERMSIG(status) : 0;
}

TEST(
    os_memory, ends_who_writes_beside_a_guarded_region, .invariant = "-", .section = "common",
    .hint = "Map it with a page more at both ends and no access, then open the middle by mprotect.")
{
    for (size_t i = 0; i < SIZE_COUNT; i++) {
        char *start = os_memory_map_guarded(sizes[i]);
        CHECK(start != NULL, "%zu bytes: got NULL", sizes[i]);
        char *end = end_of_region(start, sizes[i]);
        CHECK_EQUAL(signal_of_write(start - 1), SIGSEGV, "signal of a write right before");
        CHECK_EQUAL(signal_of_write(end), SIGSEGV, "signal of a write right behind");
        CHECK_EQUAL(signal_of_write(start), 0, "signal of a write to the first byte");
        CHECK_EQUAL(signal_of_write(end - 1), 0, "signal of a write to the last byte");
    }
}

TEST(os_memory, guarded_regions_are_zeroed_aligned_and_given_back, .invariant = "-",
     .section = "common", .hint = "What unmaps the region knows how long the guards are.")
{
    size_t pages_before = address_space_pages();
    for (size_t round = 0; round < 20 * SIZE_COUNT; round++) {
        size_t bytes = sizes[round % SIZE_COUNT];
        char *start = os_memory_map_guarded(bytes);
        CHECK(start != NULL, "%zu bytes: got NULL", bytes);
        CHECK((uintptr_t)start % PAGE_BYTES == 0, "%p is no multiple of a page", (void *)start);
        struct os_memory_stats stats;
        os_memory_stats(&stats);
        CHECK_EQUAL(stats.mapped_bytes, end_of_region(start, bytes) - start, "mapped bytes");
        for (size_t at = 0; at < bytes; at++)
            CHECK(start[at] == 0, "byte %zu of a fresh region: got %d", at, start[at]);
        memset(start, 0xab, bytes);
        errno = 4242;
        os_memory_unmap_guarded(start, bytes);
        CHECK_EQUAL(errno, 4242, "errno after unmap");
        CHECK_EQUAL(address_space_pages(), pages_before, "pages of address space");
    }
}

TEST(os_memory, keeps_no_guard_of_a_region_that_it_could_not_map, .invariant = "-",
     .section = "common", .hint = "mprotect fails too: then the guards go back with the rest.")
{
    struct rlimit limit;
    struct os_memory_stats stats;
    size_t pages_before = address_space_pages();
    CHECK(os_memory_map_guarded(0) == NULL && errno == ENOMEM, "0 bytes: expected NULL, ENOMEM");
    CHECK(os_memory_map_guarded(SIZE_MAX) == NULL, "SIZE_MAX bytes: expected NULL");
    CHECK(os_memory_map_guarded(PTRDIFF_MAX) == NULL, "PTRDIFF_MAX bytes: expected NULL");
    CHECK(getrlimit(RLIMIT_DATA, &limit) == 0, "getrlimit failed");
    /* Addresses are still to be had, but none that can be written to. */
    setrlimit(RLIMIT_DATA, &(struct rlimit){.rlim_cur = 1, .rlim_max = limit.rlim_max});
    errno = 0;
    void *start = os_memory_map_guarded(PAGE_BYTES);
    int why = errno;
    setrlimit(RLIMIT_DATA, &limit);
    CHECK(start == NULL && why == ENOMEM, "without memory: expected NULL, ENOMEM; got %p", start);
    os_memory_stats(&stats);
    CHECK_EQUAL(stats.failed_calls, 4, "failed calls counted");
    CHECK_EQUAL(stats.mapped_bytes, 0, "mapped bytes");
    CHECK_EQUAL(address_space_pages(), pages_before, "pages of address space");
    CHECK(os_memory_map_guarded(PAGE_BYTES) != NULL, "with memory: got NULL");
}

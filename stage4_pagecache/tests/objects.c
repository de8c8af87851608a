/* objects: see objects.h. */
#include "stage4_pagecache/tests/objects.h"

#include <string.h>

#include "common/testing/test.h"
#include "stage4_pagecache/mempool.h"

enum { MARK_BYTES = 32, STRIDE_BYTES = 4096 };

char *objects_take(size_t bytes)
{
    char *object = mempool_alloc(bytes);
    CHECK(object != NULL, "mempool_alloc(%zu): expected an object, got NULL", bytes);
    size_t alignment = bytes <= 8 ? 8 : 16;
    CHECK((uintptr_t)object % alignment == 0, "mempool_alloc(%zu): %p is not a multiple of %zu",
          bytes, (void *)object, alignment);
    return object;
}

static unsigned char mark_byte(uint64_t stamp, size_t at)
{
    return (unsigned char)((stamp + 1) * 0x9e3779b97f4a7c15u >> 56 ^ at * 0x3b);
}

/* Where the last mark starts: it ends with the object. */
static size_t last_mark(size_t bytes)
{
    return bytes > MARK_BYTES ? bytes - MARK_BYTES : 0;
}

static void write_mark(unsigned char *object, size_t from, size_t bytes, uint64_t stamp)
{
    for (size_t at = from; at < bytes && at < from + MARK_BYTES; at++)
        object[at] = mark_byte(stamp, at);
}

static void check_mark(const unsigned char *object, size_t from, size_t kept, uint64_t stamp)
{
    for (size_t at = from; at < kept && at < from + MARK_BYTES; at++)
        CHECK(object[at] == mark_byte(stamp, at),
              "byte %zu of the object at %p was overwritten or lost", at, (const void *)object);
}

void objects_mark(void *object, size_t bytes, uint64_t stamp)
{
    for (size_t at = 0; at < bytes; at += STRIDE_BYTES)
        write_mark(object, at, bytes, stamp);
    write_mark(object, last_mark(bytes), bytes, stamp);
}

void objects_check(const void *object, size_t bytes, size_t kept, uint64_t stamp)
{
    for (size_t at = 0; at < kept; at += STRIDE_BYTES)
        check_mark(object, at, kept, stamp);
    check_mark(object, last_mark(bytes), kept, stamp);
}

/* Zero at its start, and each byte like the one before. */
void objects_check_zero(const void *object, size_t bytes)
{
    const unsigned char *byte = object;
    if (bytes == 0 || (byte[0] == 0 && memcmp(byte, byte + 1, bytes - 1) == 0))
        return;
    size_t at = 0;
    while (byte[at] == 0)
        at++;
    test_fail(__FILE__, __LINE__, "byte %zu of the object at %p (%zu bytes): expected 0, got 0x%x",
              at, object, bytes, byte[at]);
}

void objects_check_none_lost(void)
{
    struct mempool_stats stats;
    mempool_purge();
    mempool_stats(&stats);
    CHECK_EQUAL(mempool_check(), 0, "mempool_check");
    CHECK_EQUAL(stats.handed_bytes, 0, "handed_bytes with nothing live");
    CHECK_EQUAL(stats.ready_bytes, 0, "ready_bytes after mempool_purge");
    CHECK_EQUAL(stats.large_bytes, 0, "large_bytes with nothing live");
    CHECK_EQUAL(stats.page_free_bytes, stats.mapped_bytes - stats.metadata_bytes,
                "page_free_bytes with nothing live");
    CHECK_EQUAL(stats.page_dirty_bytes, 0, "page_dirty_bytes after mempool_purge");
    CHECK_AT_MOST(stats.metadata_bytes, 6 * MIB + stats.mapped_bytes / 64,
                  "bytes mapped beside the spans: two page map leaves, and records");
}

/* The shadow model notices what it is there for. */
#include <string.h>

#include "common/testing/property/shadow.h"
#include "common/testing/test.h"

static struct shadow shadow;
static _Alignas(64) unsigned char memory[64 * 1024];

static void expect_none(const char *complaint)
{
    CHECK(complaint == NULL, "expected no complaint, got \"%s\"", complaint);
}

static void expect(const char *complaint, const char *words)
{
    CHECK(complaint != NULL, "expected \"…%s…\", but the shadow noticed nothing", words);
    CHECK(strstr(complaint, words) != NULL, "expected \"…%s…\", got \"%s\"", words, complaint);
}

TEST(shadow, lets_sound_objects_come_and_go, .invariant = "-", .section = "common",
     .hint = "Side by side is not overlapping.")
{
    for (size_t i = 0; i < 8; i++)
        expect_none(shadow_add(&shadow, memory + 8192 * (i * 5 % 8), 8192, 64));
    expect_none(shadow_check(&shadow));
    CHECK_EQUAL(shadow.bytes, sizeof memory, "live bytes");
    CHECK(shadow_find(&shadow, memory + 8192) != NULL, "an object that is live was not found");
    CHECK(shadow_find(&shadow, memory + 1) == NULL, "an object was found where none starts");
    for (size_t i = 0; i < 8; i++)
        expect_none(shadow_remove(&shadow, memory + 8192 * (i * 3 % 8)));
    CHECK_EQUAL(shadow.count, 0, "live objects");
}

TEST(shadow, notices_an_object_handed_out_twice, .invariant = "-", .section = "common",
     .hint = "The same start.")
{
    expect_none(shadow_add(&shadow, memory + 64, 16, 8));
    expect(shadow_add(&shadow, memory + 64, 16, 8), "handed out twice");
}

TEST(shadow, notices_overlaps_by_one_byte, .invariant = "-", .section = "common",
     .hint = "Both neighbours are looked at.")
{
    expect_none(shadow_add(&shadow, memory + 64, 64, 8));
    expect_none(shadow_add(&shadow, memory, 64, 8));
    expect_none(shadow_add(&shadow, memory + 128, 64, 8));
    expect_none(shadow_remove(&shadow, memory + 64));
    expect(shadow_add(&shadow, memory + 64, 65, 8), "overlaps");
    expect(shadow_add(&shadow, memory + 63, 8, 1), "inside");
}

TEST(shadow, notices_wrong_alignment_and_NULL, .invariant = "-", .section = "common",
     .hint = "Before anything else.")
{
    expect(shadow_add(&shadow, memory + 8, 16, 16), "multiple of 16");
    expect(shadow_add(&shadow, NULL, 16, 16), "NULL");
}

TEST(shadow, notices_one_changed_byte_at_each_mark, .invariant = "-", .section = "common",
     .hint = "At the start, in each 4 KiB, at the end.")
{
    static const size_t marked[] = {0, 31, 4096, 40000 - 32, 39999};
    for (size_t i = 0; i < sizeof marked / sizeof *marked; i++) {
        expect_none(shadow_add(&shadow, memory, 40000, 8));
        memory[marked[i]] ^= 1;
        expect(shadow_check(&shadow), "overwritten");
        expect(shadow_remove(&shadow, memory), "overwritten");
    }
    expect(shadow_remove(&shadow, memory), "not live");
}

TEST(shadow, follows_an_object_that_moves, .invariant = "-", .section = "common",
     .hint = "Contents up to the smaller size.")
{
    expect_none(shadow_add(&shadow, memory, 5000, 8));
    memcpy(memory + 32768, memory, 5000);
    expect_none(shadow_resize(&shadow, memory, 5000, memory + 32768, 9000, 8));
    memcpy(memory, memory + 32768, 5);
    expect(shadow_resize(&shadow, memory + 32768, 200, memory, 200, 8), "byte 5 was lost");
}

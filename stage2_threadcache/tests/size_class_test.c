/* Size classes: every size from 0 to 256 KiB and one more is asked for. */
#include <stdint.h>

#include "common/os_memory.h"
#include "common/testing/test.h"
#include "stage2_threadcache/size_class.h"

TEST(size_class, has_the_97_fixed_sizes, .points = 3, .invariant = "I1", .section = "2.1",
     .hint = "8, then 16 to 128 in steps of 16, then 8 equal steps for each doubling: 144, 160, …, "
             "256, 288, 320, …")
{
    CHECK_EQUAL(size_class_bytes(0), 0, "bytes of class 0");
    CHECK_EQUAL(size_class_bytes(1), 8, "bytes of class 1");
    unsigned class_id = 2;
    size_t bytes = 16;
    for (size_t step = 16; bytes <= SIZE_CLASS_MAX_BYTES; class_id++) {
        CHECK(size_class_bytes(class_id) == bytes, "class %u: expected %zu bytes, got %zu",
              class_id, bytes, size_class_bytes(class_id));
        if (bytes / step == 16)
            step *= 2;
        bytes += step;
    }
    CHECK_EQUAL(class_id, SIZE_CLASS_COUNT, "classes");
}

TEST(size_class, aligns_every_size_from_16_bytes_up, .points = 2, .invariant = "I3",
     .section = "2.1",
     .hint = "Objects lie end to end in a span, so an object is aligned as its size is. 24, 40 and "
             "56 are no multiples of 16.")
{
    for (unsigned class_id = 1; class_id < SIZE_CLASS_COUNT; class_id++) {
        size_t bytes = size_class_bytes(class_id);
        size_t alignment = bytes < 16 ? 8 : 16;
        CHECK(bytes >= 8 && bytes % alignment == 0, "class %u: %zu bytes are no multiple of %zu",
              class_id, bytes, alignment);
    }
}

/* The class of a valid size, sure to be one that size_class_bytes can be asked for. */
static unsigned class_of(size_t bytes)
{
    unsigned class_id = size_class_of(bytes);
    CHECK(class_id >= 1 && class_id < SIZE_CLASS_COUNT,
          "size_class_of(%zu): expected a class from 1 to %d, got %u", bytes, SIZE_CLASS_COUNT - 1,
          class_id);
    return class_id;
}

TEST(size_class, gives_each_size_the_smallest_class_that_fits, .points = 4, .invariant = "I1",
     .section = "2.2",
     .hint = "Errors sit at the ends of ranges: look at the sizes just below, at and above each "
             "power of two.")
{
    unsigned previous = 1;
    for (size_t bytes = 0; bytes <= SIZE_CLASS_MAX_BYTES; bytes++) {
        unsigned class_id = class_of(bytes);
        CHECK(class_id >= previous, "%zu bytes are class %u, though %zu are class %u", bytes,
              class_id, bytes - 1, previous);
        CHECK(size_class_bytes(class_id) >= bytes,
              "%zu bytes do not fit into class %u, whose objects have %zu", bytes, class_id,
              size_class_bytes(class_id));
        CHECK(class_id == 1 || size_class_bytes(class_id - 1) < bytes,
              "%zu bytes: got class %u (%zu bytes), but class %u (%zu bytes) holds them too", bytes,
              class_id, size_class_bytes(class_id), class_id - 1, size_class_bytes(class_id - 1));
        previous = class_id;
    }
}

TEST(size_class, loses_at_most_an_eighth_to_rounding, .points = 2, .invariant = "I2",
     .section = "2.2",
     .hint = "Eight steps to a doubling: a step is at most an eighth of the size it leads to.")
{
    for (size_t bytes = 129; bytes <= SIZE_CLASS_MAX_BYTES; bytes++) {
        size_t rounded = size_class_bytes(class_of(bytes));
        CHECK(rounded >= bytes && (rounded - bytes) * 8 <= rounded,
              "%zu bytes are rounded to %zu: more than 1/8 is lost", bytes, rounded);
    }
}

TEST(size_class, knows_sizes_that_have_no_class, .points = 2, .invariant = "I1", .section = "2.2",
     .hint = "0 bytes are class 1; more than 256 KiB are class 0, however many more. Does a sum or "
             "a cast overflow?")
{
    CHECK_EQUAL(size_class_of(0), 1, "class of 0 bytes");
    CHECK_EQUAL(size_class_of(SIZE_CLASS_MAX_BYTES), SIZE_CLASS_COUNT - 1, "class of 256 KiB");
    static const size_t too_large[] = {SIZE_CLASS_MAX_BYTES + 1,
                                       SIZE_CLASS_MAX_BYTES + 8,
                                       2 * SIZE_CLASS_MAX_BYTES,
                                       (size_t)1 << 31,
                                       ((size_t)1 << 32) + 8,
                                       ((size_t)1 << 40) + 1000,
                                       (size_t)1 << 63,
                                       SIZE_MAX - 16,
                                       SIZE_MAX - 6,
                                       SIZE_MAX};
    for (size_t i = 0; i < sizeof too_large / sizeof *too_large; i++)
        CHECK(size_class_of(too_large[i]) == 0, "size_class_of(%zu): expected 0, got %u",
              too_large[i], size_class_of(too_large[i]));
}

/* "About 8 KiB" is from 4 to 16 here, wherever 2 to 64 objects allow it. */
TEST(size_class, moves_about_8_KiB_at_a_time, .points = 3, .invariant = "I6", .section = "2.3",
     .hint = "8 KiB / size, then no less than 2 and no more than 64; 1 above 32 KiB.")
{
    CHECK_EQUAL(size_class_batch(0), 0, "batch of class 0");
    for (unsigned class_id = 1; class_id < SIZE_CLASS_COUNT; class_id++) {
        size_t bytes = size_class_bytes(class_id);
        size_t batch = size_class_batch(class_id);
        if (bytes > 32 * 1024) {
            CHECK(batch == 1, "class %u (%zu bytes): expected a batch of 1, got %zu", class_id,
                  bytes, batch);
            continue;
        }
        CHECK(batch >= 2 && batch <= SIZE_CLASS_MAX_BATCH,
              "class %u (%zu bytes): expected a batch of 2 to 64, got %zu", class_id, bytes, batch);
        CHECK(batch == SIZE_CLASS_MAX_BATCH || batch * bytes >= 4096,
              "class %u (%zu bytes): a batch of %zu is less than 4 KiB", class_id, bytes, batch);
        CHECK(batch == 2 || batch * bytes <= 16384,
              "class %u (%zu bytes): a batch of %zu is more than 16 KiB", class_id, bytes, batch);
    }
}

TEST(size_class, leaves_at_most_an_eighth_of_a_span_unused, .points = 3, .invariant = "I4",
     .section = "2.3",
     .hint = "What is left at the end of a span is its bytes % the object's; add pages until that "
             "is small.")
{
    enum { MOST_PAGES = 128 };
    for (unsigned class_id = 1; class_id < SIZE_CLASS_COUNT; class_id++) {
        size_t bytes = size_class_bytes(class_id);
        size_t pages = size_class_pages(class_id);
        CHECK(pages >= 1 && pages <= MOST_PAGES, "class %u: a span of %zu pages", class_id, pages);
        size_t span = pages * PAGE_BYTES;
        CHECK(bytes >= 1 && bytes <= span, "class %u: no object of %zu bytes fits into %zu pages",
              class_id, bytes, pages);
        CHECK(span % bytes * 8 <= span,
              "class %u (%zu bytes): %zu of %zu bytes are unused at the end of a span", class_id,
              bytes, span % bytes, span);
    }
}

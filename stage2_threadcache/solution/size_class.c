/* size_class: see size_class.h for the picture and the invariants I1 to I4.
 *
 * From a size to its class:
 *   1. up to 1 KiB, where most requests are: one byte of a table, indexed by size / 8;
 *   2. above, by the position of the highest bit. For 2^e < bytes <= 2^(e+1) the doubling starts
 *      at class 10 + 8 * (e - 7), and the three bits below the highest one of (bytes - 1) are the
 *      step: exactly what a floating-point number's exponent and mantissa are. */
#include "stage2_threadcache/size_class.h"

#include "common/os_memory.h"

enum {
    FIRST_DOUBLING_CLASS = 10, /* 144 bytes, the first step above 128 = 2^7 */
    FIRST_DOUBLING_SHIFT = 7,
    BATCH_BYTES = 8 * 1024,
    SINGLE_ABOVE_BYTES = 32 * 1024, /* a batch of these is one object */
};

/* A row is a doubling. */
/* clang-format off */
static const unsigned bytes_of_class[SIZE_CLASS_COUNT] = {
    0, 8,
    16, 32, 48, 64, 80, 96, 112, 128,
    144, 160, 176, 192, 208, 224, 240, 256,
    288, 320, 352, 384, 416, 448, 480, 512,
    576, 640, 704, 768, 832, 896, 960, 1024,
    1152, 1280, 1408, 1536, 1664, 1792, 1920, 2048,
    2304, 2560, 2816, 3072, 3328, 3584, 3840, 4096,
    4608, 5120, 5632, 6144, 6656, 7168, 7680, 8192,
    9216, 10240, 11264, 12288, 13312, 14336, 15360, 16384,
    18432, 20480, 22528, 24576, 26624, 28672, 30720, 32768,
    36864, 40960, 45056, 49152, 53248, 57344, 61440, 65536,
    73728, 81920, 90112, 98304, 106496, 114688, 122880, 131072,
    147456, 163840, 180224, 196608, 212992, 229376, 245760, 262144,
};

/* The class of each multiple of 8 bytes: class_of_eighth[(bytes + 7) / 8]. */
static const unsigned char class_of_eighth[SIZE_CLASS_COMMON_BYTES / 8 + 1] = {
    1, 1, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7, 8, 8, 9,
    9, 10, 10, 11, 11, 12, 12, 13, 13, 14, 14, 15, 15, 16, 16, 17,
    17, 18, 18, 18, 18, 19, 19, 19, 19, 20, 20, 20, 20, 21, 21, 21,
    21, 22, 22, 22, 22, 23, 23, 23, 23, 24, 24, 24, 24, 25, 25, 25,
    25, 26, 26, 26, 26, 26, 26, 26, 26, 27, 27, 27, 27, 27, 27, 27,
    27, 28, 28, 28, 28, 28, 28, 28, 28, 29, 29, 29, 29, 29, 29, 29,
    29, 30, 30, 30, 30, 30, 30, 30, 30, 31, 31, 31, 31, 31, 31, 31,
    31, 32, 32, 32, 32, 32, 32, 32, 32, 33, 33, 33, 33, 33, 33, 33,
    33,
};
/* clang-format on */

static unsigned class_above_table(size_t bytes)
{
    if (bytes > SIZE_CLASS_MAX_BYTES)
        return 0;
    unsigned highest_bit = 63 - (unsigned)__builtin_clzl(bytes - 1);
    unsigned step = (unsigned)((bytes - 1) >> (highest_bit - 3)) & 7;
    return FIRST_DOUBLING_CLASS + 8 * (highest_bit - FIRST_DOUBLING_SHIFT) + step;
}

unsigned size_class_of(size_t bytes)
{
    if (bytes > SIZE_CLASS_COMMON_BYTES)
        return class_above_table(bytes);
    return class_of_eighth[(bytes + 7) / 8];
}

size_t size_class_bytes(unsigned class_id)
{
    return bytes_of_class[class_id];
}

/* About 8 KiB: smaller batches cost more calls between threads, larger ones more memory. */
size_t size_class_batch(unsigned class_id)
{
    size_t bytes = bytes_of_class[class_id];
    if (bytes == 0)
        return 0;
    if (bytes > SINGLE_ABOVE_BYTES)
        return 1;
    size_t count = BATCH_BYTES / bytes;
    return count < 2 ? 2 : count > SIZE_CLASS_MAX_BATCH ? SIZE_CLASS_MAX_BATCH : count;
}

/* I4: the fewest pages that hold a batch and waste at most 1/8. Asked once for each new span, so a
 * loop of a few steps is fine. */
size_t size_class_pages(unsigned class_id)
{
    size_t object_bytes = bytes_of_class[class_id];
    size_t batch_bytes = object_bytes * size_class_batch(class_id);
    size_t pages = (batch_bytes + PAGE_BYTES - 1) / PAGE_BYTES;
    while (pages * PAGE_BYTES % object_bytes * 8 > pages * PAGE_BYTES)
        pages++;
    return pages;
}

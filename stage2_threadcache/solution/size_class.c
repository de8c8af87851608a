/* size_class: see size_class.h for the picture and the invariants I1 to I4.
 *
 * From a size to its class:
 *   1. up to 1 KiB, where most requests are: one byte of a table, indexed by the size;
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

/* class_of_common[bytes]: a byte for each size, not for each eighth, saves two instructions of every malloc. */
#define X8(class_id) class_id, class_id, class_id, class_id, class_id, class_id, class_id, class_id
#define X16(class_id) X8(class_id), X8(class_id)
#define X32(class_id) X16(class_id), X16(class_id)
#define X64(class_id) X32(class_id), X32(class_id)
static const unsigned char class_of_common[SIZE_CLASS_COMMON_BYTES + 1] = {
    1, X8(1),
    X8(2), X16(3), X16(4), X16(5), X16(6), X16(7), X16(8), X16(9),
    X16(10), X16(11), X16(12), X16(13), X16(14), X16(15), X16(16), X16(17),
    X32(18), X32(19), X32(20), X32(21), X32(22), X32(23), X32(24), X32(25),
    X64(26), X64(27), X64(28), X64(29), X64(30), X64(31), X64(32), X64(33),
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
    return class_of_common[bytes];
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

/* I4, and better: the fewest pages that hold a batch and waste at most 1/32. Asked once for each new
 * span, so a loop of a few steps is fine. */
size_t size_class_pages(unsigned class_id)
{
    size_t object_bytes = bytes_of_class[class_id];
    size_t batch_bytes = object_bytes * size_class_batch(class_id);
    size_t pages = (batch_bytes + PAGE_BYTES - 1) / PAGE_BYTES;
    while (pages * PAGE_BYTES % object_bytes * 32 > pages * PAGE_BYTES)
        pages++;
    return pages;
}

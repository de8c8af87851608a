/* size_class, another design: the sizes are a table, and a class is found in it by halving. */
#include "stage2_threadcache/size_class.h"

#include "common/os_memory.h"

enum { BATCH_BYTES = 8 * 1024, SINGLE_ABOVE_BYTES = 32 * 1024 };

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
/* clang-format on */

/* Between them: all classes below `low` are too small, `high` and all above are large enough. */
unsigned size_class_of(size_t bytes)
{
    unsigned low = 1;
    unsigned high = SIZE_CLASS_COUNT - 1;
    if (bytes > SIZE_CLASS_MAX_BYTES)
        return 0;
    while (low < high) {
        unsigned middle = (low + high) / 2;
        if (bytes_of_class[middle] < bytes)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

size_t size_class_bytes(unsigned class_id)
{
    return bytes_of_class[class_id];
}

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

/* The first multiple of a batch's pages that wastes at most 1/8. */
size_t size_class_pages(unsigned class_id)
{
    size_t bytes = bytes_of_class[class_id];
    size_t pages = (bytes * size_class_batch(class_id) + PAGE_BYTES - 1) / PAGE_BYTES;
    while (pages * PAGE_BYTES % bytes > pages * PAGE_BYTES / 8)
        pages++;
    return pages;
}

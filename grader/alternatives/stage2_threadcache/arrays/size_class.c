/* size_class, another design: no table at all, every answer is computed.
 *
 * Above 128 bytes a size is 2^e + step * 2^e / 8: an exponent and three bits, as in a small
 * floating-point number. */
#include "stage2_threadcache/size_class.h"

#include "common/os_memory.h"

enum { FIRST_STEP_CLASS = 10, FIRST_EXPONENT = 7 };

static unsigned exponent_of(size_t value)
{
    return 63 - (unsigned)__builtin_clzl(value);
}

unsigned size_class_of(size_t bytes)
{
    if (bytes > SIZE_CLASS_MAX_BYTES)
        return 0;
    if (bytes <= 8)
        return 1;
    if (bytes <= 128)
        return 1 + (unsigned)(bytes + 15) / 16;
    unsigned exponent = exponent_of(bytes - 1);
    unsigned step = (unsigned)((bytes - 1) >> (exponent - 3)) & 7;
    return FIRST_STEP_CLASS + 8 * (exponent - FIRST_EXPONENT) + step;
}

size_t size_class_bytes(unsigned class_id)
{
    if (class_id <= 1)
        return 8 * (size_t)class_id;
    if (class_id < FIRST_STEP_CLASS)
        return 16 * ((size_t)class_id - 1);
    unsigned exponent = FIRST_EXPONENT + (class_id - FIRST_STEP_CLASS) / 8;
    size_t step = (class_id - FIRST_STEP_CLASS) % 8 + 1;
    return ((size_t)1 << exponent) + (step << (exponent - 3));
}

size_t size_class_batch(unsigned class_id)
{
    size_t bytes = size_class_bytes(class_id);
    if (bytes == 0)
        return 0;
    if (bytes > 32 * 1024)
        return 1;
    size_t count = 8 * 1024 / bytes;
    return count < 2 ? 2 : count > SIZE_CLASS_MAX_BATCH ? SIZE_CLASS_MAX_BATCH : count;
}

size_t size_class_pages(unsigned class_id)
{
    size_t bytes = size_class_bytes(class_id);
    size_t pages = (bytes * size_class_batch(class_id) + PAGE_BYTES - 1) / PAGE_BYTES;
    while (pages * PAGE_BYTES % bytes > pages * PAGE_BYTES / 8)
        pages++;
    return pages;
}

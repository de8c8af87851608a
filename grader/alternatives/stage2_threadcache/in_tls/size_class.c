/* size_class, another design: the classes start where a walk over all of them says, in steps that grow
 * by doublings; nothing is tabled and nothing shifted. Slow, and easy to see through. */
#include "stage2_threadcache/size_class.h"

#include "common/os_memory.h"

/* From one size to the next: 8, then 16 up to 128, then an eighth of the doubling that it is in. */
static size_t next_size(size_t bytes)
{
    size_t doubling = 128;
    if (bytes < 16)
        return bytes + 8;
    if (bytes < 128)
        return bytes + 16;
    while (doubling * 2 <= bytes)
        doubling *= 2;
    return bytes + doubling / 8;
}

unsigned size_class_of(size_t bytes)
{
    unsigned class_id = 1;
    if (bytes > SIZE_CLASS_MAX_BYTES)
        return 0;
    for (size_t size = 8; size < bytes; size = next_size(size))
        class_id++;
    return class_id;
}

size_t size_class_bytes(unsigned class_id)
{
    size_t size = class_id == 0 ? 0 : 8;
    for (unsigned walked = 1; walked < class_id; walked++)
        size = next_size(size);
    return size;
}

size_t size_class_batch(unsigned class_id)
{
    size_t bytes = size_class_bytes(class_id);
    size_t count = 0;
    if (bytes != 0 && bytes <= 32 * 1024)
        count = 2;
    else if (bytes != 0)
        count = 1;
    while (count >= 2 && count < SIZE_CLASS_MAX_BATCH && (count + 1) * bytes <= 8 * 1024)
        count++;
    return count;
}

size_t size_class_pages(unsigned class_id)
{
    size_t bytes = size_class_bytes(class_id);
    size_t batch_bytes = bytes * size_class_batch(class_id);
    size_t pages = 1;
    if (bytes == 0)
        return 0;
    while (pages * PAGE_BYTES < batch_bytes || pages * PAGE_BYTES % bytes > pages * PAGE_BYTES / 8)
        pages++;
    return pages;
}

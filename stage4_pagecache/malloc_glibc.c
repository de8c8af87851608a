/* malloc_glibc: what of the allocation surface only glibc has. Given; not edited. In a static program each of these
 * would else bring in the C library's own malloc, beside the pool's. */
#include <errno.h>
#include <malloc.h>
#include <stdio.h>

#include "stage4_pagecache/mempool.h"

#define EXPORT __attribute__((visibility("default")))

EXPORT struct mallinfo2 mallinfo2(void)
{
    struct mempool_stats stats;
    mempool_stats(&stats);
    size_t free_bytes =
        stats.thread_bytes + stats.ready_bytes + stats.span_free_bytes + stats.page_free_bytes;
    return (struct mallinfo2){
        .arena = stats.mapped_bytes,
        .hblkhd = stats.large_bytes,
        .uordblks = stats.handed_bytes + stats.large_bytes - stats.thread_bytes,
        .fordblks = free_bytes,
        .keepcost = stats.page_dirty_bytes,
    };
}

/* The same in `int`s, as it was before memory was large. */
EXPORT struct mallinfo mallinfo(void)
{
    struct mallinfo2 info = mallinfo2();
    return (struct mallinfo){
        .arena = (int)info.arena,
        .hblkhd = (int)info.hblkhd,
        .uordblks = (int)info.uordblks,
        .fordblks = (int)info.fordblks,
        .keepcost = (int)info.keepcost,
    };
}

/* The pool has none of glibc's settings: a wish is granted and changes nothing. */
EXPORT int mallopt(int setting, int value)
{
    (void)setting;
    (void)value;
    return 1;
}

EXPORT int malloc_info(int options, FILE *out)
{
    struct mallinfo2 info = mallinfo2();
    if (options != 0) {
        errno = EINVAL;
        return -1;
    }
    return fprintf(out,
                   "<malloc version=\"mempool\">\n<total type=\"rest\" size=\"%zu\"/>\n"
                   "<system type=\"current\" size=\"%zu\"/>\n</malloc>\n",
                   info.fordblks, info.arena) < 0
               ? -1
               : 0;
}

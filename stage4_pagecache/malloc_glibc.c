/* malloc_glibc: what of the allocation surface only glibc can have, since its types are glibc's. Given; not edited. */
#include <malloc.h>

#include "stage4_pagecache/mempool.h"

__attribute__((visibility("default"))) struct mallinfo2 mallinfo2(void)
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

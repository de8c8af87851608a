/* metadata: a gibibyte of objects of 64 bytes, all alive. What part of what the library has mapped are
 * its own records? make bench-scale runs it, with libmempool.so preloaded. Objects are not written to,
 * so little of that memory is really there. */
#include <dlfcn.h>

#include "common/bench/workload.h"
#include "stage4_pagecache/mempool.h"

enum { OBJECT_BYTES = 64, LIVE_BYTES = 1 << 30 };

int main(void)
{
    void (*read_stats)(struct mempool_stats * out);
    struct mempool_stats stats;
    *(void **)&read_stats = dlsym(RTLD_DEFAULT, "mempool_stats");
    if (read_stats == NULL)
        return EXIT_FAILURE;
    void *volatile object = NULL;
    for (size_t i = 0; i < LIVE_BYTES / OBJECT_BYTES; i++) { // NOLINT(clang-analyzer-unix.Malloc)
        object = malloc(OBJECT_BYTES); /* never freed: they are what is measured */
        if (object == NULL)
            return EXIT_FAILURE;
    }
    read_stats(&stats);
    printf("mapped %zu\nmetadata %zu\n", stats.mapped_bytes, stats.metadata_bytes);
    return EXIT_SUCCESS;
}

/* allocators: what is compared: our library first, then glibc, then the peers that are installed.
 *
 * Each is a library to preload. glibc is preloaded too, by its own name: that changes nothing for
 * most programs, and lets glibc win against an allocator that a program is linked with (Debian's
 * redis-server is linked with jemalloc). */
#ifndef COMMON_BENCH_ALLOCATORS_H
#define COMMON_BENCH_ALLOCATORS_H

#include <stdbool.h>
#include <stddef.h>

enum {
    ALLOCATORS_MOST = 12,
    ALLOCATOR_OURS = 0, /* places in the list */
    ALLOCATOR_GLIBC = 1,
    ALLOCATOR_FIRST_PEER = 1,
};

struct allocator {
    char name[32];
    char library[4096]; /* for LD_PRELOAD */
};

struct allocators {
    struct allocator list[ALLOCATORS_MOST];
    size_t count;
};

/* Fill the list; says on stderr which peer is not installed. `library` is ours. Returns false, and
 * says why, where that is not there. */
bool allocators_find(struct allocators *allocators, const char *library);

/* One more: "name=path" or "path". Returns false, and says why, where there is no such file. */
bool allocators_add(struct allocators *allocators, const char *name_and_path);

#endif

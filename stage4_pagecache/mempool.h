/* mempool: the public library: an allocator made of four layers.
 *
 *   mempool_alloc(24) ─▶ class 3 ─▶ thread cache ─▶ central cache ─▶ page cache ─▶ os_memory
 *   mempool_free(p) ──▶ page map: class of p's page ─▶ thread cache …
 *
 * Objects up to 256 KiB come from size classes; larger ones are spans of their own. Every function
 * may be called by any thread, at any time, also before main and after exit; an object may be freed
 * by another thread than took it.
 *
 * Errors: where memory is out, NULL with errno = ENOMEM, and nothing has changed. Where the caller
 * is wrong (double free, foreign address, …), one line on stderr and abort(). Functions that free
 * keep errno.
 *
 * A program linked with -lmempool has these functions, and its malloc and free are they as well; so
 * has one that runs with LD_PRELOAD=libmempool.so, with no change to it.
 *
 * libmempool.a is for programs: a shared library is linked with -lmempool (the linker would refuse the
 * archive's .preinit_array there). A static C++ program (-static) is linked with
 * -Wl,-u,_ZSt17__throw_bad_allocv too: else an operator new that finds no memory may have no bad_alloc to
 * throw, and aborts.
 *
 * Read next: solution/mempool.c; malloc.c and process.c, which make a library of it. */
#ifndef MEMPOOL_H
#define MEMPOOL_H

#include <stdbool.h>
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

#pragma GCC visibility push(default)

/* At least `bytes` bytes, contents undefined, at a multiple of 16 (of 8 for up to 8 bytes). 0 bytes
 * give a pointer of its own that must not be read. More than PTRDIFF_MAX is ENOMEM. */
void *mempool_alloc(size_t bytes);

/* Give an object back. NULL is ignored. */
void mempool_free(void *object);

/* The same, where the caller knows what was asked for: `alignment` is 0 for mempool_alloc, _calloc
 * and _realloc, else that of mempool_aligned_alloc. The numbers are verified, never trusted: a size
 * or alignment that the object cannot have is a caller_bug WRONG_SIZE. */
void mempool_free_sized(void *object, size_t bytes, size_t alignment);

/* Room for `count` things of `bytes` bytes, all zero. An overflowing product is ENOMEM. */
void *mempool_calloc(size_t count, size_t bytes);

/* Make an object `bytes` long, in place or by moving it: contents up to the smaller size are kept.
 * NULL as object: as mempool_alloc. 0 bytes: an object of the smallest class. On failure the object
 * is as it was. */
void *mempool_realloc(void *object, size_t bytes);

/* At least `bytes` bytes at a multiple of `alignment`, any power of two (EINVAL otherwise). */
void *mempool_aligned_alloc(size_t alignment, size_t bytes);

/* Bytes that may be used from `object` on: what was asked for, or more. 0 for NULL. */
size_t mempool_usable_size(void *object);

/* Give all free memory that can be given back to the operating system: flush the calling thread's
 * cache and the central cache, purge the page cache. Returns bytes purged. */
size_t mempool_purge(void);

struct mempool_stats {
    size_t mapped_bytes;     /* from the operating system, all layers */
    size_t metadata_bytes;   /* of these, the pool's own records */
    size_t handed_bytes;     /* small objects out of the central cache: in use or in threads */
    size_t large_bytes;      /* large objects in use */
    size_t thread_bytes;     /* free in the calling thread's cache */
    size_t ready_bytes;      /* free in ready batches of the central cache */
    size_t span_free_bytes;  /* free in the spans of the central cache */
    size_t page_free_bytes;  /* free in the page cache */
    size_t page_dirty_bytes; /* of these, not yet given back */
    size_t purged_bytes;     /* given back since the start */
    size_t threads;
    size_t thread_fetches, thread_releases;   /* calls of the thread caches down */
    size_t central_fetches, central_releases; /* calls of the central cache by anyone */
    size_t central_ready_hits;                /* fetches answered by a ready batch */
    size_t page_allocs, page_frees, page_grows;
    size_t os_maps, os_unmaps, os_purges;
    size_t lock_acquisitions, lock_contended;
    size_t foreign_frees; /* addresses ignored because they were never ours */
};

/* A snapshot of the counts of all layers; each number is exact at its own moment. */
void mempool_stats(struct mempool_stats *out);

/* Walk all layers. Returns 0, or stage * 100 + the number of the first broken invariant. */
unsigned mempool_check(void);

/* Turn the thorough mode on, while there is one thread and best before anything is allocated: every
 * free object is filled, and verified when it is handed out again; nothing stays in thread caches. Off
 * again: what was filled until then is not looked at any more. */
void mempool_set_checking(bool on);

/* Whether addresses that are not the pool's are ignored and counted by mempool_free instead of being
 * a caller_bug: right for a library that came late into a process. To mempool_realloc such an object is
 * one that cannot be had longer (ENOMEM); its usable size is 0. */
void mempool_ignore_foreign(bool on);

/* Round fork(), all layers: see pthread_atfork. */
void mempool_fork_prepare(void);
void mempool_fork_parent(void);
void mempool_fork_child(void);

#pragma GCC visibility pop

#ifdef __cplusplus
}
#endif

#endif

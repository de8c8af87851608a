/* The stand-in of the central cache, for the tests of stage 2: what tests may ask of it.
 *
 *   program ◀── live ──▶ thread cache under test ◀── out ──▶ stand-in
 *
 * An object is `out` from central_cache_fetch to central_cache_release. A test knows how many of
 * these are in its own hands; the rest lie in thread caches: cached = out - live.
 *
 * It holds its callers to the contract of central_cache.h: each list as long as it says, each object
 * its own, of that class, out, and not written to while it is back; no lock held. A breach ends the
 * test. All functions may be called on any thread. */
#ifndef STAGE2_THREADCACHE_CENTRAL_CACHE_STANDIN_H
#define STAGE2_THREADCACHE_CENTRAL_CACHE_STANDIN_H

#include <stdbool.h>
#include <stddef.h>

/* Of one class, since the start of the test. */
struct central_standin_counts {
    size_t fetches;         /* calls of central_cache_fetch, also those that failed */
    size_t releases;        /* calls of central_cache_release */
    size_t largest_fetch;   /* the most objects wanted by one call */
    size_t largest_release; /* the most objects given back by one call */
    size_t out;             /* objects fetched and not released */
    size_t most_out;        /* the highest that was at any time */
};
struct central_standin_counts central_standin_counts(unsigned class_id);

/* Objects that are out, over all classes. */
size_t central_standin_out(void);

/* Whether `object` is one of that class, and out. */
bool central_standin_is_out(const void *object, unsigned class_id);

/* Bytes of an object of a class: the fixed sizes, not asked of the code under test. */
size_t central_standin_bytes(unsigned class_id);

/* Let the n-th fetch from now on fail, once; 0 means none. */
void central_standin_fail_fetch(size_t nth);

/* Let every fetch fail from now on, or none. */
void central_standin_fail_all_fetches(bool fail);

/* Let a fetch give at most `count` objects, however many are wanted; 0 means no limit. */
void central_standin_give_at_most(size_t count);

/* Change byte `at` of an object that is back, as a program does that writes after free. */
void central_standin_spoil(void *object, size_t at);

#endif

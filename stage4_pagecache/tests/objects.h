/* objects: what the tests of the pool share: objects that must be there, and marks, which are patterns
 * that a test writes into an object to see later that nobody else wrote there.
 *
 *   ▓▓···············▓▓···············▓▓·······▓▓     at the start, once in each 4 KiB, at the end
 *
 * Filling objects of megabytes to the last byte takes too long for tests that use thousands of them;
 * wherever two objects overlap, one of them lies over a mark of the other. */
#ifndef STAGE4_PAGECACHE_TESTS_OBJECTS_H
#define STAGE4_PAGECACHE_TESTS_OBJECTS_H

#include <stddef.h>
#include <stdint.h>

enum { KIB = 1024, MIB = 1024 * KIB };

/* mempool_alloc, which must return an object, aligned as mempool.h says. */
char *objects_take(size_t bytes);

/* Mark an object of `bytes` bytes; different objects get different stamps. */
void objects_mark(void *object, size_t bytes, uint64_t stamp);

/* The first `kept` bytes must hold what objects_mark(…, bytes, stamp) left. */
void objects_check(const void *object, size_t bytes, size_t kept, uint64_t stamp);

/* All of `bytes` bytes must be zero. */
void objects_check_zero(const void *object, size_t bytes);

/* When none is live: purges everything; each byte must be a record's or a clean free page's. */
void objects_check_none_lost(void);

#endif

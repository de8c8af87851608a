/* size_class: which sizes exist, and how much of each moves at a time.
 *
 *   class   1      2 .. 9             10 .. 17              18 .. 25      …   90 .. 97
 *   bytes   8      16, 32, …, 128     144, 160, …, 256      288, …, 512   …   144 KiB, …, 256 KiB
 *           one    steps of 16        8 equal steps for each doubling
 *
 * A request is rounded up to the next size. Class 0 is none: no object has it.
 *
 * Invariants:
 *   I1  every size up to 256 KiB fits into its class, and into no smaller one
 *   I2  at most 1/8 of the rounded size is lost above 128 bytes
 *   I3  sizes from 16 bytes up are multiples of 16, so 16-byte alignment comes by itself
 *   I4  a span of size_class_pages leaves at most 1/8 of itself unused at its end
 *
 * Locking: none, all constant. Read next: thread_cache.h. */
#ifndef STAGE2_THREADCACHE_SIZE_CLASS_H
#define STAGE2_THREADCACHE_SIZE_CLASS_H

#include <stddef.h>

enum {
    SIZE_CLASS_MAX_BYTES = 256 * 1024,
    SIZE_CLASS_COUNT = 98,          /* with class 0 */
    SIZE_CLASS_COMMON_BYTES = 1024, /* most requests are no larger: worth a short way */
    SIZE_CLASS_MAX_BATCH = 64,
};

/* The smallest class whose objects hold `bytes`: 0 bytes are class 1, above the maximum is 0. */
unsigned size_class_of(size_t bytes);

/* Bytes of an object of `class_id`, 0..SIZE_CLASS_COUNT - 1; 0 bytes for class 0. */
size_t size_class_bytes(unsigned class_id);

/* Most objects that move at a time between a thread and the central cache: about 8 KiB of them,
 * 2 to 64; 1 above 32 KiB. 0 for class 0. */
size_t size_class_batch(unsigned class_id);

/* Pages (of PAGE_BYTES) of a span that is cut into objects of `class_id`, 1..97. */
size_t size_class_pages(unsigned class_id);

#endif

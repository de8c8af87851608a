/* How the tests of the thread cache take and give objects: they count what is live, and hold every
 * call to what holds whatever the design is. */
#ifndef STAGE2_THREADCACHE_CACHE_WORK_H
#define STAGE2_THREADCACHE_CACHE_WORK_H

#include <stddef.h>

/* --- For tests of one thread --- */

/* Allocate an object, which must be had: one of the class, out of the stand-in, and with no call
 * down while the thread holds one (I6). */
void *take(unsigned class_id);

/* Free an object; the thread holds at most two batches after that (I5). */
void give(void *object, unsigned class_id);

/* Fill `objects` by take, give them all back in the order of the array. */
void take_many(void **objects, size_t count, unsigned class_id);
void give_many(void **objects, size_t count, unsigned class_id);

/* Free objects of the class that the thread holds: fetched, not released, not live. */
size_t cached(unsigned class_id);

/* Objects that were taken and not given. */
size_t live(unsigned class_id);

/* size_class_batch, sure to be from 1 to 64. */
size_t batch_of(unsigned class_id);

/* Calls down in `operations` allocs and frees: one for each batch is what two lists need. Twice that
 * and two batches more leave room for a design that starts with small batches. */
size_t most_calls(size_t operations, unsigned class_id);

/* --- For any number of threads; nothing is counted --- */

/* Allocate an object, which must be had. */
void *alloc(unsigned class_id);

/* Take up to 100 objects of several classes and fill them, each with a pattern of its own; then look
 * whether the patterns are still there, and free them all. `index` is the thread's. */
void use_some_objects(unsigned index, size_t count);

#endif

/* recorder: remembers the calls that a test makes, and those that the code under test makes down.
 *
 * A stage's tests are linked once more with a wrapper (by the linker's --wrap) round each function
 * of the contract:
 *
 *     void *__wrap_object_pool_alloc(struct object_pool *pool)
 *     {
 *         size_t call = call_begin("object_pool_alloc", "");
 *         void *object = __real_object_pool_alloc(pool);
 *         call_end(call, "%p", object);
 *         return object;
 *     }
 *
 * When the test ends, or crashes, the last calls are written to the file that the environment names
 * in COURSE_CALLS: one line each, calls down indented, addresses named A, B, C … in the order in which
 * they came up, and long runs of one call in one line. `make next` shows them. */
#ifndef COMMON_COURSE_CALLS_RECORDER_H
#define COMMON_COURSE_CALLS_RECORDER_H

#include <stddef.h>

/* A call starts: its name, and its arguments as by printf. Returns what call_end wants. */
size_t call_begin(const char *name, const char *arguments, ...)
    __attribute__((format(printf, 2, 3)));

/* It returned; what, as by printf. "" for nothing. */
void call_end(size_t call, const char *result, ...) __attribute__((format(printf, 2, 3)));

/* Whether the calling thread is inside of a call that is recorded. Queries are only worth a line where
 * the test itself makes them. */
int call_is_nested(void);

#endif

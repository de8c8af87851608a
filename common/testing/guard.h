/* guard: watches, under Valgrind, that an allocator leaves alone the memory it has handed out.
 *
 * The guarded build of a stage's tests links wrappers (tests/guard_wraps.c, by the linker's --wrap)
 * round each function of the layer under test:
 *
 *     void *__wrap_object_pool_alloc(struct object_pool *pool)
 *     {
 *         guard_enter();                          every live object becomes NOACCESS
 *         void *object = __real_object_pool_alloc(pool);
 *         guard_leave();                          and is the test's again
 *         guard_add_live(object, bytes);
 *         return object;
 *     }
 *
 * While the code under test runs, a write or read of a live object is an error that memcheck
 * reports at the line of that code. Calls nest; only the outermost marks. One thread only: tests
 * that start threads do not run in this build. Without Valgrind the requests do nothing. */
#ifndef COMMON_TESTING_GUARD_H
#define COMMON_TESTING_GUARD_H

#include <stddef.h>

void guard_enter(void);
void guard_leave(void);

/* From here on the object is the program's / is not any more. NULL is ignored. Call outside of
 * guard_enter/guard_leave, or between them: it takes effect with the next guard_enter. Remove returns
 * how many bytes were watched, 0 if the object was not. */
void guard_add_live(void *object, size_t bytes);
size_t guard_remove_live(void *object);

/* No object is live any more: their regions are about to be given back. */
void guard_forget_all(void);

#endif

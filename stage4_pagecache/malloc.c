/* malloc: the whole C and C++ allocation surface, on top of mempool.h. Given; not edited.
 *
 *   C     malloc free calloc realloc aligned_alloc free_sized free_aligned_sized
 *   POSIX posix_memalign, and of old: memalign valloc pvalloc cfree
 *   glibc reallocarray malloc_usable_size malloc_trim (malloc_stats is in process.c; mallinfo,
 *         mallinfo2, malloc_info and mallopt in malloc_glibc.c: other C libraries have none)
 *   C++   every operator new and delete, by their mangled names
 *
 * Nothing is initialised: the first malloc comes before any constructor. Compiled with -fexceptions:
 * the C++ runtime's bad_alloc passes through operator new.
 *
 * Read next: process.c, for what depends on the process. */
#include <dlfcn.h>
#include <errno.h>
#include <malloc.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "stage4_pagecache/mempool.h"

#define EXPORT __attribute__((visibility("default")))

/* --- C --- */

EXPORT void *malloc(size_t bytes)
{
    return mempool_alloc(bytes);
}

EXPORT void free(void *object)
{
    mempool_free(object);
}

EXPORT void *calloc(size_t count, size_t bytes)
{
    return mempool_calloc(count, bytes);
}

/* As glibc and POSIX have it: realloc(p, 0) of an object frees it and returns NULL. */
EXPORT void *realloc(void *object, size_t bytes)
{
    if (object != NULL && bytes == 0) {
        mempool_free(object);
        return NULL;
    }
    return mempool_realloc(object, bytes);
}

EXPORT void *reallocarray(void *object, size_t count, size_t bytes)
{
    size_t total = 0;
    if (__builtin_mul_overflow(count, bytes, &total)) {
        errno = ENOMEM;
        return NULL;
    }
    return realloc(object, total);
}

EXPORT void *aligned_alloc(size_t alignment, size_t bytes)
{
    return mempool_aligned_alloc(alignment, bytes);
}

void free_sized(void *object, size_t bytes);
EXPORT void free_sized(void *object, size_t bytes)
{
    mempool_free_sized(object, bytes, 0);
}

void free_aligned_sized(void *object, size_t alignment, size_t bytes);
EXPORT void free_aligned_sized(void *object, size_t alignment, size_t bytes)
{
    mempool_free_sized(object, bytes, alignment);
}

/* --- POSIX and older --- */

EXPORT int posix_memalign(void **object, size_t alignment, size_t bytes)
{
    if (alignment % sizeof(void *) != 0 || alignment == 0 || (alignment & (alignment - 1)) != 0)
        return EINVAL;
    int saved_errno = errno;
    void *got = mempool_aligned_alloc(alignment, bytes);
    errno = saved_errno;
    if (got == NULL)
        return ENOMEM;
    *object = got;
    return 0;
}

/* memalign takes any alignment and rounds it up to a power of two. */
EXPORT void *memalign(size_t alignment, size_t bytes)
{
    size_t power = 1;
    while (power < alignment && power <= SIZE_MAX / 2)
        power *= 2;
    return mempool_aligned_alloc(power, bytes);
}

EXPORT void *valloc(size_t bytes)
{
    return mempool_aligned_alloc((size_t)sysconf(_SC_PAGESIZE), bytes);
}

/* Not every C library declares it. */
void *pvalloc(size_t bytes); // NOLINT(readability-redundant-declaration)
EXPORT void *pvalloc(size_t bytes)
{
    size_t page = (size_t)sysconf(_SC_PAGESIZE);
    if (bytes > SIZE_MAX - page) {
        errno = ENOMEM;
        return NULL;
    }
    return mempool_aligned_alloc(page, (bytes + page - 1) / page * page);
}

void cfree(void *object);
EXPORT void cfree(void *object)
{
    mempool_free(object);
}

/* --- glibc --- */

EXPORT size_t malloc_usable_size(void *object)
{
    return mempool_usable_size(object);
}

/* Returns 1 where memory was given back. Not every C library declares it. */
int malloc_trim(size_t keep_bytes); // NOLINT(readability-redundant-declaration)
EXPORT int malloc_trim(size_t keep_bytes)
{
    (void)keep_bytes; /* glibc means the top of its heap, which this pool has not */
    return mempool_purge() != 0;
}

/* --- C++ ---
 *
 * These names are the C++ ABI's: new is _Zn (array: _Zna) with the parameters' types behind, `m` a
 * size_t, `St11align_val_t` an alignment, `RKSt9nothrow_t` nothrow. The runtime's two functions are
 * weak: in a C program they are NULL, and nobody calls operator new. */

typedef void (*new_handler)(void);
new_handler _ZSt15get_new_handlerv(void) __attribute__((weak)); /* std::get_new_handler() */
_Noreturn void _ZSt17__throw_bad_allocv(void) __attribute__((weak));

/* Memory is out: let the program's new-handler free some and try again. NULL where there is none. */
static void *new_by_handler(size_t alignment, size_t bytes)
{
    for (;;) {
        void *object =
            alignment == 0 ? mempool_alloc(bytes) : mempool_aligned_alloc(alignment, bytes);
        if (object != NULL)
            return object;
        new_handler handler = _ZSt15get_new_handlerv == NULL ? NULL : _ZSt15get_new_handlerv();
        if (handler == NULL)
            return NULL;
        handler();
    }
}

static void *new_slowly(size_t alignment, size_t bytes)
{
    void *object = new_by_handler(alignment, bytes);
    if (object != NULL)
        return object;
    if (_ZSt17__throw_bad_allocv != NULL)
        _ZSt17__throw_bad_allocv();
    abort();
}

static void *new_object(size_t bytes)
{
    void *object = mempool_alloc(bytes);
    return __builtin_expect(object != NULL, 1) ? object : new_slowly(0, bytes);
}

static void *new_aligned(size_t bytes, size_t alignment)
{
    void *object = mempool_aligned_alloc(alignment, bytes);
    return object != NULL ? object : new_slowly(alignment, bytes);
}

/* Memory is out in a nothrow new: it too owes the new-handler a call, and that may throw. Only C++ can
 * catch: the runtime's own function of this name calls operator new above, and catches. A static program has
 * no such second function: there the handler is called from here, and must not throw. */
static void *runtimes_own(const char *name)
{
    return dlsym(RTLD_NEXT, name);
}

static void *new_nothrow(size_t bytes, const void *nothrow)
{
    void *object = mempool_alloc(bytes);
    if (__builtin_expect(object != NULL, 1))
        return object;
    void *(*own)(size_t, const void *) = NULL;
    *(void **)&own = runtimes_own("_ZnwmRKSt9nothrow_t");
    return own == NULL ? new_by_handler(0, bytes) : own(bytes, nothrow);
}

static void *new_aligned_nothrow(size_t bytes, size_t alignment, const void *nothrow)
{
    void *object = mempool_aligned_alloc(alignment, bytes);
    if (object != NULL)
        return object;
    void *(*own)(size_t, size_t, const void *) = NULL;
    *(void **)&own = runtimes_own("_ZnwmSt11align_val_tRKSt9nothrow_t");
    return own == NULL ? new_by_handler(alignment, bytes) : own(bytes, alignment, nothrow);
}

/* Each name is declared where it is defined: no header has them. */
#define OPERATOR_NEW(name, parameters, body)                                                       \
    void *name parameters;                                                                         \
    EXPORT void *name parameters                                                                   \
    {                                                                                              \
        return body;                                                                               \
    }
#define OPERATOR_DELETE(name, parameters, body)                                                    \
    void name parameters;                                                                          \
    EXPORT void name parameters                                                                    \
    {                                                                                              \
        body;                                                                                      \
    }
#define NOTHROW __attribute__((unused)) const void *nothrow

OPERATOR_NEW(_Znwm, (size_t bytes), new_object(bytes))
OPERATOR_NEW(_Znam, (size_t bytes), new_object(bytes))
OPERATOR_NEW(_ZnwmRKSt9nothrow_t, (size_t bytes, NOTHROW), new_nothrow(bytes, nothrow))
OPERATOR_NEW(_ZnamRKSt9nothrow_t, (size_t bytes, NOTHROW), new_nothrow(bytes, nothrow))
OPERATOR_NEW(_ZnwmSt11align_val_t, (size_t bytes, size_t alignment), new_aligned(bytes, alignment))
OPERATOR_NEW(_ZnamSt11align_val_t, (size_t bytes, size_t alignment), new_aligned(bytes, alignment))
OPERATOR_NEW(_ZnwmSt11align_val_tRKSt9nothrow_t, (size_t bytes, size_t alignment, NOTHROW),
             new_aligned_nothrow(bytes, alignment, nothrow))
OPERATOR_NEW(_ZnamSt11align_val_tRKSt9nothrow_t, (size_t bytes, size_t alignment, NOTHROW),
             new_aligned_nothrow(bytes, alignment, nothrow))

OPERATOR_DELETE(_ZdlPv, (void *object), mempool_free(object))
OPERATOR_DELETE(_ZdaPv, (void *object), mempool_free(object))
OPERATOR_DELETE(_ZdlPvRKSt9nothrow_t, (void *object, NOTHROW), mempool_free(object))
OPERATOR_DELETE(_ZdaPvRKSt9nothrow_t, (void *object, NOTHROW), mempool_free(object))
OPERATOR_DELETE(_ZdlPvm, (void *object, size_t bytes), mempool_free_sized(object, bytes, 0))
OPERATOR_DELETE(_ZdaPvm, (void *object, size_t bytes), mempool_free_sized(object, bytes, 0))
OPERATOR_DELETE(_ZdlPvSt11align_val_t, (void *object, __attribute__((unused)) size_t alignment),
                mempool_free(object))
OPERATOR_DELETE(_ZdaPvSt11align_val_t, (void *object, __attribute__((unused)) size_t alignment),
                mempool_free(object))
OPERATOR_DELETE(_ZdlPvSt11align_val_tRKSt9nothrow_t,
                (void *object, __attribute__((unused)) size_t alignment, NOTHROW),
                mempool_free(object))
OPERATOR_DELETE(_ZdaPvSt11align_val_tRKSt9nothrow_t,
                (void *object, __attribute__((unused)) size_t alignment, NOTHROW),
                mempool_free(object))
OPERATOR_DELETE(_ZdlPvmSt11align_val_t, (void *object, size_t bytes, size_t alignment),
                mempool_free_sized(object, bytes, alignment))
OPERATOR_DELETE(_ZdaPvmSt11align_val_t, (void *object, size_t bytes, size_t alignment),
                mempool_free_sized(object, bytes, alignment))

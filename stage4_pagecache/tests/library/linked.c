/* A program linked with the library, and with functions of its own whose names the library uses inside:
 * that must be nobody's business. */
#include <malloc.h>
#include <stdlib.h>
#include <string.h>

#include "expect.h"
#include <mempool.h>

int caller_bug(void);
int lock_acquire(void);
int thread_cache_alloc(void);

int caller_bug(void)
{
    return 1;
}

int lock_acquire(void)
{
    return 2;
}

int thread_cache_alloc(void)
{
    return 3;
}

/* While each free object is verified, emptied spans wait for it; then no more. */
static void check_checking_ends(void)
{
    enum { COUNT = 100, BYTES = 30000 };
    void *objects[COUNT];
    mempool_set_checking(true);
    for (size_t i = 0; i < COUNT; i++)
        objects[i] = mempool_alloc(BYTES);
    for (size_t i = 0; i < COUNT; i++)
        mempool_free(objects[i]);
    mempool_set_checking(false);
    for (size_t i = 0; i < COUNT; i++)
        objects[i] = mempool_alloc(BYTES);
    for (size_t i = 0; i < COUNT; i++)
        mempool_free(objects[i]);
    struct mempool_stats stats;
    mempool_purge();
    mempool_stats(&stats);
    expect_at_most(stats.span_free_bytes, 20 * BYTES, "bytes free in spans after checking ended");
}

int main(int count, char **arguments)
{
    expect(caller_bug() + lock_acquire() + thread_cache_alloc() == 6, "own functions are called");
    char *object = mempool_aligned_alloc(64, 1000);
    memset(object, 1, 1000);
    object = mempool_realloc(object, 100000);
    expect(object != NULL && object[999] == 1, "mempool.h and -lmempool");
    mempool_free_sized(object, 100000, 0);
    expect(mempool_usable_size(strdup("a string")) == 16, "the program's malloc is the library's");
    check_checking_ends();
    expect(mallopt(M_ARENA_MAX, 1) == 1 && mallinfo2().arena > 0 && malloc_info(1, stdout) == -1,
           "what only glibc has is the library's");
    expect(mempool_check() == 0, "mempool_check");
    if (count == 2 && strcmp(arguments[1], "misuse") == 0)
        mempool_free(&count);
    return 0;
}

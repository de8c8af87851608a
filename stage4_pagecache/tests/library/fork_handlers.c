/* A library that, as some do, allocates in its fork handlers. */
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

unsigned fork_handlers_called(void);

static unsigned called;

unsigned fork_handlers_called(void)
{
    return called;
}

/* Sizes that are rare enough to come from below the thread's cache. */
static void allocate(void)
{
    for (size_t bytes = 9000; bytes < 800000; bytes *= 3) {
        char *object = malloc(bytes + called % 100 * 64);
        memset(object, 1, bytes);
        free(object);
    }
    called++;
}

__attribute__((constructor)) static void start(void)
{
    pthread_atfork(allocate, allocate, allocate);
}

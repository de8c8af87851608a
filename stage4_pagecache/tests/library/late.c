/* late LIBRARY plain|global|deep|bare: a running program loads the library, `bare` after it cleared its
 * environment. The program goes on with the malloc that it had; what it wrongly gives to the pool is ignored
 * and counted. Run without LD_PRELOAD. */
#include <dlfcn.h>
#include <errno.h>
#include <malloc.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "expect.h"
#include "mempool.h"

enum { BEFORE = 1000 };

static struct {
    void *(*alloc)(size_t bytes);
    void (*free)(void *object);
    void *(*realloc)(void *object, size_t bytes);
    size_t (*usable_size)(void *object);
    void (*stats)(struct mempool_stats *out);
    void (*plain_free)(void *object);
} pool;

static void look_up(void *library)
{
    *(void **)&pool.alloc = dlsym(library, "mempool_alloc");
    *(void **)&pool.free = dlsym(library, "mempool_free");
    *(void **)&pool.realloc = dlsym(library, "mempool_realloc");
    *(void **)&pool.usable_size = dlsym(library, "mempool_usable_size");
    *(void **)&pool.stats = dlsym(library, "mempool_stats");
    *(void **)&pool.plain_free = dlsym(library, "free");
}

static void *use_pool(void *unused)
{
    for (size_t i = 0; i < 20000; i++) {
        char *object = pool.alloc(i % 3000 + 1);
        object[0] = 1;
        pool.free(object);
    }
    return unused;
}

static void use_pool_in_threads(void)
{
    pthread_t threads[4];
    for (size_t i = 0; i < 4; i++)
        pthread_create(&threads[i], NULL, use_pool, NULL);
    for (size_t i = 0; i < 4; i++)
        pthread_join(threads[i], NULL);
}

static bool fork_works(void)
{
    int status = 1;
    pid_t child = fork();
    if (child == 0) {
        alarm(20);
        use_pool(NULL);
        free(malloc(100));
        _exit(0);
    }
    return child > 0 && waitpid(child, &status, 0) == child && status == 0;
}

static void check_foreign_addresses(char *foreign)
{
    struct mempool_stats stats;
    memcpy(foreign, "kept", sizeof "kept");
    pool.free(foreign);
    pool.plain_free(foreign);
    pool.free(&stats);
    pool.stats(&stats);
    expect(stats.foreign_frees == 3, "addresses of the other malloc are ignored and counted");
    errno = 0;
    expect(pool.realloc(foreign, 100) == NULL && errno == ENOMEM && pool.usable_size(foreign) == 0,
           "and cannot be resized");
    expect(strcmp(foreign, "kept") == 0, "and keep their contents");
}

int main(int count, char **arguments)
{
    alarm(100); /* a deadlock ends */
    if (count != 3) {
        fprintf(stderr, "usage: late LIBRARY plain|global|deep|bare\n");
        return 2;
    }
    char *before[BEFORE];
    for (size_t i = 0; i < BEFORE; i++)
        before[i] = malloc(i * 7);
    int mode = strcmp(arguments[2], "deep") == 0     ? RTLD_NOW | RTLD_LOCAL | RTLD_DEEPBIND
               : strcmp(arguments[2], "global") == 0 ? RTLD_NOW | RTLD_GLOBAL
                                                     : RTLD_NOW | RTLD_LOCAL;
    if (strcmp(arguments[2], "bare") == 0)
        clearenv();
    void *library = dlopen(arguments[1], mode);
    expect(library != NULL, "a running program loads the library");
    if (library == NULL)
        return 1;
    look_up(library);
    for (size_t i = 0; i < BEFORE; i++)
        free(before[i]);
    char *object = malloc(5000);
    expect(object != NULL && malloc_usable_size(object) >= 5000,
           "and keeps the malloc that it had");
    check_foreign_addresses(object);
    free(object);
    use_pool_in_threads();
    expect(fork_works(), "threads and children use the pool");
    dlclose(library);
    use_pool_in_threads();
    expect(true, "also after dlclose");
    return 0;
}

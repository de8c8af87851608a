/* plugins PLUGIN [COUNT]: loads and unloads a library that allocates, COUNT times (default 300), while other threads
 * allocate. What came from it is freed after it is gone. Run with LD_PRELOAD. */
#include <dlfcn.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "expect.h"
#include "mempool.h"

enum { USUAL_COUNT = 300, MIB = 1024 * 1024, WORKERS = 2 };

static atomic_bool stop;
static void (*stats_of)(struct mempool_stats *);

static void *work_until_stopped(void *unused)
{
    void *objects[64] = {0};
    for (size_t i = 0; !atomic_load(&stop); i++) {
        free(objects[i % 64]);
        objects[i % 64] = malloc(i * 37 % 20000);
        if (i % 1000 == 0)
            usleep(100);
    }
    for (size_t i = 0; i < 64; i++)
        free(objects[i]);
    return unused;
}

static size_t mapped_bytes(void)
{
    struct mempool_stats stats;
    stats_of(&stats);
    return stats.mapped_bytes;
}

/* Returns what the plugin said, which the caller frees, or NULL. */
static char *load_call_unload(const char *path)
{
    char *(*greet)(const char *) = NULL;
    void *plugin = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    if (plugin == NULL)
        return NULL;
    *(void **)&greet = dlsym(plugin, "plugin_greet");
    char *greeting = greet == NULL ? NULL : greet("world");
    return dlclose(plugin) == 0 ? greeting : NULL;
}

static size_t count_good_rounds(const char *path, size_t count, size_t *settled_bytes)
{
    size_t good = 0;
    for (size_t i = 0; i < count; i++) {
        char *greeting = load_call_unload(path);
        good += greeting != NULL && strcmp(greeting, "hello world") == 0;
        free(greeting);
        if (i == count / 10)
            *settled_bytes = mapped_bytes();
    }
    return good;
}

int main(int argument_count, char **arguments)
{
    alarm(300); /* a deadlock ends */
    *(void **)&stats_of = dlsym(RTLD_DEFAULT, "mempool_stats");
    if (stats_of == NULL || argument_count < 2) {
        expect(false, "usage: LD_PRELOAD=libmempool.so plugins PLUGIN [COUNT]");
        return 2;
    }
    size_t count = argument_count == 3 ? (size_t)atol(arguments[2]) : USUAL_COUNT;
    pthread_t workers[WORKERS];
    for (size_t i = 0; i < WORKERS; i++)
        pthread_create(&workers[i], NULL, work_until_stopped, NULL);
    size_t settled_bytes = 0;
    size_t good = count_good_rounds(arguments[1], count, &settled_bytes);
    atomic_store(&stop, true);
    for (size_t i = 0; i < WORKERS; i++)
        pthread_join(workers[i], NULL);
    expect(good == count, "a library that allocates is loaded and unloaded");
    expect_at_most(mapped_bytes() - settled_bytes, 32 * MIB,
                   "more bytes mapped than after a tenth");
    return 0;
}

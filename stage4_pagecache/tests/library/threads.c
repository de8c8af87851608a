/* threads come-and-go|produce|starts [COUNT]. 64 threads at a time, 10,000 in all, each with its own cache:
 * mapped memory stays flat. A producer and a consumer pass ten million objects: memory stays near what is
 * live. And COUNT threads (default 10,000) that are started, allocate a little and end. Run with LD_PRELOAD. */
#include <dlfcn.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "expect.h"
#include "mempool.h"

enum { KIB = 1024, MIB = 1024 * KIB };

static void (*stats_of)(struct mempool_stats *);

static size_t mapped_bytes(void)
{
    struct mempool_stats stats;
    stats_of(&stats);
    return stats.mapped_bytes;
}

/* --- Threads that come and go --- */

enum { AT_A_TIME = 64, ROUNDS = 157, LEFT = 20 };

static void *left_behind[AT_A_TIME][LEFT];

/* Each round holds as much as any: all threads take before one gives back, and all give back before
 * one ends. Otherwise the first rounds would say nothing about the last, on a busy machine. */
static pthread_barrier_t all_threads;

static void *live_briefly(void *argument)
{
    void **left = argument;
    char *objects[60];
    for (size_t i = 0; i < 60; i++) {
        objects[i] = malloc((i % 12 + 1) * 300);
        objects[i][0] = 1;
    }
    pthread_barrier_wait(&all_threads);
    for (size_t i = 0; i < 60; i++)
        free(objects[i]);
    for (size_t i = 0; i < LEFT; i++) {
        free(left[i]); /* of another thread */
        left[i] = malloc(700);
    }
    pthread_barrier_wait(&all_threads);
    return NULL;
}

static void run_threads(void)
{
    pthread_t threads[AT_A_TIME];
    for (size_t i = 0; i < AT_A_TIME; i++)
        pthread_create(&threads[i], NULL, live_briefly, left_behind[i]);
    for (size_t i = 0; i < AT_A_TIME; i++)
        pthread_join(threads[i], NULL);
}

static void check_threads(void)
{
    size_t mapped_at_first = 0;
    pthread_barrier_init(&all_threads, NULL, AT_A_TIME);
    for (int round = 0; round < ROUNDS; round++) {
        run_threads();
        if (round == 10)
            mapped_at_first = mapped_bytes();
    }
    expect_at_most(mapped_bytes() - mapped_at_first, 8 * MIB,
                   "bytes mapped by 9,344 threads more than by the first 704");
    struct mempool_stats stats;
    stats_of(&stats);
    expect_at_most(stats.threads, 1, "threads with a cache after all have ended");
}

/* --- Producer and consumer --- */

enum { OBJECTS = 10 * 1000 * 1000, RING = 1 << 14, BYTES = 64 };

static struct {
    _Atomic(char *) slots[RING];
    _Atomic(size_t) produced;
    _Atomic(size_t) consumed;
} ring;

static void *produce(void *unused)
{
    for (size_t i = 0; i < OBJECTS; i++) {
        while (i - atomic_load_explicit(&ring.consumed, memory_order_acquire) >= RING)
            sched_yield();
        char *object = malloc(BYTES);
        memcpy(object, &i, sizeof i);
        atomic_store_explicit(&ring.slots[i % RING], object, memory_order_relaxed);
        atomic_store_explicit(&ring.produced, i + 1, memory_order_release);
    }
    return unused;
}

static void *consume(void *wrong)
{
    for (size_t i = 0; i < OBJECTS; i++) {
        while (atomic_load_explicit(&ring.produced, memory_order_acquire) == i)
            sched_yield();
        char *object = atomic_load_explicit(&ring.slots[i % RING], memory_order_relaxed);
        *(size_t *)wrong += memcmp(object, &i, sizeof i) != 0;
        free(object);
        atomic_store_explicit(&ring.consumed, i + 1, memory_order_release);
    }
    return NULL;
}

static void check_producer_and_consumer(void)
{
    pthread_t threads[2];
    size_t wrong = 0;
    size_t mapped_before = mapped_bytes();
    pthread_create(&threads[0], NULL, produce, NULL);
    pthread_create(&threads[1], NULL, consume, &wrong);
    pthread_join(threads[0], NULL);
    pthread_join(threads[1], NULL);
    expect(wrong == 0, "ten million objects passed from thread to thread");
    const size_t live = (size_t)RING * BYTES;
    expect_at_most(mapped_bytes() - mapped_before, 2 * live + 8 * MIB, "bytes mapped for that");
    expect_at_most(process_bytes("VmHWM:"), 2 * live + 8 * MIB, "peak of bytes resident");
}

/* --- Many starts --- */

enum { USUAL_STARTS = 10000 };

static void *allocate_a_little(void *argument)
{
    char *object = malloc((size_t)argument % 500 + 1);
    object[0] = 1;
    free(malloc(2000));
    return object;
}

static void check_starts(size_t starts)
{
    size_t failed = 0;
    size_t mapped_at_first = 0;
    for (size_t i = 0; i < starts; i++) {
        pthread_t thread;
        void *object = NULL;
        failed += pthread_create(&thread, NULL, allocate_a_little, (void *)i) != 0 ||
                  pthread_join(thread, &object) != 0;
        free(object);
        if (i == starts / 10)
            mapped_at_first = mapped_bytes();
    }
    expect_at_most(failed, 0, "threads of many that could not be started");
    expect_at_most(mapped_bytes() - mapped_at_first, 2 * MIB,
                   "bytes mapped by all of them more than by the first tenth");
}

int main(int count, char **arguments)
{
    alarm(300); /* a deadlock ends */
    *(void **)&stats_of = dlsym(RTLD_DEFAULT, "mempool_stats");
    if (stats_of == NULL || count < 2) {
        expect(false, "usage: LD_PRELOAD=libmempool.so threads come-and-go|produce|starts [COUNT]");
        return 2;
    }
    if (strcmp(arguments[1], "produce") == 0)
        check_producer_and_consumer();
    else if (strcmp(arguments[1], "starts") == 0)
        check_starts(count == 3 ? (size_t)atol(arguments[2]) : USUAL_STARTS);
    else
        check_threads();
    return 0;
}

/* workload: what the benchmark programs share: random numbers, threads, arguments.
 *
 *   program [--scale N] [--count] [argument]
 *
 * --scale N does N hundredths of the usual work; --count prints how many objects were asked for
 * (calls of malloc, calloc, realloc and their like). What a program does depends on its arguments
 * only, so that its CPU time can be compared from run to run and from allocator to allocator.
 *
 * All memory that the programs ask malloc for is what they are about; arrays that they need to
 * remember it are static. */
#ifndef COMMON_BENCH_WORKLOAD_H
#define COMMON_BENCH_WORKLOAD_H

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* --- Random numbers: SplitMix64, a few instructions each, so that they weigh little --- */

struct random {
    uint64_t state;
};

static inline struct random random_start(uint64_t stream)
{
    return (struct random){(stream + 1) * 0xd1342543de82ef95u};
}

static inline uint64_t random_next(struct random *random)
{
    uint64_t z = random->state += 0x9e3779b97f4a7c15u;
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
    z = (z ^ z >> 27) * 0x94d049bb133111ebu;
    return z ^ z >> 31;
}

/* A number below `limit`, itself below 2^32; by multiplication, which is cheaper than division. */
static inline size_t random_below(struct random *random, size_t limit)
{
    return (size_t)((random_next(random) >> 32) * limit >> 32);
}

/* A size from `least` to `most`, small ones more often: each doubling is as likely as the next. */
static inline size_t random_size(struct random *random, size_t least, size_t most)
{
    unsigned doublings = 0;
    while (least << (doublings + 1) <= most)
        doublings++;
    size_t base = least << random_below(random, doublings + 1);
    size_t bytes = base + random_below(random, base);
    return bytes < most ? bytes : most;
}

/* --- Arguments, and what is printed --- */

enum { WORKLOAD_USAGE_STATUS = 2 };

static struct {
    size_t scale; /* in hundredths */
    bool counts;
    const char *argument; /* or NULL */
} workload = {.scale = 100};

static inline void workload_start(int count, char **arguments)
{
    for (int i = 1; i < count; i++) {
        if (strcmp(arguments[i], "--count") == 0)
            workload.counts = true;
        else if (strcmp(arguments[i], "--scale") == 0 && i + 1 < count)
            workload.scale = strtoul(arguments[++i], NULL, 10);
        else
            workload.argument = arguments[i];
    }
}

static inline _Noreturn void workload_usage(const char *arguments)
{
    fprintf(stderr, "arguments: [--scale PERCENT] [--count] %s\n", arguments);
    exit(WORKLOAD_USAGE_STATUS);
}

/* `count` of the usual work, scaled; at least 1. */
static inline size_t workload_times(size_t count)
{
    size_t scaled = count * workload.scale / 100;
    return scaled == 0 ? 1 : scaled;
}

/* The last thing that main does. */
static inline int workload_end(size_t operations)
{
    if (workload.counts)
        printf("operations %zu\n", operations);
    return EXIT_SUCCESS;
}

/* --- Objects --- */

/* Write to each cache line of an object, as the program that wanted it would. */
static inline void *use(void *object, size_t bytes)
{
    if (object == NULL) {
        fprintf(stderr, "no memory for %zu bytes\n", bytes);
        exit(EXIT_FAILURE);
    }
    for (size_t i = 0; i < bytes; i += 64)
        ((volatile char *)object)[i] = (char)i;
    return object;
}

static inline void *take(size_t bytes)
{
    return use(malloc(bytes), bytes);
}

/* --- Threads --- */

enum { WORKLOAD_MOST_THREADS = 64 };

struct workload_thread {
    void (*body)(unsigned index);
    unsigned index;
    pthread_t id;
};

static inline void *workload_thread_main(void *argument)
{
    struct workload_thread *thread = (struct workload_thread *)argument;
    thread->body(thread->index);
    return NULL;
}

/* Run body(0), body(1), … on `count` threads of their own; return when all have ended. */
static inline void run_threads(unsigned count, void (*body)(unsigned index))
{
    struct workload_thread threads[WORKLOAD_MOST_THREADS + 1]; /* and one that watches them */
    for (unsigned i = 0; i < count; i++) {
        threads[i] = (struct workload_thread){.body = body, .index = i};
        if (pthread_create(&threads[i].id, NULL, workload_thread_main, &threads[i]) != 0) {
            fputs("a thread cannot be started\n", stderr);
            exit(EXIT_FAILURE);
        }
    }
    for (unsigned i = 0; i < count; i++)
        pthread_join(threads[i].id, NULL);
}

#endif

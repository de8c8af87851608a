/* live OBJECTS THREADS STEPS: objects of 16 bytes to 4 KiB, replaced at random in a set of OBJECTS, by
 * THREADS threads that have a part of it each. make bench-scale runs it.
 *
 *   fill ── warm up, a tenth of the steps ── | all STEPS | ── print what lies between the bars
 *
 * Nothing is written to objects: what grows is to be the allocator's, not the processor's misses on
 * the program's data. Under callgrind only that part is counted. Prints "name value" lines; the
 * counts only where libmempool.so is preloaded. */
#include <dlfcn.h>
#include <time.h>
#include <valgrind/callgrind.h>

#include "common/bench/workload.h"
#include "stage4_pagecache/mempool.h"

enum { LEAST_BYTES = 16, MOST_BYTES = 4096, MOST_OBJECTS = 10000000, WARM_UP_PART = 10 };

static void *objects[MOST_OBJECTS];
static size_t objects_a_thread;
static size_t steps_a_thread;
static pthread_barrier_t bar;

static void replace_at_random(void **slots, size_t steps, struct random *random)
{
    for (size_t i = 0; i < steps; i++) {
        void **slot = &slots[random_below(random, objects_a_thread)];
        free(*slot);
        *slot = malloc(random_size(random, LEAST_BYTES, MOST_BYTES));
        if (*slot == NULL)
            exit(EXIT_FAILURE);
    }
}

static void work(unsigned index)
{
    struct random random = random_start(index);
    void **slots = &objects[index * objects_a_thread];
    for (size_t i = 0; i < objects_a_thread; i++)
        slots[i] = malloc(random_size(&random, LEAST_BYTES, MOST_BYTES));
    replace_at_random(slots, steps_a_thread / WARM_UP_PART, &random);
    pthread_barrier_wait(&bar); /* all are ready, */
    pthread_barrier_wait(&bar); /* and the clock runs */
    replace_at_random(slots, steps_a_thread, &random);
    pthread_barrier_wait(&bar); /* all are done, */
    pthread_barrier_wait(&bar); /* and what it cost is noted */
}

/* --- Between the bars --- */

static void (*read_stats)(struct mempool_stats *out);

static struct mempool_stats stats_now(void)
{
    struct mempool_stats stats = {0};
    if (read_stats != NULL)
        read_stats(&stats);
    return stats;
}

static double cpu_seconds(void)
{
    struct timespec time;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
    return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

static void print_costs(double seconds, struct mempool_stats a, struct mempool_stats b)
{
    size_t central =
        b.central_fetches + b.central_releases - a.central_fetches - a.central_releases;
    size_t pages = b.page_allocs + b.page_frees - a.page_allocs - a.page_frees;
    size_t system = b.os_maps + b.os_unmaps + b.os_purges - a.os_maps - a.os_unmaps - a.os_purges;
    printf("seconds %.9f\n", seconds);
    printf("calls %zu\n", central + pages + system);
}

static void measure(unsigned index)
{
    (void)index;
    pthread_barrier_wait(&bar);
    struct mempool_stats before = stats_now();
    double start = cpu_seconds();
    CALLGRIND_START_INSTRUMENTATION;
    pthread_barrier_wait(&bar);
    pthread_barrier_wait(&bar);
    CALLGRIND_STOP_INSTRUMENTATION;
    print_costs(cpu_seconds() - start, before, stats_now());
    pthread_barrier_wait(&bar);
}

static void work_or_measure(unsigned index)
{
    if (index == 0)
        measure(index);
    else
        work(index - 1);
}

int main(int count, char **arguments)
{
    unsigned threads = count == 4 ? (unsigned)strtoul(arguments[2], NULL, 10) : 0;
    if (threads < 1 || threads > WORKLOAD_MOST_THREADS)
        workload_usage("OBJECTS THREADS STEPS");
    objects_a_thread = strtoul(arguments[1], NULL, 10) / threads;
    steps_a_thread = strtoul(arguments[3], NULL, 10) / threads;
    if (objects_a_thread < 1 || objects_a_thread * threads > MOST_OBJECTS)
        workload_usage("OBJECTS, up to 10^7, THREADS STEPS");
    *(void **)&read_stats = dlsym(RTLD_DEFAULT, "mempool_stats");
    pthread_barrier_init(&bar, NULL, threads + 1);
    run_threads(threads + 1, work_or_measure);
    return EXIT_SUCCESS;
}

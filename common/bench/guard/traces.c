/* traces: fixed scripts of calls, and what the library did for them. make guard runs them.
 *
 *   traces NAME [PERCENT]       with libmempool.so preloaded; PERCENT of the usual number of steps
 *
 *   mixed      sizes 16 bytes to 4 KiB, replaced at random; one thread
 *   hand-over  one thread takes all, another frees all, strictly in turn
 *   grow       strings that grow by realloc
 *   large      256 KiB to 8 MiB, replaced at random, never written to
 *   many       half a million objects of 64 bytes, taken and freed, twice; then five quiet seconds
 *
 * Prints a line "name value" for each count of mempool_stats that says something, and for memory:
 * pages of 4 KiB mapped at the peak, and the most bytes that the pool kept from the system for each
 * byte that lived then. No figure depends on time, processors or addresses: threads wait for each
 * other, what is sampled is sampled by step, and the library's clock is this program's: each call takes
 * a microsecond. */
#include <dlfcn.h>
#include <time.h>

#include "common/bench/workload.h"
#include "stage4_pagecache/mempool.h"

enum { SAMPLES = 64, OS_PAGE = 4096, KIB = 1024, MIB = 1024 * KIB };

/* --- The clock that the library finds before the C library's --- */

static size_t microseconds;

int clock_gettime(clockid_t clock, struct timespec *now)
{
    (void)clock;
    now->tv_sec = (time_t)(microseconds / 1000000);
    now->tv_nsec = (long)(microseconds % 1000000) * 1000;
    return 0;
}

/* --- Objects, the bytes that live, and the peak --- */

struct object {
    void *start;
    size_t bytes;
};

static struct object *objects;
static size_t live_bytes;
static size_t live_at_peak;
static size_t kept_at_peak;
static size_t mapped_at_peak;
static void (*read_stats)(struct mempool_stats *out);

static void give(struct object *object)
{
    microseconds++;
    live_bytes -= object->bytes;
    free(object->start);
    *object = (struct object){0};
}

static void replace(struct object *object, size_t bytes)
{
    give(object);
    *object = (struct object){malloc(bytes), bytes};
    if (object->start == NULL)
        exit(EXIT_FAILURE);
    live_bytes += bytes;
}

/* Pages that are free and given back cost nothing: all others are kept from the system. */
static size_t kept_bytes(const struct mempool_stats *stats)
{
    return stats->mapped_bytes - (stats->page_free_bytes - stats->page_dirty_bytes);
}

static void sample(void)
{
    struct mempool_stats stats;
    read_stats(&stats);
    size_t kept = kept_bytes(&stats);
    if (stats.mapped_bytes > mapped_at_peak)
        mapped_at_peak = stats.mapped_bytes;
    if (live_bytes > live_at_peak)
        live_at_peak = live_bytes;
    if (kept > kept_at_peak)
        kept_at_peak = kept;
}

static bool is_time_to_sample(size_t step, size_t steps)
{
    return steps < SAMPLES || step % (steps / SAMPLES) == 0;
}

/* --- The scripts --- */

static void replace_at_random(size_t slots, size_t steps, size_t least, size_t most)
{
    struct random random = random_start(1);
    for (size_t i = 0; i < steps; i++) {
        struct object *slot = &objects[random_below(&random, slots)];
        replace(slot, random_size(&random, least, most));
        if (is_time_to_sample(i, steps))
            sample();
    }
    for (size_t i = 0; i < slots; i++)
        give(&objects[i]);
}

static void mixed(void)
{
    enum { SLOTS = 20000, STEPS = 400000 };
    replace_at_random(SLOTS, workload_times(STEPS), 16, 4 * KIB);
}

static void large(void)
{
    enum { SLOTS = 40, STEPS = 4000 };
    replace_at_random(SLOTS, workload_times(STEPS), 256 * KIB, 8 * MIB);
}

/* Five seconds in which little happens, but more than the thread cache holds. */
static void quiet_steps(size_t bytes)
{
    enum { STEPS = 500, STEP_MICROSECONDS = 10000, OBJECTS = 400 };
    for (size_t step = 0; step < STEPS; step++) {
        microseconds += STEP_MICROSECONDS;
        for (size_t i = 0; i < OBJECTS; i++)
            replace(&objects[i], bytes);
        for (size_t i = 0; i < OBJECTS; i++)
            give(&objects[i]);
    }
}

static void many(void)
{
    enum { OBJECTS = 500000, BYTES = 64, TIMES = 2 };
    size_t count = workload_times(OBJECTS);
    for (int time = 0; time < TIMES; time++) {
        for (size_t i = 0; i < count; i++)
            replace(&objects[i], BYTES);
        sample();
        for (size_t i = 0; i < count; i++)
            give(&objects[i]);
        sample();
    }
    quiet_steps(BYTES);
}

static void grow(void)
{
    enum { STRINGS = 100, STEPS = 200000, MOST = 200 * KIB };
    struct random random = random_start(1);
    size_t steps = workload_times(STEPS);
    for (size_t i = 0; i < steps; i++) {
        struct object *string = &objects[random_below(&random, STRINGS)];
        size_t bytes = random_size(&random, 8, 1024);
        if (string->bytes > MOST)
            give(string);
        microseconds++;
        string->start = realloc(string->start, string->bytes + bytes);
        if (string->start == NULL)
            exit(EXIT_FAILURE);
        string->bytes += bytes;
        live_bytes += bytes;
        if (is_time_to_sample(i, steps))
            sample();
    }
    for (size_t i = 0; i < STRINGS; i++)
        give(&objects[i]);
}

/* Thread 0 takes a batch while thread 1 waits, then the other way round. */
static pthread_barrier_t turn;

static void take_or_give(unsigned index)
{
    enum { ROUNDS = 100, BATCH = 3000 };
    struct random random = random_start(index);
    size_t rounds = workload_times(ROUNDS);
    for (size_t round = 0; round < rounds; round++) {
        for (size_t i = 0; index == 0 && i < BATCH; i++)
            replace(&objects[i], random_size(&random, 16, 2 * KIB));
        if (index == 0)
            sample();
        pthread_barrier_wait(&turn);
        for (size_t i = 0; index == 1 && i < BATCH; i++)
            give(&objects[i]);
        pthread_barrier_wait(&turn);
    }
}

static void hand_over(void)
{
    pthread_barrier_init(&turn, NULL, 2);
    run_threads(2, take_or_give);
}

/* --- What is printed --- */

static void print_figures(void)
{
    struct mempool_stats stats;
    read_stats(&stats);
    printf("thread_fetches %zu\nthread_releases %zu\n", stats.thread_fetches,
           stats.thread_releases);
    printf("central_fetches %zu\ncentral_releases %zu\n", stats.central_fetches,
           stats.central_releases);
    printf("page_allocs %zu\npage_frees %zu\n", stats.page_allocs, stats.page_frees);
    printf("system_maps %zu\nsystem_purges %zu\n", stats.os_maps + stats.os_unmaps,
           stats.os_purges);
    printf("locks %zu\n", stats.lock_acquisitions);
    printf("mapped_pages %zu\n", mapped_at_peak / OS_PAGE);
    printf("kept_pages_at_end %zu\n", kept_bytes(&stats) / OS_PAGE);
    printf("kept_per_live %.3f\n", (double)kept_at_peak / (double)live_at_peak);
}

static const struct {
    const char *name;
    void (*run)(void);
} traces[] = {
    {"mixed", mixed}, {"hand-over", hand_over}, {"grow", grow}, {"large", large}, {"many", many}};

static bool find_library(void)
{
    *(void **)&read_stats = dlsym(RTLD_DEFAULT, "mempool_stats");
    if (read_stats == NULL)
        fputs("traces: preload libmempool.so\n", stderr);
    return read_stats != NULL;
}

int main(int count, char **arguments)
{
    static struct object room[500000];
    static char buffer[BUFSIZ];
    objects = room;
    setvbuf(stdout, buffer, _IOFBF, sizeof buffer);
    if (count == 3)
        workload.scale = strtoul(arguments[2], NULL, 10);
    for (size_t i = 0; count > 1 && i < sizeof traces / sizeof *traces; i++) {
        if (strcmp(traces[i].name, arguments[1]) != 0)
            continue;
        if (!find_library())
            return EXIT_FAILURE;
        traces[i].run();
        print_figures();
        return EXIT_SUCCESS;
    }
    workload_usage("mixed|hand-over|grow|large|many [PERCENT]");
}

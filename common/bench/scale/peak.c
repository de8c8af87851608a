/* peak small|large: a gibibyte of objects by four threads, freed; then one thread takes and frees a
 * little now and then. How long until the memory is the system's again? make bench-scale runs it.
 *
 *   four threads: take 256 MiB each ── free all ── wait, alive and idle
 *   main thread:                                   20 objects every 10 ms, two seconds ── malloc_trim
 *
 * small is 16 bytes to 4 KiB, large 256 KiB to 8 MiB; all is written to. Prints "name value" lines:
 * resident MiB at the peak, milliseconds until below the limit (-1: never), MiB after two seconds, and
 * after malloc_trim. With argument `trim` behind, malloc_trim is called at once. */
#include <malloc.h>
#include <time.h>
#include <unistd.h>

#include "common/bench/workload.h"

enum {
    THREADS = 4,
    MIB = 1 << 20,
    PEAK_BYTES = 1 << 30,
    STEPS = 200, /* of ten milliseconds */
    STEP_MS = 10,
    STEP_OBJECTS = 20,
    LIMIT_MIB = 64,
    /* Two batches of each class for each of the threads: about 97 x 2 x 8 KiB, more for large ones. */
    THREAD_MIB = 2,
};

static size_t least_bytes;
static size_t most_bytes;
static pthread_barrier_t bar;

static void free_chain(void **object)
{
    while (object != NULL) {
        void **next = *object;
        free(object);
        object = next;
    }
}

static double resident_mib(void)
{
    char line[128] = {0};
    FILE *statm = fopen("/proc/self/statm", "r");
    if (statm == NULL || fgets(line, sizeof line, statm) == NULL)
        exit(EXIT_FAILURE);
    fclose(statm);
    char *second = strchr(line, ' ');
    return second == NULL ? 0 : strtod(second, NULL) * (double)sysconf(_SC_PAGESIZE) / MIB;
}

static void take_and_free(unsigned index)
{
    struct random random = random_start(index);
    void **chain = NULL;
    for (size_t taken = 0; taken < PEAK_BYTES / THREADS;) {
        size_t bytes = random_size(&random, least_bytes, most_bytes);
        void **object = take(bytes);
        *object = chain;
        chain = object;
        taken += bytes;
    }
    pthread_barrier_wait(&bar); /* the peak */
    pthread_barrier_wait(&bar);
    free_chain(chain);
    pthread_barrier_wait(&bar); /* all is free */
    pthread_barrier_wait(&bar); /* all is measured */
}

static double quiet_steps(void)
{
    const struct timespec pause = {.tv_nsec = STEP_MS * 1000 * 1000};
    struct random random = random_start(THREADS);
    void *objects[STEP_OBJECTS];
    double reached_ms = -1;
    for (size_t step = 0; step < STEPS; step++) {
        for (size_t i = 0; i < STEP_OBJECTS; i++)
            objects[i] = take(random_size(&random, 16, 4096));
        for (size_t i = 0; i < STEP_OBJECTS; i++)
            free(objects[i]);
        if (reached_ms < 0 && resident_mib() < LIMIT_MIB + THREADS * THREAD_MIB)
            reached_ms = (double)(step * STEP_MS);
        nanosleep(&pause, NULL);
    }
    return reached_ms;
}

static void watch(bool trims_at_once)
{
    pthread_barrier_wait(&bar);
    printf("peak_mib %.0f\n", resident_mib());
    pthread_barrier_wait(&bar);
    pthread_barrier_wait(&bar);
    printf("freed_mib %.1f\n", resident_mib());
    if (!trims_at_once) {
        printf("reached_ms %.0f\n", quiet_steps());
        printf("later_mib %.1f\n", resident_mib());
    }
    malloc_trim(0);
    printf("trimmed_mib %.1f\n", resident_mib());
    pthread_barrier_wait(&bar);
}

static bool trims_at_once;

static void take_or_watch(unsigned index)
{
    if (index < THREADS)
        take_and_free(index);
    else
        watch(trims_at_once);
}

int main(int count, char **arguments)
{
    if (count < 2)
        workload_usage("small|large [trim]");
    bool is_large = strcmp(arguments[1], "large") == 0;
    least_bytes = is_large ? 256 << 10 : 16;
    most_bytes = is_large ? 8 * MIB : 4096;
    trims_at_once = count == 3;
    pthread_barrier_init(&bar, NULL, THREADS + 1);
    run_threads(THREADS + 1, take_or_watch);
    return EXIT_SUCCESS;
}

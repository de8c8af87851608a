/* sharing: threads that write to small objects of their own: argument active or passive.
 *
 * Stands for counters, locks and iterators that each thread takes for itself. Where two of them lie
 * on one cache line, the processors pass that line to and fro at every write.
 *   active   each thread takes its objects itself: does the allocator give neighbours to two threads?
 *   passive  the main thread takes neighbours, hands one to each thread, which frees it and takes its
 *            own: does the allocator give it what lies beside another thread's? */
#include "common/bench/workload.h"

enum { OBJECT_BYTES = 8, THREADS = 4, ROUNDS = 100, OBJECTS = 4000, WRITES = 500 };

static void *handed[THREADS];

static void work(unsigned index)
{
    free(handed[index]);
    for (size_t i = 0; i < OBJECTS; i++) {
        volatile char *object = calloc(1, OBJECT_BYTES);
        if (object == NULL)
            exit(EXIT_FAILURE);
        for (size_t j = 0; j < WRITES; j++)
            object[j % OBJECT_BYTES]++;
        free((void *)object);
    }
}

int main(int count, char **arguments)
{
    workload_start(count, arguments);
    if (workload.argument == NULL)
        workload_usage("active|passive");
    bool passive = strcmp(workload.argument, "passive") == 0;
    size_t rounds = workload_times(ROUNDS);
    for (size_t i = 0; i < rounds; i++) {
        for (size_t j = 0; j < THREADS && passive; j++)
            handed[j] = take(OBJECT_BYTES);
        run_threads(THREADS, work);
    }
    return workload_end(rounds * THREADS * (OBJECTS + passive));
}

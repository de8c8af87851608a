/* threads: many threads, each with a working set of its own: argument THREADS, 1 to 64.
 *
 * Stands for a server with a thread for each client, or a parallel program with more workers than
 * processors: memory is multiplied by what an allocator keeps for each thread, and a thread that is
 * interrupted while it holds a lock stops the others. */
#include "common/bench/workload.h"

enum { LEAST_BYTES = 16, MOST_BYTES = 8192, SLOTS = 500, STEPS = 4000000 };

static unsigned thread_count;
static void *slots[WORKLOAD_MOST_THREADS][SLOTS];

static void work(unsigned index)
{
    struct random random = random_start(index);
    size_t steps = workload_times(STEPS) / thread_count;
    for (size_t i = 0; i < steps; i++) {
        void **slot = &slots[index][random_below(&random, SLOTS)];
        free(*slot);
        *slot = take(random_size(&random, LEAST_BYTES, MOST_BYTES));
    }
    for (size_t i = 0; i < SLOTS; i++)
        free(slots[index][i]);
}

int main(int count, char **arguments)
{
    workload_start(count, arguments);
    if (workload.argument != NULL)
        thread_count = (unsigned)strtoul(workload.argument, NULL, 10);
    if (thread_count < 1 || thread_count > WORKLOAD_MOST_THREADS)
        workload_usage("THREADS, 1 to 64");
    run_threads(thread_count, work);
    return workload_end(workload_times(STEPS));
}

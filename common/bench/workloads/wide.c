/* wide: four threads, each with a few thousand objects of 16 bytes to 32 KiB, replaced at random.
 *
 * Stands for a server that handles requests and answers of all lengths at once. So many classes are
 * in use that each list is short: batches are small, and lists run empty and full all the time. Only
 * an object's ends are written to, or filling long ones would be all that is measured. */
#include "common/bench/workload.h"

enum { LEAST_BYTES = 16, MOST_BYTES = 32 << 10, THREADS = 4, SLOTS = 1500, STEPS = 1200000 };

static void *slots[THREADS][SLOTS];

static void *take_ends(size_t bytes)
{
    char *object = malloc(bytes);
    if (object == NULL)
        exit(EXIT_FAILURE);
    object[0] = 1;
    object[bytes - 1] = 1;
    return object;
}

static void work(unsigned index)
{
    struct random random = random_start(index);
    size_t steps = workload_times(STEPS);
    for (size_t i = 0; i < steps; i++) {
        void **slot = &slots[index][random_below(&random, SLOTS)];
        free(*slot);
        *slot = take_ends(random_size(&random, LEAST_BYTES, MOST_BYTES));
    }
    for (size_t i = 0; i < SLOTS; i++)
        free(slots[index][i]);
}

int main(int count, char **arguments)
{
    workload_start(count, arguments);
    run_threads(THREADS, work);
    return workload_end(THREADS * workload_times(STEPS));
}

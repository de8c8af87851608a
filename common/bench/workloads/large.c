/* large: objects of 256 KiB to 32 MiB, replaced at random, every page written to.
 *
 * Stands for pictures, sound, matrices, columns of a data base. Nearly all the time goes to the
 * operating system's page faults: keeping freed pages saves them and costs memory. */
#include "common/bench/workload.h"

enum { LEAST_BYTES = 256 << 10, MOST_BYTES = 32 << 20, SLOTS = 10, STEPS = 400, PAGE = 4096 };

static void *slots[SLOTS];

static void *take_large(size_t bytes)
{
    char *object = malloc(bytes);
    if (object == NULL)
        exit(EXIT_FAILURE);
    for (size_t i = 0; i < bytes; i += PAGE)
        object[i] = 1;
    return object;
}

int main(int count, char **arguments)
{
    workload_start(count, arguments);
    size_t steps = workload_times(STEPS);
    struct random random = random_start(1);
    for (size_t i = 0; i < steps; i++) {
        void **slot = &slots[random_below(&random, SLOTS)];
        free(*slot);
        *slot = take_large(random_size(&random, LEAST_BYTES, MOST_BYTES));
    }
    for (size_t i = 0; i < SLOTS; i++)
        free(slots[i]);
    return workload_end(steps);
}

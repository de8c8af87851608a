/* mixed: sizes from 16 bytes to 4 KiB, replaced at random in a set that stays as large as it is.
 *
 * Stands for a program in the middle of its life: an editor, an interpreter, a browser's tab. What
 * is freed next has nothing to do with what was taken last, nor with its size. */
#include "common/bench/workload.h"

enum { LEAST_BYTES = 16, MOST_BYTES = 4096, SLOTS = 20000, STEPS = 4000000 };

static void *slots[SLOTS];

int main(int count, char **arguments)
{
    workload_start(count, arguments);
    size_t steps = workload_times(STEPS);
    struct random random = random_start(1);
    for (size_t i = 0; i < steps; i++) {
        void **slot = &slots[random_below(&random, SLOTS)];
        free(*slot);
        *slot = take(random_size(&random, LEAST_BYTES, MOST_BYTES));
    }
    for (size_t i = 0; i < SLOTS; i++)
        free(slots[i]);
    return workload_end(steps);
}

/* aligned: objects at multiples of 32 bytes to 4 KiB, replaced at random.
 *
 * Stands for vector code, buffers for direct input and output, and runtimes that align their blocks
 * in order to find a header by masking an address. */
#include "common/bench/workload.h"

enum {
    LEAST_ALIGNMENT = 32,
    MOST_ALIGNMENT = 4096,
    LEAST_BYTES = 32,
    MOST_BYTES = 8192,
    SLOTS = 4000,
    STEPS = 2000000,
};

static void *slots[SLOTS];

/* Not checked here: Debian's mimalloc 2.0.9 misses some alignments (256 for 256 bytes), and would be
 * left out of the row for it. */
static void *take_aligned(struct random *random)
{
    size_t alignment = LEAST_ALIGNMENT;
    while (alignment < MOST_ALIGNMENT && random_below(random, 2) == 0)
        alignment *= 2;
    size_t bytes = random_size(random, LEAST_BYTES, MOST_BYTES);
    void *object = NULL;
    if (posix_memalign(&object, alignment, bytes) != 0)
        exit(EXIT_FAILURE);
    return use(object, bytes);
}

int main(int count, char **arguments)
{
    workload_start(count, arguments);
    size_t steps = workload_times(STEPS);
    struct random random = random_start(1);
    for (size_t i = 0; i < steps; i++) {
        void **slot = &slots[random_below(&random, SLOTS)];
        free(*slot);
        *slot = take_aligned(&random);
    }
    for (size_t i = 0; i < SLOTS; i++)
        free(slots[i]);
    return workload_end(steps);
}

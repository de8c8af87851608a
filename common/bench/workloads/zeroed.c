/* zeroed: calloc of everything from small records to tables of some megabytes.
 *
 * Stands for programs that calloc by habit, hash tables and sparse matrices: of a large table most
 * is never written to. Pages fresh from the system are zero already; who clears them touches them. */
#include "common/bench/workload.h"

enum {
    LEAST_BYTES = 32,
    MOST_BYTES = 16 << 10,
    SLOTS = 2000,
    STEPS = 2000000,
    TABLE_BYTES = 4 << 20,
    STEPS_A_TABLE = 5000,
    WRITES_A_TABLE = 50,
};

static void *slots[SLOTS];

static void *take_zeroed(size_t count, size_t bytes)
{
    char *object = calloc(count, bytes);
    if (object == NULL || object[0] != 0 || object[count * bytes - 1] != 0)
        exit(EXIT_FAILURE);
    object[0] = 1;
    object[count * bytes - 1] = 1;
    return object;
}

static void use_table(struct random *random)
{
    char *table = take_zeroed(TABLE_BYTES / 16, 16);
    for (size_t i = 0; i < WRITES_A_TABLE; i++)
        table[random_below(random, TABLE_BYTES)] = 1;
    free(table);
}

int main(int count, char **arguments)
{
    workload_start(count, arguments);
    size_t steps = workload_times(STEPS);
    struct random random = random_start(1);
    for (size_t i = 0; i < steps; i++) {
        void **slot = &slots[random_below(&random, SLOTS)];
        free(*slot);
        *slot = take_zeroed(random_size(&random, LEAST_BYTES, MOST_BYTES) / 8, 8);
        if (i % STEPS_A_TABLE == 0)
            use_table(&random);
    }
    for (size_t i = 0; i < SLOTS; i++)
        free(slots[i]);
    return workload_end(steps + (steps + STEPS_A_TABLE - 1) / STEPS_A_TABLE);
}

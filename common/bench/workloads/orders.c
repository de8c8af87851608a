/* orders: take everything, then free everything: in the order it was taken, in the opposite one,
 * and in a random one.
 *
 * Stands for a program that builds a large structure and drops it whole: a document, a graph, a
 * query's result. The order of freeing decides how far apart the objects lie that are handed out
 * next, and when a whole span is free again. */
#include "common/bench/workload.h"

enum { LEAST_BYTES = 16, MOST_BYTES = 512, OBJECTS = 200000, REPEATS = 6 };

static void *objects[OBJECTS];

static void take_all(struct random *random)
{
    for (size_t i = 0; i < OBJECTS; i++)
        objects[i] = take(random_size(random, LEAST_BYTES, MOST_BYTES));
}

static void free_forwards(void)
{
    for (size_t i = 0; i < OBJECTS; i++)
        free(objects[i]);
}

static void free_backwards(void)
{
    for (size_t i = OBJECTS; i > 0; i--)
        free(objects[i - 1]);
}

static void shuffle(struct random *random)
{
    for (size_t i = OBJECTS - 1; i > 0; i--) {
        size_t other = random_below(random, i + 1);
        void *object = objects[i];
        objects[i] = objects[other];
        objects[other] = object;
    }
}

int main(int count, char **arguments)
{
    workload_start(count, arguments);
    size_t repeats = workload_times(REPEATS);
    struct random random = random_start(1);
    for (size_t i = 0; i < repeats; i++) {
        take_all(&random);
        free_forwards();
        take_all(&random);
        free_backwards();
        take_all(&random);
        shuffle(&random);
        free_forwards();
    }
    return workload_end(3 * repeats * OBJECTS);
}

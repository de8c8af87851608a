/* short_threads: thousands of threads that start, work a little and end, eight at a time; each
 * leaves a few objects that the main thread frees after its end.
 *
 * Stands for a server with a thread for each request, and for programs that start a thread for each
 * call of std::async. What a thread had in its cache must come back when it ends. */
#include "common/bench/workload.h"

enum {
    LEAST_BYTES = 16,
    MOST_BYTES = 2048,
    AT_A_TIME = 8,
    GENERATIONS = 800,
    OBJECTS = 300,
    LEFT_OBJECTS = 10,
};

static void *left[AT_A_TIME][LEFT_OBJECTS];

static void work(unsigned index)
{
    struct random random = random_start(index);
    void *objects[OBJECTS];
    for (size_t i = 0; i < OBJECTS; i++)
        objects[i] = take(random_size(&random, LEAST_BYTES, MOST_BYTES));
    memcpy(left[index], objects, sizeof left[index]);
    for (size_t i = LEFT_OBJECTS; i < OBJECTS; i++)
        free(objects[i]);
}

int main(int count, char **arguments)
{
    workload_start(count, arguments);
    size_t generations = workload_times(GENERATIONS);
    for (size_t i = 0; i < generations; i++) {
        run_threads(AT_A_TIME, work);
        for (size_t j = 0; j < AT_A_TIME * LEFT_OBJECTS; j++)
            free(left[j / LEFT_OBJECTS][j % LEFT_OBJECTS]);
    }
    return workload_end(generations * AT_A_TIME * OBJECTS);
}

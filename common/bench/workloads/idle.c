/* idle: a peak of some 450 MiB, freed, then two seconds in which little happens. Prints how much
 * memory is resident at the end: the row's memory is that, not the peak.
 *
 * Stands for a service after its busy hour, an editor after a large file was closed. Memory that is
 * not given back is taken from everybody else on the machine. */
#include <time.h>
#include <unistd.h>

#include "common/bench/workload.h"

enum {
    LEAST_BYTES = 16,
    MOST_BYTES = 4096,
    OBJECTS = 400000,
    IDLE_STEPS = 200, /* of ten milliseconds */
    IDLE_OBJECTS = 20,
};

static void *objects[OBJECTS];

static void peak(size_t count, struct random *random)
{
    for (size_t i = 0; i < count; i++)
        objects[i] = take(random_size(random, LEAST_BYTES, MOST_BYTES));
    for (size_t i = 0; i < count; i++)
        free(objects[i]);
}

static void idle(struct random *random)
{
    const struct timespec pause = {.tv_nsec = 10 * 1000 * 1000};
    for (size_t step = 0; step < IDLE_STEPS; step++) {
        for (size_t i = 0; i < IDLE_OBJECTS; i++)
            objects[i] = take(random_size(random, LEAST_BYTES, MOST_BYTES));
        for (size_t i = 0; i < IDLE_OBJECTS; i++)
            free(objects[i]);
        nanosleep(&pause, NULL);
    }
}

/* The second number of statm is the resident pages. */
static size_t resident_bytes(void)
{
    char line[128] = {0};
    FILE *statm = fopen("/proc/self/statm", "r");
    if (statm == NULL || fgets(line, sizeof line, statm) == NULL)
        exit(EXIT_FAILURE);
    fclose(statm);
    char *second = strchr(line, ' ');
    return second == NULL ? 0 : strtoul(second, NULL, 10) * (size_t)sysconf(_SC_PAGESIZE);
}

int main(int count, char **arguments)
{
    workload_start(count, arguments);
    struct random random = random_start(1);
    size_t objects_at_peak = workload_times(OBJECTS);
    peak(objects_at_peak, &random);
    idle(&random);
    printf("resident %zu\n", resident_bytes());
    return workload_end(objects_at_peak + (size_t)IDLE_STEPS * IDLE_OBJECTS);
}

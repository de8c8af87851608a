/* fragment: objects that live long strewn among many that do not, while the sizes in fashion change.
 *
 * Stands for a program that runs for months: caches and sessions stay, requests come and go. Memory
 * that short-lived objects of one size leave behind is full of holes; can other sizes use it? */
#include "common/bench/workload.h"

enum {
    LEAST_BYTES = 32,
    MOST_BYTES = 4096,
    PHASES = 12,        /* in each, sizes are within a factor of two */
    STEPS = 120000,     /* in each phase */
    SHORT_LIVED = 8000, /* live at a time */
    STEPS_A_LONG = 100, /* so many steps for one long-lived object */
    PHASES_A_LIFE = 4,  /* of a long-lived object */
    LONG_LIVED = STEPS / STEPS_A_LONG,
};

static void *short_lived[SHORT_LIVED];
static void *long_lived[PHASES_A_LIFE][LONG_LIVED];

static size_t run_phase(size_t phase, struct random *random)
{
    void **keep = long_lived[phase % PHASES_A_LIFE];
    size_t base = random_size(random, LEAST_BYTES, MOST_BYTES);
    for (size_t i = 0; i < LONG_LIVED; i++) {
        free(keep[i]);
        keep[i] = NULL;
    }
    for (size_t i = 0; i < STEPS; i++) {
        void **slot = &short_lived[random_below(random, SHORT_LIVED)];
        free(*slot);
        *slot = take(base + random_below(random, base));
        if (i % STEPS_A_LONG == 0)
            keep[i / STEPS_A_LONG] = take(base + random_below(random, base));
    }
    return STEPS + LONG_LIVED;
}

int main(int count, char **arguments)
{
    workload_start(count, arguments);
    size_t operations = 0;
    struct random random = random_start(1);
    size_t phases = workload_times(PHASES);
    for (size_t phase = 0; phase < phases; phase++)
        operations += run_phase(phase, &random);
    return workload_end(operations);
}

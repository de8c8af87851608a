/* stage_load: the loops that a stage's benchmark measures. See stage_bench.h. */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "common/bench/stage_bench.h"
#include "common/bench/workload.h"

enum { MOST_OBJECTS = 100000 };

/* What one thread holds. Static: neither side's memory changes by it. */
struct worker {
    const struct load *load;
    const struct source *source;
    unsigned index;
    void *objects[MOST_OBJECTS];
};

static struct worker workers[STAGE_BENCH_MOST_THREADS];
static size_t sizes[MOST_OBJECTS]; /* the same for all threads */
static pthread_barrier_t barrier;  /* all threads of a load */

static void take_all(struct worker *worker)
{
    for (size_t i = 0; i < worker->load->objects; i++) {
        char *object = worker->source->take(sizes[i]);
        if (object == NULL) {
            fprintf(stderr, "%s returned NULL for %zu bytes\n", worker->source->name, sizes[i]);
            exit(EXIT_FAILURE);
        }
        object[0] = 1; /* programs write to what they take */
        object[sizes[i] - 1] = 1;
        worker->objects[i] = object;
    }
}

static void give_all(struct worker *giver, struct worker *taker)
{
    for (size_t i = 0; i < giver->load->objects; i++)
        giver->source->give(taker->objects[i], sizes[i]);
}

static void *work(void *argument)
{
    struct worker *worker = argument;
    const struct load *load = worker->load;
    struct worker *taker = worker;
    if (load->hands_on)
        taker = &workers[(worker->index + 1) % load->threads];
    size_t share = load->total / load->threads;
    for (size_t taken = 0; taken < share; taken += load->objects) {
        take_all(worker);
        if (load->hands_on)
            pthread_barrier_wait(&barrier); /* the neighbour has taken its objects */
        give_all(worker, taker);
        if (load->hands_on)
            pthread_barrier_wait(&barrier); /* and its array may be used again */
    }
    return NULL;
}

static double cpu_seconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

/* One thread is the calling one: glibc is faster in a process that never started another. */
static void run_workers(unsigned threads)
{
    pthread_t ids[STAGE_BENCH_MOST_THREADS];
    for (unsigned i = 1; i < threads; i++) {
        if (pthread_create(&ids[i], NULL, work, &workers[i]) != 0) {
            fputs("a thread cannot be started\n", stderr);
            exit(EXIT_FAILURE);
        }
    }
    work(&workers[0]);
    for (unsigned i = 1; i < threads; i++)
        pthread_join(ids[i], NULL);
}

double stage_load_run(const struct load *load, const struct source *source)
{
    struct random random = random_start(load->most_bytes);
    for (size_t i = 0; i < load->objects; i++)
        sizes[i] = random_size(&random, load->least_bytes, load->most_bytes);
    for (unsigned i = 0; i < load->threads; i++) {
        workers[i].load = load;
        workers[i].source = source;
        workers[i].index = i;
    }
    pthread_barrier_init(&barrier, NULL, load->threads);
    if (source->open != NULL && !source->open(load->most_bytes)) {
        fprintf(stderr, "%s cannot be set up for %zu bytes\n", source->name, load->most_bytes);
        exit(EXIT_FAILURE);
    }
    double start = cpu_seconds();
    run_workers(load->threads);
    double seconds = cpu_seconds() - start;
    if (source->close != NULL)
        source->close();
    pthread_barrier_destroy(&barrier);
    return seconds;
}

/* property_threads: see property_threads.h. A pair of semaphores for each thread hands it work and
 * says that it is done. */
#include "common/testing/property/property_threads.h"

#include <pthread.h>
#include <semaphore.h>
#include <stdbool.h>

#include "common/testing/property/property.h"

struct worker {
    pthread_t thread;
    sem_t has_work;
    sem_t is_done;
    void (*body)(const void *argument); /* NULL: end */
    const void *argument;
    bool is_started;
};

static struct worker workers[PROPERTY_MOST_THREADS];

static void wait_for(sem_t *semaphore)
{
    while (sem_wait(semaphore) != 0)
        ; /* interrupted by a signal */
}

static void *work(void *argument)
{
    struct worker *worker = argument;
    for (wait_for(&worker->has_work); worker->body != NULL; wait_for(&worker->has_work)) {
        worker->body(worker->argument);
        sem_post(&worker->is_done);
    }
    return NULL;
}

static void start(struct worker *worker)
{
    sem_init(&worker->has_work, 0, 0);
    sem_init(&worker->is_done, 0, 0);
    CHECK(pthread_create(&worker->thread, NULL, work, worker) == 0, "could not start a thread");
    worker->is_started = true;
}

void property_threads_run(unsigned thread, void (*body)(const void *argument), const void *argument)
{
    struct worker *worker = &workers[thread];
    if (thread == 0) {
        body(argument);
        return;
    }
    if (!worker->is_started)
        start(worker);
    worker->body = body;
    worker->argument = argument;
    sem_post(&worker->has_work);
    wait_for(&worker->is_done);
}

void property_threads_end(unsigned thread)
{
    struct worker *worker = &workers[thread];
    if (!worker->is_started)
        return;
    worker->body = NULL;
    sem_post(&worker->has_work);
    pthread_join(worker->thread, NULL);
    worker->is_started = false;
}

/* exchange: each thread takes objects and leaves them on a common heap, then clears away what some
 * thread left there.
 *
 * Stands for actors, work stealing, reference-counted values that several threads hold: everybody
 * frees everybody's objects, and each as many as it takes. */
#include "common/bench/workload.h"

enum {
    LEAST_BYTES = 16,
    MOST_BYTES = 1024,
    THREADS = 4,
    CHAIN_OBJECTS = 100, /* linked through their first word */
    CHAINS = 50000,      /* by each thread */
};

static struct {
    pthread_mutex_t lock;
    void *chains[THREADS]; /* never more: a thread clears one away before it leaves the next */
    size_t count;
} heap = {PTHREAD_MUTEX_INITIALIZER, {0}, 0};

static void leave_chain(void *chain)
{
    pthread_mutex_lock(&heap.lock);
    heap.chains[heap.count++] = chain;
    pthread_mutex_unlock(&heap.lock);
}

/* The one that lies there longest. The heap is not empty: the caller has just left one. */
static void *pick_up_chain(void)
{
    pthread_mutex_lock(&heap.lock);
    void *chain = heap.chains[0];
    heap.count--;
    memmove(&heap.chains[0], &heap.chains[1], heap.count * sizeof heap.chains[0]);
    pthread_mutex_unlock(&heap.lock);
    return chain;
}

static void *make_chain(struct random *random)
{
    void *chain = NULL;
    for (size_t i = 0; i < CHAIN_OBJECTS; i++) {
        void **object = take(random_size(random, LEAST_BYTES, MOST_BYTES));
        *object = chain;
        chain = object;
    }
    return chain;
}

static void work(unsigned index)
{
    struct random random = random_start(index);
    size_t chains = workload_times(CHAINS);
    for (size_t i = 0; i < chains; i++) {
        leave_chain(make_chain(&random));
        void **object = pick_up_chain();
        while (object != NULL) {
            void **next = *object;
            free(object);
            object = next;
        }
    }
}

int main(int count, char **arguments)
{
    workload_start(count, arguments);
    run_threads(THREADS, work);
    return workload_end(THREADS * workload_times(CHAINS) * CHAIN_OBJECTS);
}

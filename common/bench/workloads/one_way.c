/* one_way: two threads only take objects, two others only free them; a bounded queue between them.
 *
 * Stands for a pipeline: a reader that parses requests and workers that answer them, a logger, a
 * message queue. Free objects gather where nobody asks for them, and have to travel back. */
#include "common/bench/workload.h"

enum {
    LEAST_BYTES = 16,
    MOST_BYTES = 512,
    PRODUCERS = 2,
    CONSUMERS = 2,
    CHAIN_OBJECTS = 200, /* a message: objects linked through their first word */
    CHAINS = 12000,      /* by each producer */
    QUEUE_CHAINS = 64,
};

static struct {
    pthread_mutex_t lock;
    pthread_cond_t not_full;
    pthread_cond_t not_empty;
    void *chains[QUEUE_CHAINS];
    size_t put; /* chains ever put in */
    size_t got;
} queue = {
    PTHREAD_MUTEX_INITIALIZER, PTHREAD_COND_INITIALIZER, PTHREAD_COND_INITIALIZER, {0}, 0, 0};

static void put_chain(void *chain)
{
    pthread_mutex_lock(&queue.lock);
    while (queue.put - queue.got == QUEUE_CHAINS)
        pthread_cond_wait(&queue.not_full, &queue.lock);
    queue.chains[queue.put++ % QUEUE_CHAINS] = chain;
    pthread_cond_signal(&queue.not_empty);
    pthread_mutex_unlock(&queue.lock);
}

static void *get_chain(void)
{
    pthread_mutex_lock(&queue.lock);
    while (queue.put == queue.got)
        pthread_cond_wait(&queue.not_empty, &queue.lock);
    void *chain = queue.chains[queue.got++ % QUEUE_CHAINS];
    pthread_cond_signal(&queue.not_full);
    pthread_mutex_unlock(&queue.lock);
    return chain;
}

static void produce(unsigned index)
{
    struct random random = random_start(index);
    size_t chains = workload_times(CHAINS);
    for (size_t i = 0; i < chains; i++) {
        void *chain = NULL;
        for (size_t j = 0; j < CHAIN_OBJECTS; j++) {
            void **object = take(random_size(&random, LEAST_BYTES, MOST_BYTES));
            *object = chain;
            chain = object;
        }
        put_chain(chain);
    }
}

static void consume(void)
{
    size_t chains = workload_times(CHAINS) * PRODUCERS / CONSUMERS;
    for (size_t i = 0; i < chains; i++) {
        void **object = get_chain();
        while (object != NULL) {
            void **next = *object;
            free(object);
            object = next;
        }
    }
}

static void work(unsigned index)
{
    if (index < PRODUCERS)
        produce(index);
    else
        consume();
}

int main(int count, char **arguments)
{
    workload_start(count, arguments);
    run_threads(PRODUCERS + CONSUMERS, work);
    return workload_end(PRODUCERS * workload_times(CHAINS) * CHAIN_OBJECTS);
}

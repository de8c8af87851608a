/* exchange: four threads in a ring; each takes objects and sends them to the next, and frees what it
 * was sent.
 *
 * Stands for actors, work stealing, values that are passed on: everybody takes and frees at the same
 * rate, but never the same objects. */
#include "common/bench/workload.h"

enum {
    LEAST_BYTES = 16,
    MOST_BYTES = 1024,
    THREADS = 4,
    CHAIN_OBJECTS = 100, /* linked through their first word */
    CHAINS = 12000,      /* sent by each thread */
    INBOX_CHAINS = 64,   /* a thread that is that far ahead of the next one waits for it */
};

struct inbox {
    void *chains[INBOX_CHAINS];
    size_t count;
};

static struct inbox inboxes[THREADS];
static unsigned senders = THREADS;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;

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

static void drop_chains(struct inbox *dropped)
{
    for (size_t i = 0; i < dropped->count; i++) {
        void **object = dropped->chains[i];
        while (object != NULL) {
            void **next = *object;
            free(object);
            object = next;
        }
    }
}

/* Send a chain, unless it is NULL, if there is room for it; take out all that came. Wait until one can
 * be done, or all senders have ended. Returns whether it was sent, or there was none. */
static bool send_or_receive(unsigned index, void *chain, struct inbox *received)
{
    struct inbox *own = &inboxes[index];
    struct inbox *other = &inboxes[(index + 1) % THREADS];
    pthread_mutex_lock(&lock);
    while (own->count == 0 && senders != 0 && (chain == NULL || other->count == INBOX_CHAINS))
        pthread_cond_wait(&changed, &lock);
    bool is_sent = chain == NULL || other->count < INBOX_CHAINS;
    if (is_sent && chain != NULL)
        other->chains[other->count++] = chain;
    *received = *own;
    own->count = 0;
    pthread_cond_broadcast(&changed);
    pthread_mutex_unlock(&lock);
    return is_sent;
}

/* Returns how many threads still send. */
static unsigned end_sending(void)
{
    pthread_mutex_lock(&lock);
    unsigned left = --senders;
    pthread_cond_broadcast(&changed);
    pthread_mutex_unlock(&lock);
    return left;
}

static void work(unsigned index)
{
    struct random random = random_start(index);
    struct inbox received;
    size_t chains = workload_times(CHAINS);
    for (size_t i = 0; i < chains; i++) {
        void *chain = make_chain(&random);
        bool is_sent = false;
        while (!is_sent) {
            is_sent = send_or_receive(index, chain, &received);
            drop_chains(&received);
        }
    }
    if (end_sending() == 0)
        return;
    do {
        send_or_receive(index, NULL, &received);
        drop_chains(&received);
    } while (received.count != 0);
}

int main(int count, char **arguments)
{
    workload_start(count, arguments);
    run_threads(THREADS, work);
    for (size_t i = 0; i < THREADS; i++)
        drop_chains(&inboxes[i]);
    return workload_end(THREADS * workload_times(CHAINS) * CHAIN_OBJECTS);
}

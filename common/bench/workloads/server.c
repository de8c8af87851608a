/* server: threads work on tables of objects that they take in turn, so that nearly every object is
 * freed by another thread than took it.
 *
 * Stands for a server whose connections wander between its threads, as in the benchmark of Larson
 * and Krishnan (1998). Each table has a lock; a thread changes a thousand places of one table and
 * goes on to the next. */
#include "common/bench/workload.h"

enum {
    LEAST_BYTES = 16,
    MOST_BYTES = 1024,
    THREADS = 4,
    TABLES = 8,
    PLACES = 2000,
    CHANGES = 1000, /* of a table before a thread leaves it */
    VISITS = 1500,  /* of tables, for each thread */
};

struct table {
    pthread_mutex_t lock;
    void *objects[PLACES];
};

static struct table tables[TABLES]; /* all zero is an unlocked mutex */

static void visit(struct table *table, struct random *random)
{
    pthread_mutex_lock(&table->lock);
    for (size_t i = 0; i < CHANGES; i++) {
        void **object = &table->objects[random_below(random, PLACES)];
        free(*object);
        *object = take(random_size(random, LEAST_BYTES, MOST_BYTES));
    }
    pthread_mutex_unlock(&table->lock);
}

static void work(unsigned index)
{
    struct random random = random_start(index);
    size_t visits = workload_times(VISITS);
    for (size_t i = 0; i < visits; i++)
        visit(&tables[(index * 2 + i) % TABLES], &random);
}

int main(int count, char **arguments)
{
    workload_start(count, arguments);
    run_threads(THREADS, work);
    for (size_t i = 0; i < TABLES; i++)
        for (size_t j = 0; j < PLACES; j++)
            free(tables[i].objects[j]);
    return workload_end(THREADS * workload_times(VISITS) * CHANGES);
}

/* Many threads at once, and fork. */
#include <pthread.h>
#include <stdatomic.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "stage2_threadcache/size_class.h"
#include "stage3_centralcache/central_cache.h"
#include "stage3_centralcache/standin/page_cache_standin.h"
#include "stage3_centralcache/tests/program.h"

enum { MOST_THREADS = 8 };

static struct bag bags[MOST_THREADS][SIZE_CLASS_COUNT];

static void start_bags(void)
{
    for (unsigned thread = 0; thread < MOST_THREADS; thread++)
        for (unsigned class_id = 1; class_id < SIZE_CLASS_COUNT; class_id++)
            bags[thread][class_id] =
                (struct bag){.class_id = class_id, .owner = thread * SIZE_CLASS_COUNT + class_id};
}

/* --- One class --- */

/* Never a whole batch at once, so that every object goes back into its span. */
static void use_one_class(unsigned index, void *argument)
{
    enum { STEPS = 400 };
    struct bag *bag = &bags[index][*(const unsigned *)argument];
    size_t batch = size_class_batch(bag->class_id);
    struct test_random random = test_random_start(10 + index);
    for (int step = 0; step < STEPS; step++) {
        if (test_random_below(&random, 2) == 0)
            bag_take(bag, 1 + test_random_below(&random, batch));
        else
            bag_give(bag, 1 + test_random_below(&random, batch - 1), &random);
    }
    while (bag->count > 0)
        bag_give(bag, batch - 1, &random);
}

TEST(central_cache_threads, keep_the_objects_of_one_class_apart, .points = 2, .invariant = "I1",
     .section = "3.2", .needs = "central_cache_release/hands_out_again_what_came_back",
     .threads = true,
     .hint = "Everything of a class is read and written between lock_acquire and lock_release of "
             "its lock; that the lock was held a moment ago is not enough.")
{
    start_bags();
    static unsigned class_id;
    class_id = size_class_of(256);
    test_run_threads(MOST_THREADS, use_one_class, &class_id);
    expect_all_spans_back();
}

/* --- All classes, and objects that go back on another thread than they came from --- */

static struct {
    pthread_mutex_t mutex;
    struct free_list lists[SIZE_CLASS_COUNT];
} table = {.mutex = PTHREAD_MUTEX_INITIALIZER};

/* Leave a list on the table, and take what lay there. */
static struct free_list swap_on_table(unsigned class_id, struct free_list list)
{
    pthread_mutex_lock(&table.mutex);
    struct free_list taken = table.lists[class_id];
    table.lists[class_id] = list;
    pthread_mutex_unlock(&table.mutex);
    return taken;
}

static void use_all_classes(unsigned index, void *argument)
{
    (void)argument;
    enum { STEPS = 1500 };
    struct test_random random = test_random_start(20 + index);
    for (int step = 0; step < STEPS; step++) {
        unsigned class_id = 1 + (unsigned)test_random_below(&random, SIZE_CLASS_COUNT - 1);
        struct bag *bag = &bags[index][class_id];
        size_t batch = size_class_batch(class_id);
        bag_take(bag, batch);
        bag_give(bag, test_random_below(&random, batch), &random);
        struct free_list list = swap_on_table(class_id, bag_pick(bag, batch, &random));
        if (list.head != NULL)
            give(class_id, &list);
    }
    for (unsigned class_id = 1; class_id < SIZE_CLASS_COUNT; class_id++)
        while (bags[index][class_id].count > 0)
            bag_give(&bags[index][class_id], size_class_batch(class_id), &random);
}

TEST(central_cache_threads, exchange_objects_of_all_classes, .points = 2, .invariant = "I1",
     .section = "3.5", .needs = "central_cache_release/hands_out_again_what_came_back",
     .threads = true,
     .hint = "An object may come back on any thread. Which fields of a span does its class's lock "
             "guard?")
{
    start_bags();
    test_run_threads(4, use_all_classes, NULL);
    for (unsigned class_id = 1; class_id < SIZE_CLASS_COUNT; class_id++)
        if (table.lists[class_id].head != NULL)
            give(class_id, &table.lists[class_id]);
    central_cache_flush();
    expect_all_spans_back();
}

/* --- Flush while others work --- */

static void flush_or_use_batches(unsigned index, void *argument)
{
    (void)argument;
    enum { STEPS = 1500, FLUSHES = 150 };
    static const size_t sizes[] = {16, 128, 40960};
    struct test_random random = test_random_start(30 + index);
    if (index == 0) {
        for (int i = 0; i < FLUSHES; i++)
            central_cache_flush();
        return;
    }
    for (int step = 0; step < STEPS; step++) {
        unsigned class_id = size_class_of(sizes[test_random_below(&random, 3)]);
        struct bag *bag = &bags[index][class_id];
        if (test_random_below(&random, 2) == 0)
            bag_take(bag, size_class_batch(class_id));
        else
            bag_give(bag, size_class_batch(class_id), &random);
    }
    for (unsigned class_id = 1; class_id < SIZE_CLASS_COUNT; class_id++)
        while (bags[index][class_id].count > 0)
            bag_give(&bags[index][class_id], size_class_batch(class_id), &random);
}

TEST(central_cache_threads, may_flush_while_others_work, .points = 2, .invariant = "I6",
     .section = "3.5", .needs = "central_cache_release/hands_out_again_what_came_back",
     .threads = true,
     .hint = "Flush is one more user of each class: it holds the lock for all it does there.")
{
    start_bags();
    central_cache_flush(); /* a task that is not done is named here, whichever thread is first */
    test_run_threads(4, flush_or_use_batches, NULL);
    central_cache_flush();
    expect_all_spans_back();
}

/* --- Producers and consumers --- */

enum { QUEUE_BATCHES = 16, BATCHES = 300, PRODUCERS = 2, CONSUMERS = 2 };

static struct {
    pthread_mutex_t mutex;
    pthread_cond_t changed;
    struct free_list batches[QUEUE_BATCHES];
    size_t count;
} queue = {.mutex = PTHREAD_MUTEX_INITIALIZER, .changed = PTHREAD_COND_INITIALIZER};

static void put_in_queue(struct free_list batch)
{
    pthread_mutex_lock(&queue.mutex);
    while (queue.count == QUEUE_BATCHES)
        pthread_cond_wait(&queue.changed, &queue.mutex);
    queue.batches[queue.count++] = batch;
    pthread_cond_broadcast(&queue.changed);
    pthread_mutex_unlock(&queue.mutex);
}

static struct free_list take_from_queue(void)
{
    pthread_mutex_lock(&queue.mutex);
    while (queue.count == 0)
        pthread_cond_wait(&queue.changed, &queue.mutex);
    struct free_list batch = queue.batches[--queue.count];
    pthread_cond_broadcast(&queue.changed);
    pthread_mutex_unlock(&queue.mutex);
    return batch;
}

/* The first word of each object is the link of the list that it travels in. */
static void produce_or_consume(unsigned index, void *argument)
{
    unsigned class_id = *(const unsigned *)argument;
    size_t content_bytes = size_class_bytes(class_id) - sizeof(void *);
    for (int i = 0; i < BATCHES; i++) {
        struct free_list batch = {0};
        if (index < PRODUCERS)
            take_exactly(class_id, size_class_batch(class_id), &batch);
        else
            batch = take_from_queue();
        for (char *object = batch.head; object != NULL; object = free_list_next(object)) {
            if (index < PRODUCERS)
                test_fill(object + sizeof(void *), content_bytes, (uintptr_t)object);
            else
                test_check_filled(object + sizeof(void *), content_bytes, (uintptr_t)object);
        }
        if (index < PRODUCERS)
            put_in_queue(batch);
        else
            give(class_id, &batch);
    }
}

TEST(central_cache_threads, produce_and_consume_within_bounds, .points = 2, .invariant = "I3",
     .section = "3.5", .needs = "central_cache_release/hands_out_again_what_came_back",
     .threads = true,
     .hint = "What consumers give back must be what producers get next, not a new span.")
{
    static unsigned class_id;
    class_id = size_class_of(128);
    test_run_threads(PRODUCERS + CONSUMERS, produce_or_consume, &class_id);
    CHECK_AT_MOST(page_standin_counts().peak_pages,
                  2 * (QUEUE_BATCHES + PRODUCERS + CONSUMERS + CENTRAL_CACHE_MAX_READY),
                  "pages out at most, a batch of these being one page");
    central_cache_flush();
    expect_all_spans_back();
}

/* --- fork --- */

enum { FETCHERS = 4 };

static atomic_uint fetched_count;

static void *fetch_and_count(void *argument)
{
    unsigned class_id = *(const unsigned *)argument;
    give_one(class_id, take_one(class_id));
    atomic_fetch_add(&fetched_count, 1);
    return NULL;
}

static void wait_a_moment(void)
{
    nanosleep(&(struct timespec){.tv_nsec = 50 * 1000 * 1000}, NULL);
}

/* What comes too late to be seen here is seen by luck alone; but a layer that holds its locks passes
 * however long it takes. */
TEST(central_cache_threads, wait_while_a_fork_is_prepared, .points = 1, .invariant = "I1",
     .section = "3.6", .needs = "central_cache_release/hands_out_again_what_came_back",
     .threads = true,
     .hint = "central_cache_fork_prepare takes every class's lock, ascending, with "
             "lock_acquire_for_fork; central_cache_fork_parent gives them back.")
{
    static const unsigned class_ids[FETCHERS] = {1, 30, 60, SIZE_CLASS_COUNT - 1};
    pthread_t threads[FETCHERS];
    central_cache_fork_prepare();
    for (unsigned i = 0; i < FETCHERS; i++)
        CHECK(pthread_create(&threads[i], NULL, fetch_and_count, (void *)&class_ids[i]) == 0,
              "could not start a thread");
    wait_a_moment();
    CHECK_EQUAL(atomic_load(&fetched_count), 0, "fetches that did not wait for the fork");
    central_cache_fork_parent();
    for (unsigned i = 0; i < FETCHERS; i++)
        pthread_join(threads[i], NULL);
    CHECK_EQUAL(atomic_load(&fetched_count), FETCHERS, "fetches after the fork");
}

/* In the child, nothing may end the test but the status; alarm ends a deadlock. */
static int use_every_class(void)
{
    alarm(30);
    for (unsigned class_id = 1; class_id < SIZE_CLASS_COUNT; class_id++) {
        struct free_list one = {0};
        if (central_cache_fetch(class_id, 1, &one) != 1)
            return 1;
        central_cache_release(class_id, &one);
    }
    central_cache_flush();
    return page_standin_counts().spans_out == 0 ? 0 : 2;
}

TEST(central_cache_fork, leaves_parent_and_child_able_to_work, .points = 1, .invariant = "I1",
     .section = "3.6", .needs = "central_cache_spans/hands_out_an_object",
     .hint = "The child has the locks that prepare took, and is to give them back itself.")
{
    for (unsigned class_id = 1; class_id < SIZE_CLASS_COUNT; class_id++)
        give_one(class_id, take_one(class_id));
    for (int i = 0; i < 3; i++) {
        central_cache_fork_prepare();
        pid_t child = fork();
        if (child == 0) {
            central_cache_fork_child();
            _exit(use_every_class());
        }
        central_cache_fork_parent();
        int status = 0;
        CHECK(child > 0 && waitpid(child, &status, 0) == child, "could not fork");
        CHECK_EQUAL(status, 0, "wait status of the child, which used every class");
    }
    CHECK_EQUAL(use_every_class(), 0, "result in the parent, which used every class");
}

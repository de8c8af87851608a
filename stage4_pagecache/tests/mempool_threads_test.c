/* Threads and processes: objects that cross from one thread to another, threads that come and go,
 * and fork. */
#include <pthread.h>
#include <stdatomic.h>
#include <stdint.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "common/testing/os_memory_standin.h"
#include "common/testing/test.h"
#include "stage4_pagecache/mempool.h"
#include "stage4_pagecache/tests/objects.h"

/* --- One thread takes, another frees --- */

enum { MAIL_LENGTH = 128 };

/* Holds one sack of objects at a time. */
static struct {
    pthread_mutex_t mutex;
    pthread_cond_t changed;
    char *objects[MAIL_LENGTH];
    bool is_full;
} mail = {.mutex = PTHREAD_MUTEX_INITIALIZER, .changed = PTHREAD_COND_INITIALIZER};

static size_t mail_bytes(size_t round, size_t place)
{
    return 16 + (round * 37 + place * 101) % 3000;
}

static void wait_until_full_locked(bool full)
{
    while (mail.is_full != full)
        pthread_cond_wait(&mail.changed, &mail.mutex);
}

static void produce(size_t round)
{
    char *objects[MAIL_LENGTH];
    for (size_t i = 0; i < MAIL_LENGTH; i++) {
        objects[i] = objects_take(mail_bytes(round, i));
        objects_mark(objects[i], mail_bytes(round, i), i);
    }
    pthread_mutex_lock(&mail.mutex);
    wait_until_full_locked(false);
    memcpy(mail.objects, objects, sizeof objects);
    mail.is_full = true;
    pthread_cond_signal(&mail.changed);
    pthread_mutex_unlock(&mail.mutex);
}

static void consume(size_t round)
{
    char *objects[MAIL_LENGTH];
    pthread_mutex_lock(&mail.mutex);
    wait_until_full_locked(true);
    memcpy(objects, mail.objects, sizeof objects);
    mail.is_full = false;
    pthread_cond_signal(&mail.changed);
    pthread_mutex_unlock(&mail.mutex);
    for (size_t i = 0; i < MAIL_LENGTH; i++) {
        objects_check(objects[i], mail_bytes(round, i), mail_bytes(round, i), i);
        mempool_free(objects[i]);
    }
}

static void produce_or_consume(unsigned index, void *rounds)
{
    for (size_t round = 0; round < *(const size_t *)rounds; round++)
        (index == 0 ? produce : consume)(round);
}

TEST(mempool_threads, one_takes_and_another_frees, .points = 1, .invariant = "I4", .section = "4.7",
     .threads = true,
     .hint =
         "An object goes to the list of its class in the thread that frees it; a thread may free "
         "before it ever took anything.")
{
    size_t rounds = 300;
    test_run_threads(2, produce_or_consume, &rounds);
    size_t live = (size_t)3 * MAIL_LENGTH * 3016; /* one sack made, one on its way, one emptied */
    CHECK_AT_MOST(os_standin_peak_bytes(), 2 * live + 8 * MIB, "peak of mapped bytes");
}

/* --- All exchange with all --- */

static struct {
    pthread_mutex_t mutex;
    char *object;
    size_t bytes;
    uint64_t stamp;
} places[64];

static void exchange(unsigned index, void *steps)
{
    struct test_random random = test_random_start(100 + index);
    for (uint64_t step = 0; step < *(const size_t *)steps; step++) {
        size_t bytes = test_random_below(&random, (size_t)16 << test_random_below(&random, 15));
        uint64_t stamp = step * 8 + index;
        char *object = objects_take(bytes);
        objects_mark(object, bytes, stamp);
        size_t place = test_random_below(&random, sizeof places / sizeof *places);
        pthread_mutex_lock(&places[place].mutex);
        char *old = places[place].object;
        size_t old_bytes = places[place].bytes;
        uint64_t old_stamp = places[place].stamp;
        places[place].object = object;
        places[place].bytes = bytes;
        places[place].stamp = stamp;
        pthread_mutex_unlock(&places[place].mutex);
        if (old != NULL)
            objects_check(old, old_bytes, old_bytes, old_stamp);
        mempool_free(old);
    }
}

TEST(mempool_threads, exchange_objects_of_all_sizes, .points = 1, .invariant = "I4",
     .section = "4.7", .needs = "mempool_objects/keep_their_contents_over_random_work",
     .threads = true,
     .hint = "Large objects too are freed by other threads than took them; the page map is read "
             "while others write it.")
{
    size_t steps = 3000;
    for (size_t i = 0; i < sizeof places / sizeof *places; i++)
        pthread_mutex_init(&places[i].mutex, NULL);
    test_run_threads(4, exchange, &steps);
    for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
        if (places[i].object != NULL)
            objects_check(places[i].object, places[i].bytes, places[i].bytes, places[i].stamp);
        mempool_free(places[i].object);
    }
}

/* --- Threads that come and go --- */

enum { THREADS_AT_A_TIME = 4, LEFT_BY_EACH = 16 };

static char *left_behind[THREADS_AT_A_TIME][LEFT_BY_EACH];

static void live_briefly(unsigned index, void *argument)
{
    (void)argument;
    char *objects[40];
    for (size_t i = 0; i < 40; i++) {
        objects[i] = objects_take((i % 10 + 1) * 400);
        objects_mark(objects[i], (i % 10 + 1) * 400, i);
    }
    for (size_t i = 0; i < 40; i++)
        mempool_free(objects[i]);
    for (size_t i = 0; i < LEFT_BY_EACH; i++)
        left_behind[index][i] = objects_take(1000);
}

static void free_left_behind(void)
{
    for (size_t i = 0; i < THREADS_AT_A_TIME; i++)
        for (size_t j = 0; j < LEFT_BY_EACH; j++)
            mempool_free(left_behind[i][j]);
}

TEST(mempool_threads, come_and_go_and_leave_nothing_behind, .points = 1, .invariant = "I4",
     .section = "4.7", .threads = true,
     .hint = "What a thread holds goes back when it ends; what it took, others may free.")
{
    struct os_memory_stats stats;
    for (int round = 0; round < 48; round++) {
        test_run_threads(THREADS_AT_A_TIME, live_briefly, NULL);
        free_left_behind();
    }
    os_memory_stats(&stats);
    CHECK_AT_MOST(stats.mapped_bytes, 18 * MIB, "bytes mapped after 192 threads");
}

/* --- fork --- */

static atomic_bool stop;

/* Keeps the locks of all layers busy, within memory that is mapped already. */
static void *work_until_stopped(void *argument)
{
    (void)argument;
    for (size_t i = 0; !atomic_load(&stop); i++) {
        char *small[8];
        for (size_t j = 0; j < 8; j++)
            small[j] = mempool_alloc(40 * KIB);
        mempool_free(mempool_alloc(300 * KIB));
        for (size_t j = 0; j < 8; j++)
            mempool_free(small[j]);
    }
    return NULL;
}

/* The child must not use what belongs to the test's process: it answers by its exit status. */
_Noreturn static void work_in_child(void)
{
    bool good = true;
    alarm(20); /* a lock that nobody will ever release */
    for (size_t bytes = 16; bytes <= MIB; bytes *= 2) {
        char *object = mempool_alloc(bytes);
        good = good && object != NULL;
        if (object != NULL)
            memset(object, 1, bytes);
        mempool_free(object);
    }
    _exit(good && mempool_check() == 0 ? 0 : 1);
}

TEST(mempool_threads, may_fork_at_any_time, .points = 1, .invariant = "I4", .section = "4.9",
     .threads = true,
     .hint = "Take the locks of all layers before fork, release them after it in both processes.")
{
    pthread_t worker;
    mempool_free(objects_take(16 * MIB)); /* enough for all that follows */
    for (size_t bytes = 16; bytes <= MIB; bytes *= 2)
        mempool_free(objects_take(bytes));
    CHECK_EQUAL(pthread_create(&worker, NULL, work_until_stopped, NULL), 0,
                "error of pthread_create");
    int forks = test_is_slowed() ? 3 : 10;
    for (int i = 0; i < forks; i++) {
        mempool_fork_prepare();
        pid_t child = fork();
        if (child == 0) {
            mempool_fork_child();
            work_in_child();
        }
        mempool_fork_parent();
        int status = 0;
        CHECK(child > 0 && waitpid(child, &status, 0) == child, "fork or waitpid failed");
        CHECK(WIFEXITED(status) && WEXITSTATUS(status) == 0,
              "child %d: expected exit status 0, got wait status 0x%x", i, (unsigned)status);
    }
    atomic_store(&stop, true);
    pthread_join(worker, NULL);
    CHECK_EQUAL(mempool_check(), 0, "mempool_check");
}

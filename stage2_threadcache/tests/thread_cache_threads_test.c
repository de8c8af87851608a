/* Many threads, each with its cache: start, end, and objects that one takes and another frees. */
#include <pthread.h>
#include <stdbool.h>

#include "common/os_memory.h"
#include "common/testing/test.h"
#include "stage2_threadcache/size_class.h"
#include "stage2_threadcache/standin/central_cache_standin.h"
#include "stage2_threadcache/tests/cache_work.h"
#include "stage2_threadcache/thread_cache.h"
#include "stage3_centralcache/central_cache.h"

enum { SMALL_CLASS = 5, SMALL_BYTES = 64, MIDDLE_CLASS = 34 };

/* --- Start and end --- */

static void work_at_once(unsigned index, void *unused)
{
    (void)unused;
    for (int round = 0; round < 3; round++)
        use_some_objects(index, 40);
}

TEST(thread_cache_threads, may_all_start_at_once, .points = 3, .invariant = "I8", .section = "2.7",
     .needs = "thread_cache/hands_out_an_object", .threads = true,
     .hint =
         "An object pool has no lock of its own. What guards the pool of records, and the list of "
         "them, when 64 threads build their caches?")
{
    int rounds = test_is_slowed() ? 1 : 20;
    for (int round = 0; round < rounds; round++) {
        test_run_threads(64, work_at_once, NULL);
        CHECK_EQUAL(central_standin_out(), 0,
                    "objects out after 64 threads have freed all and ended");
    }
}

static void live_shortly(unsigned index, void *unused)
{
    (void)unused;
    use_some_objects(index, 6);
}

static size_t mapped_bytes(void)
{
    struct os_memory_stats stats;
    os_memory_stats(&stats);
    return stats.mapped_bytes;
}

/* 10,000 threads; 100 where starting one costs a thousand times more. */
TEST(thread_cache_threads, leave_nothing_behind_when_they_end, .points = 4, .invariant = "I8",
     .section = "2.7", .needs = "thread_cache/gives_all_back_when_flushed", .threads = true,
     .hint =
         "The destructor of a pthread key runs when a thread ends: flush there, take the record "
         "out of the registry, and give it back to its pool.")
{
    enum { AT_ONCE = 10 };
    int rounds = test_is_slowed() ? 10 : 1000;
    test_run_threads(AT_ONCE, live_shortly, NULL);
    size_t mapped_at_first = mapped_bytes();
    for (int round = 0; round < rounds; round++) {
        test_run_threads(AT_ONCE, live_shortly, NULL);
        CHECK_EQUAL(central_standin_out(), 0, "objects out after all threads have ended");
    }
    CHECK_AT_MOST(mapped_bytes(), 2 * mapped_at_first + 512 * 1024,
                  "bytes mapped for the records of 10 threads at a time");
}

/* Worth no points: statistics are never scored on their word. */
TEST(thread_cache_threads, are_counted_while_they_live, .points = 0, .invariant = "I8",
     .section = "2.10", .needs = "thread_cache/hands_out_an_object", .threads = true,
     .hint =
         "One more thread when a record is built, one less when it goes; add its counts of calls "
         "to those of the threads that ended.")
{
    struct thread_cache_stats stats;
    test_run_threads(8, live_shortly, NULL);
    thread_cache_stats(&stats);
    CHECK_EQUAL(stats.threads, 0, "threads after all have ended");
    take(SMALL_CLASS);
    thread_cache_stats(&stats);
    CHECK_EQUAL(stats.threads, 1, "threads");
    struct central_cache_stats central;
    central_cache_stats(&central);
    CHECK_EQUAL(stats.fetches, central.fetches, "fetches");
    CHECK_EQUAL(stats.releases, central.releases, "releases");
}

/* --- Objects freed by another thread --- */

enum { HANDED_OVER = 1000 };

static void free_all(unsigned index, void *objects)
{
    (void)index;
    for (size_t n = 0; n < HANDED_OVER; n++)
        thread_cache_free(((void **)objects)[n], SMALL_CLASS);
}

TEST(thread_cache_threads, may_only_free, .points = 2, .invariant = "I8", .section = "2.7",
     .needs = "thread_cache/hands_out_an_object", .threads = true,
     .hint =
         "A thread's first call may be a free: it finds no record, and builds one as alloc does.")
{
    static void *objects[HANDED_OVER];
    take_many(objects, HANDED_OVER, SMALL_CLASS);
    size_t held = cached(SMALL_CLASS);
    test_run_threads(1, free_all, objects);
    CHECK_EQUAL(central_standin_counts(SMALL_CLASS).out, held,
                "objects out after another thread has freed all and ended");
}

/* A queue between two threads. */
enum { QUEUE_PLACES = 100, PASSED_ON = 20000 };

static struct {
    pthread_mutex_t mutex;
    pthread_cond_t changed;
    void *objects[QUEUE_PLACES];
    size_t first;
    size_t count;
} queue = {.mutex = PTHREAD_MUTEX_INITIALIZER, .changed = PTHREAD_COND_INITIALIZER};

static void queue_put(void *object)
{
    pthread_mutex_lock(&queue.mutex);
    while (queue.count == QUEUE_PLACES)
        pthread_cond_wait(&queue.changed, &queue.mutex);
    queue.objects[(queue.first + queue.count++) % QUEUE_PLACES] = object;
    pthread_cond_signal(&queue.changed);
    pthread_mutex_unlock(&queue.mutex);
}

static void *queue_get(void)
{
    pthread_mutex_lock(&queue.mutex);
    while (queue.count == 0)
        pthread_cond_wait(&queue.changed, &queue.mutex);
    void *object = queue.objects[queue.first];
    queue.first = (queue.first + 1) % QUEUE_PLACES;
    queue.count--;
    pthread_cond_signal(&queue.changed);
    pthread_mutex_unlock(&queue.mutex);
    return object;
}

static void produce_or_consume(unsigned index, void *unused)
{
    (void)unused;
    for (size_t n = 0; n < PASSED_ON; n++)
        if (index == 0) {
            void *object = alloc(SMALL_CLASS);
            test_fill(object, SMALL_BYTES, n);
            queue_put(object);
        } else {
            void *object = queue_get();
            test_check_filled(object, SMALL_BYTES, n);
            thread_cache_free(object, SMALL_CLASS);
        }
}

/* Live are at most a full queue and one in each thread's hands. */
TEST(thread_cache_threads, bound_what_producer_and_consumer_hold, .points = 2, .invariant = "I5",
     .section = "2.7", .needs = "thread_cache/hands_out_an_object", .threads = true,
     .hint = "The consumer's cache fills up; each time it is full a batch must go down, for the "
             "producer to fetch.")
{
    test_run_threads(2, produce_or_consume, NULL);
    struct central_standin_counts counts = central_standin_counts(SMALL_CLASS);
    CHECK_EQUAL(counts.out, 0, "objects out after both threads have ended");
    CHECK_AT_MOST(counts.most_out, QUEUE_PLACES + 2 + 2 * (2 * batch_of(SMALL_CLASS) + 1),
                  "objects out at any time");
    CHECK_AT_MOST(counts.fetches + counts.releases, 2 * most_calls(PASSED_ON, SMALL_CLASS),
                  "calls down for 20000 objects");
}

/* --- After the end of a thread's cache --- */

/* Destructors of thread-local data run in rounds: this one frees an object in each of three. The
 * cache's own destructor runs in the first; from then on the thread holds nothing. */
enum { LATE_ROUNDS = 3 };

static pthread_key_t late_key;
static void *late_objects[LATE_ROUNDS];
static size_t late_live;

static void free_late(void *unused)
{
    bool cache_has_ended = central_standin_out() == late_live && late_live < LATE_ROUNDS;
    thread_cache_free(late_objects[--late_live], SMALL_CLASS);
    thread_cache_free(alloc(MIDDLE_CLASS), MIDDLE_CLASS);
    if (cache_has_ended)
        CHECK_EQUAL(central_standin_out(), late_live,
                    "objects out after a free that came when the thread's cache had ended");
    if (late_live != 0)
        pthread_setspecific(late_key, unused);
}

static void end_with_late_frees(unsigned index, void *unused)
{
    (void)index;
    (void)unused;
    for (; late_live < LATE_ROUNDS; late_live++)
        late_objects[late_live] = alloc(SMALL_CLASS);
    pthread_setspecific(late_key, late_objects);
}

TEST(thread_cache_threads, free_straight_down_after_their_end, .points = 2, .invariant = "I8",
     .section = "2.7", .needs = "thread_cache/hands_out_an_object", .threads = true,
     .hint = "Destructors of other thread-local data may free after yours has run. A cache that is "
             "built again then is never flushed.")
{
    CHECK(pthread_key_create(&late_key, free_late) == 0, "could not make a key");
    test_run_threads(1, end_with_late_frees, NULL);
    CHECK_EQUAL(central_standin_out(), 0, "objects out after the thread has ended");
}

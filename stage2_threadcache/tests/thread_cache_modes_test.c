/* What a whole process may do: fork while its threads work, and bypass the caches. */
#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>

#include "common/lock.h"
#include "common/poison.h"
#include "common/testing/test.h"
#include "stage2_threadcache/size_class.h"
#include "stage2_threadcache/standin/central_cache_standin.h"
#include "stage2_threadcache/tests/cache_work.h"
#include "stage2_threadcache/thread_cache.h"
#include "stage3_centralcache/central_cache.h"

enum { SMALL_CLASS = 5, SMALL_BYTES = 64 };

/* --- fork --- */

static atomic_bool stop;

static void *live_a_moment(void *unused)
{
    use_some_objects(0, 6);
    return unused;
}

static void *churn(void *unused)
{
    (void)unused;
    while (!atomic_load(&stop)) {
        pthread_t thread;
        CHECK(pthread_create(&thread, NULL, live_a_moment, NULL) == 0, "could not start a thread");
        pthread_join(thread, NULL);
    }
    return NULL;
}

/* The order of the locks: from the top layer down, and up again. */
static void fork_once(void)
{
    thread_cache_fork_prepare();
    CHECK(!LOCK_CHECKS || lock_held_count() != 0, "no lock is held after fork_prepare");
    central_cache_fork_prepare();
    pid_t child = test_fork();
    if (child != 0) {
        central_cache_fork_parent();
        thread_cache_fork_parent();
        test_await_child(child);
        return;
    }
    central_cache_fork_child();
    thread_cache_fork_child();
    use_some_objects(0, 100); /* builds this thread's cache */
    thread_cache_flush();
    test_pass();
}

TEST(thread_cache_threads, may_fork_while_others_work, .points = 2, .invariant = "I8",
     .section = "2.8", .needs = "thread_cache/hands_out_an_object", .threads = true,
     .hint = "Only the forking thread lives on in the child. If another one held the lock, nobody "
             "would ever release it there: take it before, release it after, on both sides.")
{
    pthread_t churners[2];
    thread_cache_fork_prepare();
    thread_cache_fork_parent();
    for (size_t i = 0; i < 2; i++)
        CHECK(pthread_create(&churners[i], NULL, churn, NULL) == 0, "could not start a thread");
    for (int round = 0; round < 10; round++)
        fork_once();
    atomic_store(&stop, true);
    for (size_t i = 0; i < 2; i++)
        pthread_join(churners[i], NULL);
    use_some_objects(0, 100); /* the parent's lock is free again */
}

/* --- Bypass --- */

static void check_keeps_nothing(unsigned index, void *unused)
{
    (void)index;
    (void)unused;
    for (unsigned class_id = 1; class_id < SIZE_CLASS_COUNT; class_id += 16) {
        size_t out = central_standin_out();
        void *object = alloc(class_id);
        CHECK_EQUAL(central_standin_out(), out + 1, "objects out after one alloc");
        thread_cache_free(object, class_id);
        CHECK_EQUAL(central_standin_out(), out, "objects out after the free");
    }
}

TEST(thread_cache_threads, keep_nothing_when_bypassed, .points = 1, .invariant = "I8",
     .section = "2.9", .needs = "thread_cache/hands_out_an_object", .threads = true,
     .hint =
         "Flush, then point the cache at one that is always empty: each call takes the slow path, "
         "and goes down for one object.")
{
    void *object = take(SMALL_CLASS);
    thread_cache_bypass(true);
    CHECK_EQUAL(central_standin_out(), 1, "objects out when bypass begins, one of them live");
    check_keeps_nothing(0, NULL);
    test_run_threads(1, check_keeps_nothing, NULL);
    give(object, SMALL_CLASS);
    CHECK_EQUAL(central_standin_out(), 0, "objects out after the last free");
    thread_cache_flush(); /* there is nothing to flush */
    central_standin_fail_all_fetches(true);
    CHECK(thread_cache_alloc(SMALL_CLASS) == NULL && errno == ENOMEM,
          "no object can be had: expected NULL and errno = ENOMEM");
}

TEST(thread_cache_threads, verify_poison_when_bypassed, .points = 1, .invariant = "I8",
     .section = "2.9", .needs = "thread_cache/hands_out_an_object",
     .hint = "While poison_is_on, call poison_verify for each object that the central cache gives.")
{
    thread_cache_bypass(true);
    poison_switch(true);
    central_standin_fail_all_fetches(true);
    CHECK(thread_cache_alloc(SMALL_CLASS) == NULL, "no object can be had: expected NULL");
    central_standin_fail_all_fetches(false);
    char *object = take(SMALL_CLASS);
    poison_fill(object, SMALL_BYTES);
    give(object, SMALL_CLASS);
    CHECK(take(SMALL_CLASS) == object, "the stand-in hands out again what came back first");
    poison_fill(object, SMALL_BYTES);
    give(object, SMALL_CLASS);
    central_standin_spoil(object, 40);
    test_expect_caller_bug(CALLER_BUG_USE_AFTER_FREE, object + 40);
    thread_cache_alloc(SMALL_CLASS);
}

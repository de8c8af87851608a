/* thread_end: what a thread is told while it lives. That it is told of its end can only be seen from
 * inside a malloc: stage4_pagecache/tests/library/endings.c. */
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "common/testing/test.h"
#include "common/thread_end.h"

static pthread_key_t key;

static void check_is_alive(void *unused)
{
    (void)unused;
    errno = 4242;
    CHECK(!thread_is_ending(), "a thread is said to end while it still runs code of the program");
    CHECK_EQUAL(errno, 4242, "errno after thread_is_ending");
}

static void block_all_and_end(unsigned index, void *unused)
{
    (void)index;
    (void)unused;
    sigset_t all;
    sigfillset(&all);
    pthread_sigmask(SIG_BLOCK, &all, NULL);
    check_is_alive(NULL);
    pthread_setspecific(key, &key);
}

TEST(thread_end, is_not_before_the_last_destructor, .invariant = "-", .section = "common",
     .hint = "A program that blocks all signals does not block the C library's own.")
{
    CHECK(pthread_key_create(&key, check_is_alive) == 0, "could not make a key");
    test_run_threads(1, block_all_and_end, NULL);
}

/* What glibc does, and the kernel knows: past the functions that keep its own signals from us. musl says
 * nothing of its own signals, and frees nothing on a thread that ends. */
#ifdef __GLIBC__
TEST(thread_end, is_when_the_library_blocks_its_own_signals, .invariant = "-", .section = "common",
     .hint = "Signal 32 is the C library's.")
{
    uint64_t all = UINT64_MAX;
    CHECK(syscall(SYS_rt_sigprocmask, SIG_BLOCK, &all, NULL, sizeof all) == 0, "could not block");
    CHECK(thread_is_ending(), "all signals are blocked, but the thread is not said to end");
}
#endif

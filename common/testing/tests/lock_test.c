/* The lock, and the rules L1 to L6 that it knows in debug builds. */
#include "common/lock.h"
#include "common/testing/test.h"

static struct lock first;
static struct lock second;

TEST(lock, counts_acquisitions, .invariant = "-", .section = "common", .hint = "One for each.")
{
    for (int i = 0; i < 3; i++) {
        lock_acquire(&first);
        lock_assert_held(&first);
        lock_release(&first);
    }
    CHECK_EQUAL(first.acquisitions, 3, "acquisitions");
    CHECK_EQUAL(first.contended, 0, "of these contended");
    CHECK_EQUAL(lock_held_count(), 0, "locks held");
}

TEST(lock, stops_a_recursive_acquire, .invariant = "L1", .section = "common",
     .hint = "A mutex does not nest.")
{
    lock_acquire(&first);
    test_expect_lock_breach("L1");
    lock_acquire(&first);
}

TEST(lock, stops_a_second_lock, .invariant = "L2", .section = "common",
     .hint = "No call into another layer under a lock.")
{
    lock_acquire(&first);
    test_expect_lock_breach("L2");
    lock_acquire(&second);
}

TEST(lock, lets_fork_take_several_in_order, .invariant = "L3", .section = "common",
     .hint = "Ranks must rise.")
{
    lock_acquire_for_fork(&first, LOCK_RANK_THREAD_REGISTRY);
    lock_acquire_for_fork(&second, LOCK_RANK_PAGE_CACHE);
    CHECK_EQUAL(lock_held_count(), 2, "locks held");
    lock_release(&second);
    lock_release(&first);
    CHECK_EQUAL(lock_held_count(), 0, "locks held");
}

TEST(lock, stops_fork_out_of_order, .invariant = "L3", .section = "common",
     .hint = "Ranks must rise.")
{
    lock_acquire_for_fork(&first, LOCK_RANK_PAGE_CACHE);
    test_expect_lock_breach("L3");
    lock_acquire_for_fork(&second, LOCK_RANK_CLASS);
}

TEST(lock, stops_a_release_of_a_lock_not_held, .invariant = "L4", .section = "common",
     .hint = "Only the holder releases.")
{
    test_expect_lock_breach("L4");
    lock_release(&first);
}

TEST(lock, stops_a_locked_function_without_its_lock, .invariant = "L5", .section = "common",
     .hint = "lock_assert_held asks for the very lock.")
{
    lock_acquire(&first);
    test_expect_lock_breach("L5");
    lock_assert_held(&second);
}

TEST(lock, stops_a_system_call_under_a_lock, .invariant = "L6", .section = "common",
     .hint = "lock_assert_none_held.")
{
    lock_assert_none_held();
    lock_acquire(&first);
    test_expect_lock_breach("L6");
    lock_assert_none_held();
}

static size_t shared_count;

static void count_up(unsigned index, void *argument)
{
    (void)index;
    (void)argument;
    for (int i = 0; i < 5000; i++) {
        lock_acquire(&first);
        shared_count++;
        lock_release(&first);
    }
}

TEST(lock, keeps_threads_apart, .invariant = "-", .section = "common",
     .hint = "It is a mutex after all.", .threads = true)
{
    test_run_threads(8, count_up, NULL);
    CHECK_EQUAL(shared_count, 40000, "counted under the lock by 8 threads");
    CHECK_EQUAL(first.acquisitions, 40000, "acquisitions");
    CHECK_AT_MOST(first.contended, 40000, "contended acquisitions");
}

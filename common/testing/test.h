/* test: how every test of the project is declared, whatever runs it.
 *
 *     TEST(object_pool, hands_back_the_object_freed_last, .points = 2, .invariant = "I3",
 *          .section = "1.3", .hint = "The list of free objects is a stack.")
 *     {
 *         ...
 *         CHECK(again == object, "expected the object freed last, %p; got %p", object, again);
 *     }
 *
 * A test file is linked with one of two mains:
 *   criterion_main.c   Criterion runs and reports the tests: what a student sees (make check);
 *   plain_main.c       one test a process, or each in a forked child: what the grader scores, and
 *                      what runs under Valgrind and ThreadSanitizer.
 *
 * A test ends in one of three ways: PASSED; FAILED with what was expected and what came; NOT_DONE
 * where it reached a todo(). It may end on any thread. */
#ifndef COMMON_TESTING_TEST_H
#define COMMON_TESTING_TEST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "common/caller_bug.h"

enum test_outcome { TEST_PASSED, TEST_FAILED, TEST_NOT_DONE };

struct test {
    const char *suite;
    const char *name;
    void (*body)(void);
    const char *file;
    int line;
    struct test *next;

    /* Given in the declaration, as designated initialisers. */
    unsigned points;       /* what it is worth; 0 for tests of the given code */
    const char *invariant; /* the one it holds the code to, as numbered in the header: "I3" */
    const char *section;   /* the task in the stage's README that it belongs to: "1.3" */
    const char *hint;      /* one or two sentences for who is stuck */
    const char *needs;     /* "suite/name" of a test without which this one is meaningless */
    bool threads;          /* starts threads: runs under ThreadSanitizer and helgrind too */
};

#define TEST_NAME(suite_, name_) test_##suite_##_##name_

/* The criterion build defines TEST_ENTRY as a Criterion test that calls test_run. */
#ifndef TEST_ENTRY
#define TEST_ENTRY(suite_, name_)                                                                  \
    __attribute__((constructor)) static void TEST_NAME(suite_, name_##_register)(void)             \
    {                                                                                              \
        test_register(&TEST_NAME(suite_, name_));                                                  \
    }
#endif

#define TEST(suite_, name_, ...)                                                                   \
    static void TEST_NAME(suite_, name_##_body)(void);                                             \
    static struct test TEST_NAME(suite_, name_) = {.suite = #suite_,                               \
                                                   .name = #name_,                                 \
                                                   .body = TEST_NAME(suite_, name_##_body),        \
                                                   .file = __FILE__,                               \
                                                   .line = __LINE__,                               \
                                                   __VA_ARGS__};                                   \
    TEST_ENTRY(suite_, name_)                                                                      \
    static void TEST_NAME(suite_, name_##_body)(void)

/* End the test as FAILED unless `condition` holds. The rest is a printf format that says what was
 * expected and what came. */
#define CHECK(condition, ...)                                                                      \
    do {                                                                                           \
        if (!(condition))                                                                          \
            test_fail(__FILE__, __LINE__, __VA_ARGS__);                                            \
    } while (0)

/* Two counts must be equal; `what` names the thing counted: CHECK_EQUAL(n, 4, "batches fetched"). */
#define CHECK_EQUAL(actual, expected, what)                                                        \
    test_check_equal(__FILE__, __LINE__, (uintmax_t)(actual), (uintmax_t)(expected), what)

/* `actual` must be at most `limit`. */
#define CHECK_AT_MOST(actual, limit, what)                                                         \
    test_check_at_most(__FILE__, __LINE__, (uintmax_t)(actual), (uintmax_t)(limit), what)

void test_check_equal(const char *file, int line, uintmax_t actual, uintmax_t expected,
                      const char *what);
void test_check_at_most(const char *file, int line, uintmax_t actual, uintmax_t limit,
                        const char *what);

_Noreturn void test_fail(const char *file, int line, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* End the test at once: as PASSED, or as another test or child did. */
_Noreturn void test_pass(void);
_Noreturn void test_end_as(enum test_outcome outcome, const char *message);

/* From here on the test must end in caller_bug(kind, address): it passes on the spot there, and
 * fails where another bug is announced, or none by the time its body ends. */
void test_expect_caller_bug(enum caller_bug_kind kind, const void *address);

/* The same, and `then` runs at that place, as a program's handler of SIGABRT would. */
void test_expect_caller_bug_then(enum caller_bug_kind kind, const void *address,
                                 void (*then)(void));

/* From here on the test must end in the breach of a lock rule: "L2". */
void test_expect_lock_breach(const char *rule);

/* Random numbers that depend on nothing but the seed (option --seed, else 1). A generator is not
 * to be shared between threads. */
struct test_random {
    uint64_t state;
};
struct test_random test_random_start(uint64_t stream);
uint64_t test_random_next(struct test_random *random);
size_t test_random_below(struct test_random *random, size_t limit);

/* Run body(index, argument) on `count` threads (1..64) that start at the same moment; return when all
 * have ended. */
void test_run_threads(unsigned count, void (*body)(unsigned index, void *argument), void *argument);

/* fork() in a test. The child continues the test, for half a minute at most, and ends it with
 * test_pass(); whatever way it ends, only its parent hears of it. In the parent, test_await_child
 * waits for that end and, unless the child passed, ends the test the same way. One child at a
 * time. */
pid_t test_fork(void);
void test_await_child(pid_t child);

/* The same, but only says how the child ended, and why: for tests that try something in many children
 * and make something of what they hear. A child that crashed counts as FAILED. */
enum test_outcome test_join_child(pid_t child, char *message, size_t message_bytes);

/* Whether the test runs under Valgrind or ThreadSanitizer, where starting a thread, or forking, costs a
 * thousand times what it does without: a few will do there. */
bool test_is_slowed(void);

/* Fill an object with a pattern that depends on `stamp`, and check that it is still there. */
void test_fill(void *object, size_t bytes, uint64_t stamp);
void test_check_filled(const void *object, size_t bytes, uint64_t stamp);

/* "1 bytes" becomes "1 byte", wherever in `text`: for messages with counts in them. */
void test_make_singular(char *text);

/* Tell how much of something the test counted, for comparison with the reference: programs that count
 * only (common/testing/counts/counts.h). */
void test_count(const char *what, double value);

/* --- Between test.c and the two mains --- */

void test_register(struct test *test); /* plain build: keeps the list */
void test_set_seed(uint64_t seed);
uint64_t test_seed(void);
void test_set_replay(const char *file); /* property tests run this script and nothing else */
const char *test_replay(void);
void test_run(struct test *test); /* run the body; ends in test_end when it returns */
_Noreturn void test_end(enum test_outcome outcome, const char *message); /* each main has its own */
const struct test *test_current(void);
bool test_prints_debug(void); /* each main: whether debug_print writes */

#endif

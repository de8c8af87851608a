/* What tests share, whichever main runs them: checks, expected caller bugs, random numbers,
 * threads. The stand-ins of caller_bug, lock_breach and todo are here as well: in a test each of
 * them is a way to end. */
#include "common/testing/test.h"

#include <errno.h>
#include <inttypes.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "common/lock.h"
#include "common/todo.h"

static const struct test *current;
static uint64_t seed = 1;

static struct {
    bool set;
    enum caller_bug_kind kind;
    const void *address;
} expected_bug;

static const char *expected_breach; /* "L2", or NULL */

const struct test *test_current(void)
{
    return current;
}

void test_set_seed(uint64_t new_seed)
{
    seed = new_seed;
}

void test_run(struct test *test)
{
    current = test;
    test->body();
    if (expected_bug.set)
        test_fail(test->file, test->line,
                  "expected caller_bug \"%s\" for %p, but none was announced",
                  caller_bug_text(expected_bug.kind), expected_bug.address);
    if (expected_breach != NULL)
        test_fail(test->file, test->line, "expected a breach of lock rule %s, but there was none",
                  expected_breach);
    test_pass();
}

/* --- A test's end, also that of a forked child --- */

enum { MOST_MESSAGE = 600, CHILD_SECONDS = 30 };

struct child_end {
    enum test_outcome outcome;
    char message[MOST_MESSAGE];
};

static int child_pipe[2];
static bool is_child;

/* Present only in programs built with --coverage. */
extern void __gcov_dump(void) __attribute__((weak));

_Noreturn static void end_child(enum test_outcome outcome, const char *message)
{
    struct child_end end = {.outcome = outcome};
    snprintf(end.message, sizeof end.message, "%s", message);
    ssize_t ignored = write(child_pipe[1], &end, sizeof end);
    (void)ignored;
    if (__gcov_dump != NULL)
        __gcov_dump();
    _exit(0);
}

_Noreturn static void end_test(enum test_outcome outcome, const char *message)
{
    if (is_child)
        end_child(outcome, message);
    test_end(outcome, message);
}

pid_t test_fork(void)
{
    CHECK(pipe(child_pipe) == 0, "could not make a pipe");
    pid_t child = fork();
    CHECK(child >= 0, "could not fork");
    is_child = child == 0;
    close(child_pipe[is_child ? 0 : 1]);
    if (is_child)
        alarm(CHILD_SECONDS);
    return child;
}

void test_await_child(pid_t child)
{
    struct child_end end;
    int status = 0;
    ssize_t got = read(child_pipe[0], &end, sizeof end);
    close(child_pipe[0]);
    while (waitpid(child, &status, 0) < 0 && errno == EINTR)
        ;
    if (got == (ssize_t)sizeof end && end.outcome != TEST_PASSED)
        end_test(end.outcome, end.message);
    CHECK(got == (ssize_t)sizeof end, "the forked child ended before its test did: %s",
          WIFSIGNALED(status) ? strsignal(WTERMSIG(status)) : "it exited");
}

_Noreturn void test_pass(void)
{
    end_test(TEST_PASSED, "");
}

_Noreturn void test_fail(const char *file, int line, const char *format, ...)
{
    char message[MOST_MESSAGE];
    int used = snprintf(message, sizeof message, "%s:%d: ", file, line);
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(message + used, sizeof message - (size_t)used, format, arguments);
    va_end(arguments);
    end_test(TEST_FAILED, message);
}

void test_check_equal(const char *file, int line, uintmax_t actual, uintmax_t expected,
                      const char *what)
{
    if (actual != expected)
        test_fail(file, line, "%s: expected %" PRIuMAX ", got %" PRIuMAX, what, expected, actual);
}

void test_check_at_most(const char *file, int line, uintmax_t actual, uintmax_t limit,
                        const char *what)
{
    if (actual > limit)
        test_fail(file, line, "%s: expected at most %" PRIuMAX ", got %" PRIuMAX, what, limit,
                  actual);
}

/* --- Stand-ins: ways for the code under test to end a test --- */

void test_expect_caller_bug(enum caller_bug_kind kind, const void *address)
{
    expected_bug.kind = kind;
    expected_bug.address = address;
    expected_bug.set = true;
}

_Noreturn void caller_bug(enum caller_bug_kind kind, const void *address)
{
    const char *file = current == NULL ? "?" : current->file;
    int line = current == NULL ? 0 : current->line;
    if (!expected_bug.set)
        test_fail(file, line,
                  "caller_bug \"%s\" was announced for %p, but the test did nothing wrong",
                  caller_bug_text(kind), address);
    if (kind != expected_bug.kind || address != expected_bug.address)
        test_fail(file, line, "expected caller_bug \"%s\" for %p, got \"%s\" for %p",
                  caller_bug_text(expected_bug.kind), expected_bug.address, caller_bug_text(kind),
                  address);
    test_pass();
}

void test_expect_lock_breach(const char *rule)
{
    expected_breach = rule;
}

_Noreturn void lock_breach(const char *rule)
{
    if (expected_breach != NULL && strncmp(rule, expected_breach, strlen(expected_breach)) == 0)
        test_pass();
    test_fail(current == NULL ? "?" : current->file, current == NULL ? 0 : current->line,
              "broken lock rule %s", rule);
}

void todo(const char *task)
{
    char message[64];
    snprintf(message, sizeof message, "task %s is not done yet", task);
    end_test(TEST_NOT_DONE, message);
}

void debug_print(const char *format, ...)
{
    if (!test_prints_debug())
        return;
    va_list arguments;
    va_start(arguments, format);
    vfprintf(stderr, format, arguments);
    va_end(arguments);
}

/* --- Random numbers: splitmix64 (Steele, Lea, Flood 2014) --- */

struct test_random test_random_start(uint64_t stream)
{
    return (struct test_random){seed * 0x9e3779b97f4a7c15u + stream};
}

uint64_t test_random_next(struct test_random *random)
{
    uint64_t z = random->state += 0x9e3779b97f4a7c15u;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
}

size_t test_random_below(struct test_random *random, size_t limit)
{
    return (size_t)(test_random_next(random) % limit);
}

/* --- Threads --- */

struct thread_start {
    pthread_barrier_t *barrier;
    void (*body)(unsigned index, void *argument);
    void *argument;
    unsigned index;
};

static void *thread_main(void *argument)
{
    struct thread_start *start = argument;
    pthread_barrier_wait(start->barrier);
    start->body(start->index, start->argument);
    return NULL;
}

void test_run_threads(unsigned count, void (*body)(unsigned index, void *argument), void *argument)
{
    enum { MOST = 64 };
    CHECK(count >= 1 && count <= MOST, "test_run_threads takes 1 to %d threads, not %u", MOST,
          count);
    /* Static, since a test that ends early leaves this frame while threads still run. */
    static pthread_t threads[MOST];
    static struct thread_start starts[MOST];
    static pthread_barrier_t barrier;
    pthread_barrier_init(&barrier, NULL, count);
    for (unsigned i = 0; i < count; i++) {
        starts[i] = (struct thread_start){&barrier, body, argument, i};
        int error = pthread_create(&threads[i], NULL, thread_main, &starts[i]);
        CHECK(error == 0, "could not start thread %u: %s", i, strerror(error));
    }
    for (unsigned i = 0; i < count; i++)
        pthread_join(threads[i], NULL);
    pthread_barrier_destroy(&barrier);
}

/* --- Contents of objects --- */

static unsigned char pattern_byte(uint64_t stamp, size_t at)
{
    return (unsigned char)(stamp * 0x9e3779b97f4a7c15u >> 56 ^ at * 0x3b);
}

void test_fill(void *object, size_t bytes, uint64_t stamp)
{
    unsigned char *byte = object;
    for (size_t i = 0; i < bytes; i++)
        byte[i] = pattern_byte(stamp, i);
}

void test_check_filled(const void *object, size_t bytes, uint64_t stamp)
{
    const unsigned char *byte = object;
    for (size_t i = 0; i < bytes; i++)
        if (byte[i] != pattern_byte(stamp, i))
            test_fail(current->file, current->line,
                      "byte %zu of the live object %p (%zu bytes) was overwritten", i, object,
                      bytes);
}

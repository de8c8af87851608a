/* What tests share, whichever main runs them: checks, expected caller bugs, forked children. The
 * stand-ins of caller_bug, lock_breach and todo are here as well: in a test each of them is a way
 * to end. Random numbers, threads and contents of objects are in test_tools.c. */
#include "common/testing/test.h"

#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "common/lock.h"
#include "common/todo.h"

static const struct test *current;
static uint64_t seed = 1;
static const char *replay; /* a file, or NULL */

static struct {
    bool set;
    enum caller_bug_kind kind;
    const void *address;
    void (*then)(void); /* or NULL */
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

uint64_t test_seed(void)
{
    return seed;
}

void test_set_replay(const char *file)
{
    replay = file;
}

const char *test_replay(void)
{
    return replay;
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

static bool is_child;
static int report_end; /* of a child's pipe to its parent */
static int await_end;  /* of a parent's pipe from its child; children may have children */

/* Present only in programs built with --coverage. */
extern void __gcov_dump(void) __attribute__((weak));

_Noreturn static void end_child(enum test_outcome outcome, const char *message)
{
    struct child_end end = {.outcome = outcome};
    snprintf(end.message, sizeof end.message, "%s", message);
    ssize_t ignored = write(report_end, &end, sizeof end);
    (void)ignored;
    if (__gcov_dump != NULL)
        __gcov_dump();
    _exit(0);
}

_Noreturn void test_end_as(enum test_outcome outcome, const char *message)
{
    if (is_child)
        end_child(outcome, message);
    test_end(outcome, message);
}

pid_t test_fork(void)
{
    int ends[2];
    CHECK(pipe(ends) == 0, "could not make a pipe");
    pid_t child = fork();
    CHECK(child >= 0, "could not fork");
    if (child != 0) {
        close(ends[1]);
        await_end = ends[0];
        return child;
    }
    close(ends[0]);
    report_end = ends[1];
    is_child = true;
    alarm(CHILD_SECONDS);
    return child;
}

enum test_outcome test_join_child(pid_t child, char *message, size_t message_bytes)
{
    struct child_end end = {.outcome = TEST_FAILED};
    int status = 0;
    ssize_t got = read(await_end, &end, sizeof end);
    close(await_end);
    while (waitpid(child, &status, 0) < 0 && errno == EINTR)
        ;
    if (got == (ssize_t)sizeof end)
        snprintf(message, message_bytes, "%s", end.message);
    else
        snprintf(message, message_bytes, "%s",
                 WIFSIGNALED(status) ? strsignal(WTERMSIG(status))
                                     : "the process exited before its test ended");
    return end.outcome;
}

void test_await_child(pid_t child)
{
    char message[MOST_MESSAGE];
    enum test_outcome outcome = test_join_child(child, message, sizeof message);
    if (outcome != TEST_PASSED)
        test_end_as(outcome, message);
}

_Noreturn void test_pass(void)
{
    test_end_as(TEST_PASSED, "");
}

_Noreturn void test_fail(const char *file, int line, const char *format, ...)
{
    char message[MOST_MESSAGE];
    int used = snprintf(message, sizeof message, "%s:%d: ", file, line);
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(message + used, sizeof message - (size_t)used, format, arguments);
    va_end(arguments);
    test_make_singular(message);
    test_end_as(TEST_FAILED, message);
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

void test_expect_caller_bug_then(enum caller_bug_kind kind, const void *address, void (*then)(void))
{
    test_expect_caller_bug(kind, address);
    expected_bug.then = then;
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
    if (expected_bug.then != NULL)
        expected_bug.then();
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
    test_end_as(TEST_NOT_DONE, message);
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

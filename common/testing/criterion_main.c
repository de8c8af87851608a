/* The Criterion main: hands each test's outcome to Criterion, which runs and reports it.
 *
 * A test may end on any thread and deep inside the code under test. The outcome is noted, and the
 * test's own thread jumps back to where the body was started; another thread asks it to by a
 * signal, then waits for the end of the process.
 *
 * A test that loops for ever is stopped after some processor seconds. It leaves a mark, a file that make
 * check names in LATE_MARK, and the tests that have not begun by then are skipped: a loop that all run
 * into would cost as much in each. */
#include <criterion/criterion.h>
#include <fcntl.h>
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <unistd.h>

#include "common/testing/criterion_entry.h"

enum { CPU_SECONDS = 5 };

static sigjmp_buf body_start;
static pthread_t test_thread;
static pid_t test_process;
static enum test_outcome ended_as;
static char ended_why[700];

bool test_prints_debug(void)
{
    return true;
}

static void jump_back(int signal_number)
{
    (void)signal_number;
    siglongjmp(body_start, 1);
}

_Noreturn void test_end(enum test_outcome outcome, const char *message)
{
    static pthread_mutex_t first_wins = PTHREAD_MUTEX_INITIALIZER;
    pthread_mutex_lock(&first_wins); /* never released: the first end of a test is its end */
    ended_as = outcome;
    snprintf(ended_why, sizeof ended_why, "%s", message);
    if (pthread_equal(pthread_self(), test_thread))
        siglongjmp(body_start, 1);
    pthread_kill(test_thread, SIGUSR2);
    for (;;)
        pause();
}

/* --- Endless loops --- */

static void stop_late_test(int signal_number)
{
    const char *mark = getenv("LATE_MARK");
    if (mark != NULL)
        close(open(mark, O_CREAT | O_WRONLY | O_CLOEXEC, 0600));
    if (getpid() != test_process) {
        signal(signal_number, SIG_DFL); /* a child of the test, which looks at how it ends */
        raise(signal_number);
        return;
    }
    test_end_as(TEST_FAILED, "it did not end within 5 processor seconds: an endless loop?");
}

static void limit_time(void)
{
    const struct rlimit limit = {CPU_SECONDS, CPU_SECONDS + 2};
    signal(SIGXCPU, stop_late_test);
    setrlimit(RLIMIT_CPU, &limit);
}

static bool another_was_late(void)
{
    const char *mark = getenv("LATE_MARK");
    return mark != NULL && access(mark, F_OK) == 0;
}

void test_run_under_criterion(struct test *test)
{
    if (another_was_late()) {
        fprintf(stderr, "[SKIP] %s::%s: another test did not end\n", test->suite, test->name);
        cr_skip_test("another test did not end");
    }
    limit_time();
    test_thread = pthread_self();
    test_process = getpid();
    signal(SIGUSR2, jump_back);
    if (sigsetjmp(body_start, 1) == 0)
        test_run(test);
    if (ended_as == TEST_NOT_DONE) {
        /* Criterion is silent about skipped tests unless told to be loud about all. */
        fprintf(stderr, "[TODO] %s::%s: %s\n", test->suite, test->name, ended_why);
        cr_skip_test("%s", ended_why);
    }
    if (ended_as == TEST_FAILED)
        cr_assert_fail("%s\n    invariant %s; read task %s in the stage's README.md\n    hint: %s",
                       ended_why, test->invariant, test->section, test->hint);
    cr_assert(ended_as == TEST_PASSED);
}

/* The Criterion main: hands each test's outcome to Criterion, which runs and reports it.
 *
 * A test may end on any thread and deep inside the code under test. The outcome is noted, and the
 * test's own thread jumps back to where the body was started; another thread asks it to by a
 * signal, then waits for the end of the process. */
#include <criterion/criterion.h>
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdio.h>
#include <unistd.h>

#include "common/testing/criterion_entry.h"

static sigjmp_buf body_start;
static pthread_t test_thread;
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

void test_run_under_criterion(struct test *test)
{
    test_thread = pthread_self();
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

/* The plain main: runs tests as ordinary processes, without a framework.
 *
 *   plain --list                    one line a test, fields separated by tabs:
 *                                   suite/name, points, threads (0 or 1), invariant, section,
 *                                   file, line, hint, the test it needs (or nothing)
 *   plain --run SUITE/NAME          run one test in this process; status 0 passed, 1 failed,
 *                                   3 not done
 *   plain [PATTERN]                 run all tests (whose name contains PATTERN), each in a forked
 *                                   child; status 0 where all passed
 *   --threads-only, --no-threads    of these, only (or all but) tests that start threads
 *   --skip SUITE/NAME               of these, not that one; may be given again for another
 *   --cpu-limit N                   processor seconds a test may take; wall time is ten times that
 *   --seed N                        for random tests
 *   plain --replay FILE             run the script of calls that a property test kept
 *   --report-fd R --token-fd T      for the grader: read a secret token from T before any test
 *                                   runs, and write each verdict to R in one write(2):
 *                                   token TAB verdict TAB pid TAB suite/name TAB message NEWLINE
 *                                   where verdict is STARTED, PASSED, FAILED or NOT_DONE; or COUNT,
 *                                   and the message a number, a space and what was counted
 *
 * A verdict without the token is worth nothing: a tested process that ends on its own accord, with
 * whatever status, never sent it. */
#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "common/testing/plain_options.h"
#include "common/testing/test.h"

enum { MOST_TOKEN = 64 };
enum { STATUS_FAILED = 1, STATUS_USAGE = 2, STATUS_NOT_DONE = 3 };

static struct test *first_test;
static struct test **last_link = &first_test;
static char token[MOST_TOKEN + 1];

/* Present only in programs built with --coverage. */
extern void __gcov_dump(void) __attribute__((weak));

/* Asked by ThreadSanitizer when it starts. fork takes more locks at a time than its deadlock detector
 * can count; of their order the lock wrapper itself takes care. */
const char *__tsan_default_options(void);
__attribute__((visibility("default"))) const char *__tsan_default_options(void)
{
    return "detect_deadlocks=0";
}

void test_register(struct test *test)
{
    *last_link = test;
    last_link = &test->next;
}

bool test_prints_debug(void)
{
    return plain_options.report_fd < 0;
}

static const char *verdict_name(enum test_outcome outcome)
{
    static const char *const names[] = {"PASSED", "FAILED", "NOT_DONE"};
    return names[outcome];
}

static void report(const char *verdict, const struct test *test, const char *message)
{
    char line[1024];
    int length = snprintf(line, sizeof line, "%s\t%s\t%ld\t%s/%s\t%s", token, verdict,
                          (long)getpid(), test->suite, test->name, message);
    if (length >= (int)sizeof line)
        length = sizeof line - 1;
    for (char *at = line; *at != '\0'; at++)
        if (*at == '\n')
            *at = ' ';
    line[length] = '\n';
    ssize_t ignored = write(plain_options.report_fd, line, (size_t)length + 1);
    (void)ignored;
}

void test_count(const char *what, double value)
{
    char message[200];
    snprintf(message, sizeof message, "%.6g %s", value, what);
    if (plain_options.report_fd >= 0)
        report("COUNT", test_current(), message);
    else
        printf("%12.6g %s\n", value, what);
}

static void print_verdict(enum test_outcome outcome, const struct test *test, const char *message)
{
    if (test_replay() != NULL && outcome == TEST_FAILED)
        putchar('\n'); /* the call that failed has no result to end its line */
    printf("%-8s %s/%s%s%s\n", verdict_name(outcome), test->suite, test->name,
           *message == '\0' ? "" : ": ", message);
    if (outcome == TEST_FAILED) {
        printf("         invariant %s, task %s\n", test->invariant, test->section);
        printf("         hint: %s\n", test->hint);
    }
    fflush(stdout);
}

_Noreturn void test_end(enum test_outcome outcome, const char *message)
{
    static const int statuses[] = {0, STATUS_FAILED, STATUS_NOT_DONE};
    const struct test *test = test_current();
    if (test == NULL) {
        fprintf(stderr, "outside of any test: %s\n", message);
        _exit(STATUS_FAILED);
    }
    static atomic_flag has_ended = ATOMIC_FLAG_INIT;
    while (atomic_flag_test_and_set(&has_ended)) /* the first end of a test is its end */
        pause();
    if (__gcov_dump != NULL)
        __gcov_dump();
    if (plain_options.report_fd >= 0)
        report(verdict_name(outcome), test, message);
    else
        print_verdict(outcome, test, message);
    _exit(statuses[outcome]);
}

/* A test that crashes, or is stopped by a limit, still says which lines it reached. */
static void dump_coverage_and_die(int signal_number)
{
    signal(signal_number, SIG_DFL);
    __gcov_dump();
    raise(signal_number);
}

static void keep_coverage_of_crashes(void)
{
    static const int fatal[] = {SIGSEGV, SIGBUS,  SIGFPE,  SIGILL,
                                SIGABRT, SIGXCPU, SIGALRM, SIGTERM};
    if (__gcov_dump == NULL)
        return;
    for (size_t i = 0; i < sizeof fatal / sizeof *fatal; i++)
        signal(fatal[i], dump_coverage_and_die);
}

static void set_limits(void)
{
    if (plain_options.cpu_limit == 0)
        return;
    struct rlimit limit = {plain_options.cpu_limit, plain_options.cpu_limit + 1};
    setrlimit(RLIMIT_CPU, &limit);
    alarm(plain_options.cpu_limit * 10);
}

_Noreturn static void run_here(struct test *test)
{
    set_limits();
    keep_coverage_of_crashes();
    if (plain_options.report_fd >= 0)
        report("STARTED", test, "");
    test_run(test);
    abort(); /* test_run ends the process */
}

static bool is_selected(const struct test *test)
{
    char name[256];
    snprintf(name, sizeof name, "%s/%s", test->suite, test->name);
    if (plain_options.threads_only && !test->threads)
        return false;
    if (plain_options.no_threads && test->threads)
        return false;
    for (size_t i = 0; i < plain_options.skip_count; i++)
        if (strcmp(name, plain_options.skip[i]) == 0)
            return false;
    return plain_options.pattern == NULL || strstr(name, plain_options.pattern) != NULL;
}

/* Returns whether the child ended with status 0. */
static bool run_in_child(struct test *test)
{
    fflush(stdout);
    pid_t child = fork();
    if (child == 0)
        run_here(test);
    int status = 0;
    while (child > 0 && waitpid(child, &status, 0) < 0 && errno == EINTR)
        ;
    if (child > 0 && WIFSIGNALED(status) && plain_options.report_fd < 0)
        printf("CRASHED  %s/%s: %s\n", test->suite, test->name, strsignal(WTERMSIG(status)));
    return child > 0 && WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

static int run_all(void)
{
    unsigned run = 0;
    unsigned passed = 0;
    for (struct test *test = first_test; test != NULL; test = test->next) {
        if (!is_selected(test))
            continue;
        run++;
        passed += run_in_child(test);
    }
    if (plain_options.report_fd < 0)
        printf("%u of %u tests passed\n", passed, run);
    if (run == 0)
        fprintf(stderr, "no test matches \"%s\"\n",
                plain_options.pattern == NULL ? "" : plain_options.pattern);
    return run == 0 ? STATUS_USAGE : passed == run ? 0 : STATUS_FAILED;
}

static int run_one(void)
{
    char name[256];
    for (struct test *test = first_test; test != NULL; test = test->next) {
        snprintf(name, sizeof name, "%s/%s", test->suite, test->name);
        if (strcmp(name, plain_options.run) == 0)
            run_here(test);
    }
    fprintf(stderr, "there is no test \"%s\"; --list names them all\n", plain_options.run);
    return STATUS_USAGE;
}

static int list_tests(void)
{
    for (struct test *test = first_test; test != NULL; test = test->next)
        if (is_selected(test))
            printf("%s/%s\t%u\t%d\t%s\t%s\t%s\t%d\t%s\t%s\n", test->suite, test->name, test->points,
                   test->threads, test->invariant, test->section, test->file, test->line,
                   test->hint, test->needs == NULL ? "" : test->needs);
    return 0;
}

static void read_token(void)
{
    if (plain_options.token_fd < 0)
        return;
    size_t length = 0;
    ssize_t got = 0;
    do {
        got = read(plain_options.token_fd, token + length, MOST_TOKEN - length);
        length += got > 0 ? (size_t)got : 0;
    } while (got > 0);
    close(plain_options.token_fd);
}

int main(int count, char **arguments)
{
    if (!plain_options_read(count, arguments))
        return STATUS_USAGE;
    read_token();
    if (plain_options.list)
        return list_tests();
    return plain_options.run != NULL ? run_one() : run_all();
}

/* The main of programs of interleavings: runs each test under many schedules.
 *
 *   program --list                 one name a line
 *   program [PATTERN]              all tests whose name contains PATTERN
 *   --seed N                       from which all schedules are drawn (1)
 *   --schedules N                  so many for each test (400)
 *
 * Status 0 where all tests passed under every schedule, 1 where one failed, 3 where one that was
 * chosen is not done yet and none failed. Addresses are the same in every run, if the system lets a program
 * ask for that: then the same seed prints the same words. */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/personality.h>
#include <unistd.h>

#include "common/testing/interleave/explore.h"
#include "common/testing/interleave/story.h"
#include "common/testing/test.h"

enum { STATUS_FAILED = 1, STATUS_USAGE = 2, STATUS_NOT_DONE = 3 };

static struct test *first_test;
static struct test **last_link = &first_test;
static size_t most_schedules = 400;

void test_register(struct test *test)
{
    *last_link = test;
    last_link = &test->next;
}

bool test_prints_debug(void)
{
    return true;
}

/* Tests end in children, which tell their parent; here nothing should end. */
_Noreturn void test_end(enum test_outcome outcome, const char *message)
{
    fprintf(stderr, "outside of any run: %s\n", message);
    _exit(outcome == TEST_NOT_DONE ? STATUS_NOT_DONE : STATUS_FAILED);
}

static void print_failure(const struct test *test, const struct finding *finding)
{
    printf("FAILED   %s/%s: %s\n         invariant %s, task %s\n         hint: %s\n\n", test->suite,
           test->name, finding->message, test->invariant, test->section, test->hint);
    if (record->event_count == 0)
        return;
    printf("  step thread   (schedule %zu of %zu, seed %llu; preemptions: %zu)\n",
           finding->schedules, most_schedules, (unsigned long long)test_seed(),
           finding->schedule.preemption_count);
    unsigned steps = story_print(stdout, record);
    printf("       and there it fails, after %u steps\n\n", steps);
}

static enum test_outcome run_test(struct test *test)
{
    struct finding finding = explore(test, most_schedules);
    if (finding.outcome == TEST_PASSED)
        printf("PASSED   %s/%s, %zu schedules\n", test->suite, test->name, finding.schedules);
    else if (finding.outcome == TEST_NOT_DONE)
        printf("NOT_DONE %s/%s: %s\n", test->suite, test->name, finding.message);
    else
        print_failure(test, &finding);
    fflush(stdout);
    return finding.outcome;
}

static int run_tests(const char *pattern)
{
    unsigned counts[3] = {0};
    for (struct test *test = first_test; test != NULL; test = test->next) {
        char name[256];
        snprintf(name, sizeof name, "%s/%s", test->suite, test->name);
        if (pattern == NULL || strstr(name, pattern) != NULL)
            counts[run_test(test)]++;
    }
    unsigned run = counts[TEST_PASSED] + counts[TEST_FAILED] + counts[TEST_NOT_DONE];
    printf("%u of %u tests passed\n", counts[TEST_PASSED], run);
    if (run == 0)
        return STATUS_USAGE;
    return counts[TEST_FAILED] != 0     ? STATUS_FAILED
           : counts[TEST_NOT_DONE] != 0 ? STATUS_NOT_DONE
                                        : 0;
}

static void list_tests(void)
{
    for (struct test *test = first_test; test != NULL; test = test->next)
        printf("%s/%s\n", test->suite, test->name);
}

/* Start over without random addresses. */
static void fix_addresses(char **arguments)
{
    int now = personality(0xffffffff);
    if (now == -1 || (now & ADDR_NO_RANDOMIZE) != 0)
        return;
    if (personality((unsigned long)now | ADDR_NO_RANDOMIZE) != -1)
        execv("/proc/self/exe", arguments);
}

int main(int count, char **arguments)
{
    static const struct option known[] = {{"list", no_argument, NULL, 'l'},
                                          {"seed", required_argument, NULL, 's'},
                                          {"schedules", required_argument, NULL, 'n'},
                                          {NULL, 0, NULL, 0}};
    bool lists = false;
    int option = 0;
    fix_addresses(arguments);
    while ((option = getopt_long(count, arguments, "", known, NULL)) != -1) {
        if (option == '?')
            return STATUS_USAGE;
        lists |= option == 'l';
        if (option == 's')
            test_set_seed(strtoull(optarg, NULL, 10));
        if (option == 'n')
            most_schedules = strtoul(optarg, NULL, 10);
    }
    if (lists) {
        list_tests();
        return 0;
    }
    return run_tests(optind < count ? arguments[optind] : NULL);
}

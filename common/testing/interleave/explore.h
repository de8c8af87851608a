/* explore: runs a test under many schedules until one breaks it, then makes that one simpler.
 *
 *   1. one run without preemption says which threads there are and how many points each passes;
 *   2. each further schedule draws an order of the threads and one to three preemptions: at any point,
 *      or, in every second schedule, close to where a mutex is acquired or released;
 *   3. in the second half of the schedules, data races are findings too: a broken invariant says
 *      more, so it is looked for first;
 *   4. of a schedule that fails, preemptions are left out, or moved to where a mutex is used, and the
 *      order is made plain, as long as it still fails.
 *
 * Every run is a forked child. All is drawn from the seed and the test's name, so the same seed
 * finds the same schedule. */
#ifndef COMMON_TESTING_INTERLEAVE_EXPLORE_H
#define COMMON_TESTING_INTERLEAVE_EXPLORE_H

#include "common/testing/interleave/schedule.h"
#include "common/testing/test.h"

struct finding {
    enum test_outcome outcome;
    size_t schedules; /* tried; the last of them is the one that failed */
    size_t switches;  /* between threads */
    struct schedule schedule;
    char message[600];
};

/* `record` holds the events of the schedule that failed afterwards. */
struct finding explore(struct test *test, size_t most_schedules);

#endif

/* Included before test.h in every file of a Criterion build (the Makefile does so, by -include):
 * each TEST becomes a Criterion test. */
#ifndef COMMON_TESTING_CRITERION_ENTRY_H
#define COMMON_TESTING_CRITERION_ENTRY_H

#include <criterion/criterion.h>

struct test;
void test_run_under_criterion(struct test *test);

#define TEST_ENTRY(suite_, name_)                                                                  \
    Test(suite_, name_, .timeout = 30)                                                             \
    {                                                                                              \
        test_run_under_criterion(&TEST_NAME(suite_, name_));                                       \
    }

#include "common/testing/test.h"

#endif

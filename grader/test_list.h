/* test_list: the tests of a stage, from what the reference's program prints for --list. A program
 * with code under test in it is never asked. */
#ifndef GRADER_TEST_LIST_H
#define GRADER_TEST_LIST_H

#include "grader/results.h"

/* `text` has one line a test, of nine fields separated by tabs. Sets `tests` (kept), and returns
 * their count; 0 where any line is not as it should be. */
size_t test_list_parse(const char *text, struct test_result **tests);

#endif

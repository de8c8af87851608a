/* test_needs: tests that mean something only where another one passed.
 *
 *   hands_out_an_object  FAILED
 *     └─ counts_its_live_objects      SKIPPED: hands_out_an_object failed
 *          └─ ...                     SKIPPED too
 *
 * Tests run in waves: first those that need nothing, then those whose need is known. */
#ifndef GRADER_TEST_NEEDS_H
#define GRADER_TEST_NEEDS_H

#include "grader/results.h"

/* The tests that may run now: their status is unknown, and what they need is known. Those whose need
 * did not pass are marked SKIPPED on the way; one that is not done holds nobody up, since then the
 * test itself is not done either. Writes their places to `wave`, with room for all tests, and returns
 * how many there are: 0 where every test has its status. */
size_t test_needs_wave(struct stage_result *result, size_t *wave);

/* Where a need names no test of the stage, or in a circle: that need, else NULL. */
const char *test_needs_unknown(const struct stage_result *result);

#endif

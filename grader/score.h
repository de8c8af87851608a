/* score: the points. */
#ifndef GRADER_SCORE_H
#define GRADER_SCORE_H

#include "grader/results.h"

/* What memory errors and races are worth, and what each distinct one costs. */
enum { TOOL_POINTS = 10, POINTS_PER_FINDING = 2 };

unsigned score_test(const struct test_result *test);

/* Set the points of the tools and of the stage. Of a tool's points, as large a share is earned as
 * of the points of the tests that it watched and that passed, rounded down; each distinct error
 * then costs two. So what does nothing earns nothing. Where the tools were left out (--quick), their
 * points are not in the maximum. */
void score_stage(struct stage_result *result, bool quick);

#endif

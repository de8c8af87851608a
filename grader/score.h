/* score: the points, by a rubric. All are counted in halves. */
#ifndef GRADER_SCORE_H
#define GRADER_SCORE_H

#include "grader/results.h"
#include "grader/rubric.h"

/* Set the points of each test, each tool and the stage.
 *
 * The stage's points are split among its phases by their weights, and the tests' among the tests by
 * the points that their source declares; what does not come out even is rounded so that the parts
 * add up. Of a tool's points, as large a share is earned as of the tests that it watched and that
 * passed, with the tool too; each distinct error then costs what the rubric says. So what does
 * nothing earns nothing. Where the tools were left out (--quick), their points are in no maximum. */
void score_stage(struct stage_result *result, const struct rubric *rubric, bool quick);

/* Points that are counted in halves, as people write them: "7", "7.5" (kept). */
char *score_text(unsigned half_points);

#endif

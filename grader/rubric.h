/* rubric: what is worth how much, as a file says that an instructor may copy and change
 * (grader/rubric/default.cfg).
 *
 * All points are counted in halves, so that sums are exact. */
#ifndef GRADER_RUBRIC_H
#define GRADER_RUBRIC_H

#include "grader/stages.h"

/* The phases that can earn points, in the order of a report. */
enum phase { PHASE_TESTS, PHASE_MEMORY, PHASE_RACES, PHASE_COUNTS, PHASE_COUNT };

struct rubric_stage {
    unsigned half_points;
    unsigned weights[PHASE_COUNT];
};

struct rubric {
    const char *name; /* of its file */
    struct rubric_stage stages[STAGE_COUNT];
    unsigned half_points_per_memory_error;
    unsigned half_points_per_race;
    double unstable; /* share of a test's points, 0 to 1 */
    double full_up_to;
    double half_up_to;
    double least_lines; /* percent */
    double least_branches;
    unsigned half_points_for_low_coverage;
};

extern const char rubric_default[]; /* its file, from the root of the tree */

/* Read `file`, or `text` as if it were in that file. Returns NULL, or one line that says what is
 * wrong, with file and line, and what is allowed. */
const char *rubric_read(struct rubric *rubric, const char *file);
const char *rubric_parse(struct rubric *rubric, const char *file, const char *text);

#endif

/* end_to_end: runs the grader as a user does, and reads its report. */
#ifndef GRADER_TESTS_END_TO_END_H
#define GRADER_TESTS_END_TO_END_H

#include <jansson.h>

/* What came of one call of the grader. */
struct graded {
    int status;
    const char *text; /* all it printed */
    json_t *report;   /* NULL where it wrote none */
};

/* Call the grader that the environment names (GRADE_PROGRAM, and GRADE_BUILD for its --build) with
 * these arguments, NULL last. */
struct graded grade_with(const char *argument, ...);

/* Grade stage 1 of a fixture. */
struct graded grade_fixture(const char *name, const char *option);

/* Of the only stage in the report, or of the one at that place. */
json_t *stage_at(const struct graded *graded, size_t place);
long long stage_points(const struct graded *graded, size_t place);
json_t *find_test(const struct graded *graded, const char *name);
const char *test_status(const struct graded *graded, const char *name);

/* How many tests have that status. */
size_t count_status(const struct graded *graded, size_t place, const char *status);
size_t count_tests(const struct graded *graded, size_t place);

#endif

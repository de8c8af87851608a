/* phases: what a stage goes through, in this order. Each writes what it finds into the stage's
 * result. */
#ifndef GRADER_PHASES_H
#define GRADER_PHASES_H

#include "grader/grading.h"

/* phase_tests.c: the reference's list of tests; then each test as its own process. */
void phase_list(const struct grading *grading, struct stage_result *result);
void phase_build(const struct grading *grading, struct stage_result *result);
void phase_tests(const struct grading *grading, struct stage_result *result);

/* phase_tools.c: Valgrind and coverage, of all these stages. */
void phase_tools(const struct grading *grading, struct stage_result *const *stages, size_t count);

/* phase_races.c: tests that start threads, under ThreadSanitizer. */
void phase_races(const struct grading *grading, struct stage_result *result);

/* phase_counts.c: calls of the layer below, locks and pages, compared with the reference's. */
void phase_counts(const struct grading *grading, struct stage_result *result);

/* phase_matrix.c: later stages over the submission's own earlier ones; `results` from stage 1 on. */
void phase_matrix(const struct grading *grading, struct stage_result *results, size_t count);

/* phase_own_tests.c: the student's own tests, on the reference and on planted bugs. */
void phase_own_tests(const struct grading *grading, struct stage_result *result);

#endif

/* report: the results, for people (report_text.c, report_details.c, html/) and for programs (the
 * others, one file a format). What was said by tested code or comes from a submission is made
 * harmless first, in each format's own way. */
#ifndef GRADER_REPORT_H
#define GRADER_REPORT_H

#include <jansson.h>
#include <stdio.h>

#include "grader/grading.h"
#include "grader/text.h"

/* What a report is about. */
struct report {
    const struct grading *grading;
    const struct stage_result *stages; /* those that were graded */
    size_t count;
    const char *subject; /* what was graded: the submission's path, or a word */
    double seconds;      /* that the grading took */
    double cpu_seconds;  /* of processor time, of the grader and all that it ran */
};

/* A stage: its tests, what failed and why, what the tools found. */
void report_stage(FILE *out, const struct stage_result *result);

/* Parts of it: what comes below the table (report_details.c), and a status's colour. */
void report_details(FILE *out, const struct stage_result *result);
enum text_color report_color(enum status status);

/* All stages that were graded, in one table. */
void report_summary(FILE *out, const struct stage_result *results, size_t count);

/* Of --matrix: which stage's code makes which later test fail (report_matrix.c). */
void report_matrix(FILE *out, const struct stage_result *results, size_t count);

/* A student's own tests (report_own_tests.c): in a line, then in a list; where there are none, nothing. */
struct own_lines {
    char **items;
    size_t count;
};
char *report_own_tests_sum(const struct own_tests *own);
struct own_lines report_own_tests_lines(const struct stage_result *result);
void report_own_tests(FILE *out, const struct stage_result *result);
json_t *report_own_tests_json(const struct stage_result *result);
void report_own_tests_gradescope(json_t *tests, const struct stage_result *result);

/* The formats for programs; each returns the whole file (kept). What could not be graded has no
 * points in any of them. */
char *report_json(const struct report *report);
char *report_junit(const struct report *report);
char *report_gradescope(const struct report *report);
char *report_github_classroom(const struct report *report);

/* Autolab's last line of output; NULL where something could not be graded: Autolab would take what
 * is missing for 0. */
char *report_autolab(const struct report *report);

/* Before anything is graded: dies with one line where a file that is asked for cannot be written. */
void report_check_files(const struct options *options);

json_t *report_matrix_json(const struct report *report, size_t row);

/* Write each file that the options ask for. Dies where one cannot be written. */
void report_write_files(const struct report *report);

/* Parts that the JSON formats share: points as a number; a value at the end of an array, which dies
 * rather than leave out one that could not be made; the text of a value (which is freed). */
json_t *report_points(unsigned half_points);
void report_append(json_t *array, json_t *value);
char *report_dump(json_t *value, size_t flags);

/* The sums over all stages. */
struct totals {
    struct score score;
    bool broken; /* some stage has no score, so there is no total */
};
struct totals report_totals(const struct stage_result *results, size_t count);

#endif

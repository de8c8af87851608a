/* report: the results, for people (report_text.c, report_details.c) and for programs (report_json.c). */
#ifndef GRADER_REPORT_H
#define GRADER_REPORT_H

#include <stdio.h>

#include "grader/grading.h"
#include "grader/text.h"

/* A stage: its tests, what failed and why, what the tools found. */
void report_stage(FILE *out, const struct stage_result *result);

/* Parts of it: what comes below the table (report_details.c), and a status's colour. */
void report_details(FILE *out, const struct stage_result *result);
enum text_color report_color(enum status status);

/* All stages that were graded, in one table. */
void report_summary(FILE *out, const struct stage_result *results, size_t count);

/* As text in JSON (kept). What could not be graded has null for points. */
char *report_json(const struct stage_result *results, size_t count);

/* The sums over all stages. */
struct totals {
    struct score score;
    bool broken; /* some stage has no score, so there is no total */
};
struct totals report_totals(const struct stage_result *results, size_t count);

#endif

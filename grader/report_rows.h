/* report_rows: a stage's result as a list of rows of one kind, for the report formats that know
 * nothing but tests: each test, then each tool and count that has points. */
#ifndef GRADER_REPORT_ROWS_H
#define GRADER_REPORT_ROWS_H

#include "grader/results.h"

enum outcome { OUTCOME_PASSED, OUTCOME_FAILED, OUTCOME_SKIPPED, OUTCOME_ERROR };

struct report_row {
    const char *suite; /* "stage1.object_pool" */
    const char *name;
    const char *number; /* "1.7": stage and row */
    enum outcome outcome;
    const char *reason;  /* PASSED, CRASH, ...: as status_name */
    const char *message; /* "" where there is nothing to say; clean: see text.h */
    const char *file;    /* where to look; NULL for nowhere */
    unsigned line;
    double seconds;
    const char *visibility; /* Gradescope's word */
    struct score score;
};

/* The rows of a stage (kept); sets `count`. */
struct report_row *report_rows(const struct stage_result *result, size_t *count);

#endif

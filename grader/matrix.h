/* matrix: the blame table that text, page and JSON show alike: what each of its cells says, and why one
 * says nothing. phase_matrix.c runs the tests; a row is a stage's tests, a column whose code is below.
 *
 *                    own 1   own 2   own 3   own all
 *     stage 1            .       .       .         .     not an earlier stage
 *     stage 2           35       .       .   = own 1     the only earlier one of its own
 *     stage 3           42       -       .   = own 1     not graded: matrix_notes say why
 */
#ifndef GRADER_MATRIX_H
#define GRADER_MATRIX_H

#include "grader/results.h"

enum matrix_kind { MATRIX_COUNTED, MATRIX_SAME, MATRIX_NOT_EARLIER, MATRIX_NOT_GRADED };

struct matrix_cell {
    enum matrix_kind kind;
    unsigned own;    /* which earlier stages are the submission's, as in struct mix */
    size_t passed;   /* where MATRIX_COUNTED */
    const char *why; /* where MATRIX_NOT_GRADED */
};

/* The column of all earlier stages together; the others are numbers of stages. */
enum { MATRIX_ALL = STAGE_COUNT };

/* `stages`: the results that were graded, from stage 1 on; `row` one of them. */
struct matrix_cell matrix_cell(const struct stage_result *stages, size_t row, unsigned column);

/* A sentence for each cause of cells that were not graded (kept). */
struct matrix_notes {
    char **items;
    size_t count;
};
struct matrix_notes matrix_notes(const struct stage_result *stages, size_t count);

/* Code that does not compile, or of which nothing is done, has nothing to show. */
bool matrix_can_stand(const struct stage_result *result);

/* Parts of sentences: "1 and 3" (kept), and whether it is one stage only. */
char *matrix_own(unsigned own);
bool matrix_is_one(unsigned own);

#endif

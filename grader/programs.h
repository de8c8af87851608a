/* programs: builds the test programs of a stage, by the tree's own Makefile. */
#ifndef GRADER_PROGRAMS_H
#define GRADER_PROGRAMS_H

#include "grader/grading.h"

/* One program: a stage's tests on one subject's code, in one variant of the build. */
struct program {
    const struct stage *stage;
    enum subject subject;
    const char *variant; /* as the Makefile's VARIANT */
    const char *suffix;  /* "" plain, "-guarded" watches live objects (common/testing/guard.h) */
    unsigned own;        /* bits 0 to 2: earlier stages that are the subject's own too */
};

/* The program of the code that is graded. */
struct program program_subject(const struct grading *grading, const struct stage *stage,
                               const char *variant, const char *suffix);

/* The same of the reference: its list of tests and its running times are what counts. */
struct program program_reference(const struct stage *stage, const char *variant,
                                 const char *suffix);

const char *program_path(const struct grading *grading, const struct program *program);

/* Where it is to be run from: in the scratch folder, the only one that a jail may see. */
const char *program_to_run(const struct grading *grading, const struct program *program);

/* Where the object files of a stage's hand-in files are, which go into the program. */
const char *program_objects(const struct grading *grading, const struct program *program);

struct build {
    bool done;
    char *error;        /* the first error, in one line; NULL where it is done */
    enum status status; /* of the error: COMPILE, FORBIDDEN, or GRADER_ERROR, which is our fault */
    char *diagnostics;  /* all that compiler and linker had to say; "" for nothing */
};

void program_build(const struct grading *grading, const struct program *program,
                   struct build *build);

/* Build one of the reference: if it fails, that is our fault. Returns NULL, or the
 * reason. */
char *program_build_reference(const struct grading *grading, const struct program *program);

/* Make anything else of the tree's own. Returns NULL, or the reason why not. */
char *program_make(const struct grading *grading, const char *goal);

#endif

/* trial: one mutant, built and run until something notices it.
 *
 *   1. the mutated file goes into a tree of its own, as if a student had written it;
 *   2. make builds the stage's tests on it;
 *   3. the tests run one after the other; the first that does not pass has killed the mutant;
 *   4. where it lives on, so do the tests of interleavings, under some chosen schedules;
 *   5. then all tests once more under AddressSanitizer and UBSan; and of locks and memory orders, those
 *      with threads under ThreadSanitizer. */
#ifndef GRADER_MUTANTS_TRIAL_H
#define GRADER_MUTANTS_TRIAL_H

#include "grader/mutants/mutations.h"
#include "grader/stages.h"

enum verdict {
    MUTANT_UNTRIED,
    MUTANT_INVALID, /* it does not compile */
    MUTANT_KILLED,  /* by a test */
    MUTANT_CAUGHT,  /* by a sanitizer */
    MUTANT_SURVIVED,
};

struct trial {
    enum verdict verdict;
    char killer[120]; /* the test that noticed it */
};

struct trial_place {
    const struct stage *stage;
    const char *build; /* where the tests' objects are */
    const char *root;  /* a folder of its own: the mutant's files, and what is built of them */
};

/* Build what all trials of a stage share. Ends the program where it cannot. */
void trial_prepare(const struct stage *stage, const char *build);

/* Try one mutant. The reference's other files of the stage stay as they are. */
struct trial trial_run(const struct trial_place *place, const struct mutant *mutant);

#endif

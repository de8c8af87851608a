/* crash_place: where in the code under test a crashed test came to its end.
 *
 * What a crashed process says of itself proves nothing, and a debugger cannot look into the jail, whose
 * filter refuses ptrace. Valgrind needs neither: it runs the test once more, sees each memory access
 * before it happens, and writes the stack at the fatal signal to its XML. */
#ifndef GRADER_CRASH_PLACE_H
#define GRADER_CRASH_PLACE_H

#include "grader/grading.h"

/* Add the place to the messages of the stage's crashed tests, of a few at least: the same bug crashes
 * many. `program` is what they crashed in. */
void crash_places(const struct grading *grading, const char *program, struct stage_result *result);

#endif

/* story: shows a test that failed as what happened, what was expected, and which rule that breaks. */
#ifndef COMMON_COURSE_STORY_H
#define COMMON_COURSE_STORY_H

#include "common/course/stage_tests.h"

/* The calls that led to the failure (from a second run, with every call recorded), the message, the
 * lines of the test, the invariant in words, and what to read. */
void story_tell(const struct course_options *options, const struct stage_tests *tests,
                const struct course_test *test);

#endif

/* without_landlock: from here on, this process and all that it starts find a kernel as it was before
 * Landlock. Never undone. Returns whether it is so. */
#ifndef GRADER_TESTS_WITHOUT_LANDLOCK_H
#define GRADER_TESTS_WITHOUT_LANDLOCK_H

#include <stdbool.h>

bool without_landlock(void);

#endif

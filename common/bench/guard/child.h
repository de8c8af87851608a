/* child: runs a program with the library preloaded, and reads what it, or callgrind, says.
 *
 * Programs run without address randomisation where the kernel allows that, so that a count is the
 * same in every run. */
#ifndef COMMON_BENCH_GUARD_CHILD_H
#define COMMON_BENCH_GUARD_CHILD_H

#include <stdbool.h>

#include "common/bench/guard/figures.h"

enum { CHILD_PATH_BYTES = 4096, CHILD_MOST_ARGUMENTS = 16 };

/* Run `arguments` (NULL behind the last) on `library`; stdout goes to the file `output`. Returns false,
 * and says why on stderr, where it did not end with status 0. */
bool child_run(const char *library, char *const *arguments, const char *output);

/* The same under callgrind with `options` of its own (NULL behind the last); returns the instructions it
 * counted, 0 where that failed. Its file is written to `folder`. */
double child_count_instructions(const char *library, const char *const *options,
                                const char *const *arguments, const char *folder);

/* Add the lines "name value" of a file, as "part.name". */
void child_read_figures(const char *path, const char *part, struct figures *figures);

#endif

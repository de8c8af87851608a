/* coverage_hints: what no test reached, in sentences.
 *
 *     the branch at central_cache.c:88 (a span becomes empty) never ran in any test
 *
 * What is in parentheses is the student's own comment on it, or else the condition. */
#ifndef GRADER_COVERAGE_HINTS_H
#define GRADER_COVERAGE_HINTS_H

#include "grader/results.h"

enum { MOST_COVERAGE_HINTS = 6 };

/* Add hints about `file`, whose text is `source`, up to MOST_COVERAGE_HINTS in all: first what never ran,
 * then conditions that always went the same way. */
void coverage_hint(const struct covered_file *file, const char *source, struct coverage *coverage);

#endif

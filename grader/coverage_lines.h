/* coverage_lines: which lines count, and how many of them ran. */
#ifndef GRADER_COVERAGE_LINES_H
#define GRADER_COVERAGE_LINES_H

#include "grader/results.h"

/* For each line of a source text, from 1 on, whether it is left out: lines of asserts, and of
 * functions whose name starts with check_ or ends in _check: they are there to find bugs, and their
 * branches are not meant to be taken. The array has `line_count` + 1 items (kept). */
bool *coverage_left_out(const char *source, size_t *line_count);

/* Add the lines and branches of `file` (a path ending) in gcovr's JSON to `coverage`.
 * Returns NULL, or what is wrong with the JSON. */
const char *coverage_add(const char *json, size_t length, const char *file, const bool *left_out,
                         size_t line_count, struct coverage *coverage);

#endif

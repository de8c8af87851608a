/* report: what the demo shows: a table that grows row by row, and a JSON file.
 *
 * Fits in 80 columns. Colour and a line of progress only where stdout is a terminal; no colour
 * where NO_COLOR is set. */
#ifndef COMMON_DEMO_REPORT_H
#define COMMON_DEMO_REPORT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "common/demo/row.h"

void report_head(size_t rounds);

/* Run `number` of `count` of a program is under way. */
void report_progress(const char *name, size_t number, size_t count);

void report_row(const struct row *row);

/* The geometric means, over the rows whose results are the same and that have no malloc of their
 * own; then what the rows without figures have to say. */
void report_end(const struct row *rows, size_t count);

void report_json(FILE *to, const struct row *rows, size_t count, size_t rounds);

#endif

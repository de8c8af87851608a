/* story: tells a schedule as a table of steps, with the lines of source at which threads changed.
 *
 *     1  T1  shelf_take
 *            stops before shelf.c:31 in shelf_take:  shelf->first = object->next;
 *     2  T2  shelf_take; ends
 *     3  T1  goes on; shelf_take; ends */
#ifndef COMMON_TESTING_INTERLEAVE_STORY_H
#define COMMON_TESTING_INTERLEAVE_STORY_H

#include <stdio.h>

#include "common/testing/interleave/schedule.h"

/* Print the events of the record; returns the number of steps. */
unsigned story_print(FILE *out, const struct record *told);

#endif

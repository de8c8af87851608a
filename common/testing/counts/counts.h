/* counts: how much work a stage's code makes for others, in numbers that are the same on every machine.
 *
 *   counts program = the stage's code + its stand-in + tests/counts.c (the trace) + plain_main.c
 *
 * A trace is a fixed sequence of calls: its random numbers never change, so two designs can be
 * compared. What it counted it tells by test_count; the grader compares that with the reference's. Time
 * is never counted. Traces use one thread. */
#ifndef COMMON_TESTING_COUNTS_COUNTS_H
#define COMMON_TESTING_COUNTS_COUNTS_H

#include <stddef.h>

#include "common/testing/test.h"

/* The trace's own random numbers: --seed has no part in them. */
struct test_random counts_random(void);

/* Calls of lock_acquire since the start; counts programs link a wrapper round it. */
size_t counts_locks(void);

/* Tell `calls` for each 1,000 of `operations`. Fewer than `least` count as that: where a design needs
 * next to nothing, twice as much is next to nothing too. */
void counts_tell_calls(const char *what, size_t calls, size_t operations, double least);

#endif

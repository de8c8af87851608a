/* interleave: what a test may ask of the scheduler that runs its threads.
 *
 * A test of interleavings is a TEST like any other that calls test_run_threads. It should be short:
 * two or three threads, a few calls each; the scheduler runs it hundreds of times. Test code is not
 * instrumented, so what a test does between two calls of the code under test happens at once: shared
 * counters and a shadow (property/shadow.h) need no lock. It must not wait for another thread in any
 * other way than by a mutex. */
#ifndef COMMON_TESTING_INTERLEAVE_INTERLEAVE_H
#define COMMON_TESTING_INTERLEAVE_INTERLEAVE_H

#include <stddef.h>

/* Words for the table of steps: "gave back the last object of the span". */
void interleave_say(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Memory accesses by the code under test on this thread so far: to count work, and not time. */
size_t interleave_accesses(void);

#endif

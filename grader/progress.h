/* progress: says on stdout what the grader is at: a line for each phase, and a bar while it runs
 * where stdout is a terminal. */
#ifndef GRADER_PROGRESS_H
#define GRADER_PROGRESS_H

#include <stddef.h>

struct stage;

/* `stage` NULL: of all stages. */
void progress_start(const struct stage *stage, const char *phase);

/* `done` of `total` steps are done. */
void progress_step(size_t done, size_t total);

/* One more process of a phase has ended: a process_ended (process.h), whose context is these. */
struct progress_steps {
    size_t done;
    size_t total;
};
struct process;
void progress_count(struct process *process, void *steps);

/* The phase is over; `outcome` in a few words. */
void progress_end(const char *outcome, ...) __attribute__((format(printf, 1, 2)));

#endif

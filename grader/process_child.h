/* process_child: how a process starts: pipes, fork, and what happens between fork and exec. */
#ifndef GRADER_PROCESS_CHILD_H
#define GRADER_PROCESS_CHILD_H

#include "grader/process.h"

/* Start it, with its pipes. Returns 0, or the errno for which it did not start; then nothing of it
 * is left. */
int process_fork(struct process *process);

#endif

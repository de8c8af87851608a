/* process_child: the halves of process.c that deal with fork: what happens between fork and exec,
 * and whose child a process is. */
#ifndef GRADER_PROCESS_CHILD_H
#define GRADER_PROCESS_CHILD_H

#include "grader/process.h"

enum { MOST_AT_ONCE = 16 };

/* Start it, with its pipes. Returns 0, or the errno for which it did not start; then nothing of it
 * is left. */
int process_fork(struct process *process);

/* How many processes and threads the grader's user has, as the kernel counts them for the limit. */
unsigned count_processes(void);

/* A child of ours that is none of the running ones, or 0. */
pid_t process_find_orphan(const struct process *running, size_t count);

#endif

/* process_list: which processes there are, as /proc tells: the grader's children, and those of a user. */
#ifndef GRADER_PROCESS_LIST_H
#define GRADER_PROCESS_LIST_H

#include "grader/process.h"

/* A child of ours that is none of the running ones, or 0. */
pid_t process_find_orphan(const struct process *running, size_t count);

/* How many processes and threads a user has, as the kernel counts them for the limit. */
unsigned count_processes(uid_t user);

#endif

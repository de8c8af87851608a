/* process_end: how a process ends, with all that it has started.
 *
 *   its group is killed ──▶ waited for, its time added up ──▶ pipes drained ──▶ whoever fled is killed ──▶
 *   pipes closed ──▶ its jail's folder cleared */
#ifndef GRADER_PROCESS_END_H
#define GRADER_PROCESS_END_H

#include "grader/process.h"

/* Take what is in its pipes, without waiting. */
void process_drain(struct process *process);

/* Its first process has ended, or is to end. `processes` are the `count` started so far, it among them. */
void process_finish(struct process *process, struct process *processes, size_t count);

/* Everything that fled from its group has become our child: kill all but what still runs. */
void process_kill_orphans(const struct process *processes, size_t count);

#endif

/* run: one command, with all the processes that it starts, and what they cost together.
 *
 *   demo ── process group of its own ── sh ── program ── …
 *
 * When the first process has ended, been given too long, or we were interrupted, the whole
 * group is killed and waited for, and so is whatever left it: no server is left behind. The kernel
 * adds up the CPU time of every process that its parent waited for, and keeps the largest of their
 * peaks. */
#ifndef COMMON_DEMO_RUN_H
#define COMMON_DEMO_RUN_H

#include <stdbool.h>
#include <stddef.h>

enum { RUN_MOST_SECONDS = 120 }; /* what the demo gives each program */

enum run_end {
    RUN_DONE,        /* exit status 0 */
    RUN_FAILED,      /* another status, or a signal */
    RUN_TOOK_LONG,   /* killed after the seconds it was given */
    RUN_INTERRUPTED, /* the demo got SIGINT, SIGTERM or SIGHUP: time to clean up and stop */
};

struct run {
    enum run_end end;
    int wait_status;    /* of the first process */
    double cpu_seconds; /* user and system time of the process tree */
    size_t peak_bytes;  /* most resident memory of its largest process */
};

/* Call once, before anything runs. From then on signals wait until a run is under way. */
void run_prepare(void);

/* Run `command` by /bin/sh in `folder`, which exists, with nothing but `environment`; stdout goes to
 * folder/result, stderr to folder/errors. After `most_seconds` it is killed. Returns false, with errno,
 * where it could not be started. */
bool run_command(const char *command, const char *folder, char *const *environment,
                 unsigned most_seconds, struct run *out);

#endif

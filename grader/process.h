/* process: programs that the grader runs and does not trust.
 *
 *   grader ── process group of its own ── what the program starts
 *     ▲  ▲
 *     │  └── report pipe (descriptor 3 there): verdict lines
 *     └───── output pipe (1 and 2 there): drained, and only its start and end kept
 *
 * Each program gets a session of its own, limits, an empty standard input and no other descriptor of
 * ours; in a jail (jail.h), a user, files and a filter of system calls too. When its first process has
 * ended, its group is killed, and so is whatever fled from it: the grader is a child subreaper, so that
 * every orphan becomes its child. */
#ifndef GRADER_PROCESS_H
#define GRADER_PROCESS_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "grader/capture.h"
#include "grader/jail.h"

enum { REPORT_FD = 3, TOKEN_FD = 4, MOST_PRINTED_BYTES = 16 * 1024 * 1024 };

enum process_state { PROCESS_WAITING, PROCESS_RUNNING, PROCESS_ENDED };

struct process {
    /* Set these first; what is zero or NULL is not limited, or inherited. */
    const char *const *arguments;   /* the program's name first, NULL last */
    const char *const *environment; /* "NAME=value", NULL last */
    const char *folder;             /* to run in; in a jail, made for it, and gone with it */
    const char *token;              /* sent through TOKEN_FD; NULL: neither token nor report */
    const struct jail *jail;        /* NULL: one of the grader's own tools, which it trusts */
    unsigned cpu_seconds;
    unsigned wall_seconds;
    size_t memory_bytes;
    bool fixed_addresses; /* without address space randomisation */
    size_t most_output;   /* bytes of output to keep; 0: a few thousand */

    /* What came of it. */
    int start_error; /* an errno: it could not be started; ECANCELED: its jail could not be made */
    int wait_status;
    bool wall_expired;
    bool output_expired; /* it printed more than MOST_PRINTED_BYTES */
    unsigned cpu_ms;
    size_t peak_bytes; /* of memory, in the largest of its processes */
    unsigned wall_ms;
    pid_t pid;
    pid_t inner_pid; /* as it knows itself, and sends in reports */
    struct capture output;
    struct capture report;

    /* While it runs. */
    enum process_state state;
    unsigned slot;   /* no two that run have the same */
    unsigned starts; /* how often it was started: again where its jail could not be made */
    int output_fd;
    int report_fd;
    int status_fd; /* what bubblewrap says of how it went */
    struct capture status;
    pid_t reaper_pid; /* process 1 of its namespace, as the grader sees it; 0: not known */
    long long started_ms;
};

/* Call once, before anything runs. */
void process_prepare(void);

/* Run them all, at most `at_once` at a time, in the order given. `ended` may be NULL; it is called
 * with each process that has ended. */
typedef void process_ended(struct process *process, void *context);
void process_run_all(struct process *processes, size_t count, unsigned at_once,
                     process_ended *ended, void *context);

void process_run(struct process *process);

/* Whether it ran to its own end with status 0. */
bool process_succeeded(const struct process *process);

/* What kept it from starting, where start_error is not 0. */
char *process_start_failure(const struct process *process);

/* The last line it printed, or "". */
char *process_last_line(const struct process *process);

long long now_ms(void);

#endif

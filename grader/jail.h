/* jail: what keeps a process of student origin away from everything else: the compiler on a student's
 * code, the tests, Valgrind, the tools that read what those have written.
 *
 *                        bubblewrap                              limits alone
 *   sees                 system folders, what it is given        Landlock: the same; without: all files
 *   writes               folders it is given; a small /tmp       Landlock: those folders; without: /tmp
 *   other processes      none: a process namespace of its own    sees them; may signal none (filter)
 *   network              none: a namespace of its own            none (filter)
 *   user                 an unused one, where the grader is root, else the grader's own
 *   system calls         filter (jail_filter.c)                  the same
 *   time, memory, ...    limits (process_child.c)                the same
 *
 * Paths are the same inside and outside. Read order: jail.c (which kind, which users),
 * jail_bubblewrap.c, jail_limits.c and jail_landlock.c, jail_filter.c. */
#ifndef GRADER_JAIL_H
#define GRADER_JAIL_H

#include <stdbool.h>
#include <sys/types.h>

enum jail_choice { JAIL_AUTO, JAIL_BUBBLEWRAP, JAIL_LIMITS };

/* What a process may reach beside the system's own folders. Lists end with NULL; NULL is an empty
 * one. All paths are absolute, and lie in the scratch folder. */
struct jail {
    const char *const *reads;  /* files and folders */
    const char *const *writes; /* folders, made where missing; what is written there stays */
};

/* A jail with one thing to read and one folder to write to (kept); each may be NULL. */
const struct jail *jail_with(const char *read, const char *write);

/* Once, after process_prepare and before anything runs in a jail: finds out what this machine allows.
 * Dies where the kind that was chosen does not work here. */
void jail_open(enum jail_choice choice);

/* Whether the kind in use has namespaces (bubblewrap). */
bool jail_has_namespaces(void);

/* One line for the report that says which protections are off; NULL where none is. */
const char *jail_what_is_off(void);

/* Whose processes of a slot are (slots are numbered from 0); the grader's own where it is not root. */
uid_t jail_user(unsigned slot);

/* --- For process.c, process_child.c and process_end.c --- */

enum { JAIL_SLOTS = 16 };

/* Before the fork: make the folders, and give them to the slot's user. */
void jail_prepare(const struct jail *jail, const char *folder, unsigned slot);

/* After its end: `folder` goes, unless what is written there stays. */
void jail_clear(const struct jail *jail, const char *folder);

/* In the child, in place of exec: its descriptors and limits are set. `filter_fd` and `status_fd` are
 * bubblewrap's. Returns only when it failed, with errno. */
struct jail_start {
    const struct jail *jail;
    const char *folder; /* to run in */
    unsigned slot;
    const char *const *arguments;
    const char *const *environment; /* HOME and TMPDIR are added to it */
    int filter_fd;                  /* free to be used */
    int status_fd;                  /* a pipe's end, which bubblewrap tells how it went */
};
void jail_enter(const struct jail_start *start);

/* The number that the process has for itself: 2 in a process namespace. */
pid_t jail_inner_pid(pid_t outer);

/* Turns bubblewrap's exit status, 128 and a signal's number, back into a signal. */
int jail_wait_status(int wait_status);

#endif

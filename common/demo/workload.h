/* workload: one program of the demo, and what it is given to do.
 *
 * A workload is a shell command that runs in an empty folder of its own and writes its result to
 * stdout; it must write the same result every time. In its environment:
 *   DEMO     the folder of the scripts        INPUTS   the folder of the generated inputs
 *   SIZE     how much to do                   PATH, HOME, TMPDIR, LC_ALL, TZ and what the programs
 *                                             need to do the same every time; nothing else */
#ifndef COMMON_DEMO_WORKLOAD_H
#define COMMON_DEMO_WORKLOAD_H

#include <stdbool.h>
#include <stddef.h>

enum { WORKLOAD_MOST_PROGRAMS = 3 };

struct workload {
    const char *name;
    const char *command;
    const char *programs[WORKLOAD_MOST_PROGRAMS + 1]; /* that must be installed; NULL last */
    const char *package;                              /* of Debian, that has them */
    const char *full_size;                            /* what SIZE is, and with --quick */
    const char *quick_size;
    size_t least_processes; /* that end normally with the library loaded, in each run */
    bool has_own_malloc;    /* linked to another malloc than glibc's */
};

/* All workloads; the last has a NULL name. */
extern const struct workload workloads[];

/* Sizes of the generated inputs. */
struct input_sizes {
    size_t functions; /* of source.c */
    size_t commits;   /* of history */
    size_t commands;  /* of commands */
};
struct input_sizes input_sizes(bool quick);

/* The first of the workload's programs that is not installed, or NULL. */
const char *workload_missing_program(const struct workload *workload);

#endif

/* trace: the same random work each time, during which memory runs out somewhere; what must hold then.
 *
 *   warm up ─▶ [ work: NULL with ENOMEM is an answer ] ─▶ memory is back ─▶ work: NULL is a failure
 *                                                                            ─▶ free all: nothing is lost
 *
 * Each run is a process of its own, since a pool has one life only. One thread. Read next: trace.c,
 * standin_faults.c, system_faults.c. */
#ifndef COMMON_TRUST_FAULTS_TRACE_H
#define COMMON_TRUST_FAULTS_TRACE_H

#include <stdbool.h>
#include <stddef.h>

enum { TRACE_STEPS = 1000 };

/* How memory is to run out. `step` is called before each step of the trace, in the child. */
struct fault {
    void (*start)(size_t nth);
    void (*step)(size_t nth, size_t step); /* or NULL */
    void (*end)(void);                     /* memory is back */
};

struct trace_result {
    size_t calls;   /* of the operating system that the trace makes, where the fault counts them */
    size_t refused; /* operations answered with NULL */
};

/* In memory that the children share, to be written by them. */
extern struct trace_result *trace_result;

/* Run the trace in this process. A breach ends it by abort(). */
void trace_run(const struct fault *fault, size_t nth);

/* Run the trace in a child. Returns whether it ended well; prints what did not. */
bool trace_run_in_child(const struct fault *fault, size_t nth);

/* Wait for a child that runs it. */
bool trace_child_ended_well(int child, size_t nth);

/* Call once, first. */
void trace_prepare(void);

/* Print one line about a whole series; `failed` of `runs` did not hold. */
void trace_report(const char *what, size_t runs, size_t failed, size_t refused);

#endif

/* status: the words for how a test ended, or why it was not run. */
#ifndef GRADER_STATUS_H
#define GRADER_STATUS_H

enum status {
    STATUS_UNKNOWN, /* not run (yet) */
    STATUS_PASSED,
    STATUS_FAILED,
    STATUS_NOT_DONE, /* reached a todo() */
    STATUS_CRASH,    /* killed by a signal of its own making */
    STATUS_TIMEOUT,
    STATUS_MEMORY,       /* its limit of memory */
    STATUS_OUTPUT,       /* printed more than anybody reads */
    STATUS_COMPILE,      /* the code does not compile or link */
    STATUS_FORBIDDEN,    /* the gate refused the code */
    STATUS_UNSTABLE,     /* run again, it ended differently: passed_runs of runs */
    STATUS_SKIPPED,      /* means nothing, since another test did not pass */
    STATUS_GRADER_ERROR, /* our fault: never counts as 0 */
};
const char *status_name(enum status status);

#endif

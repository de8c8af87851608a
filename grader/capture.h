/* capture: the start and the end of what comes through a pipe. */
#ifndef GRADER_CAPTURE_H
#define GRADER_CAPTURE_H

#include <stddef.h>

struct capture {
    char *bytes; /* with a NUL behind them */
    size_t length;
    size_t most_bytes; /* keep so many */
    size_t total;      /* so many came */
};

void capture_start(struct capture *capture, size_t most_bytes);

/* Take what there is to read from `fd`, which does not block; at its end, close it and set it
 * to -1. */
void capture_drain(int *fd, struct capture *capture);

#endif

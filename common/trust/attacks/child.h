/* child: runs a piece of work that may well crash in a child, and hears what it says. */
#ifndef COMMON_TRUST_ATTACKS_CHILD_H
#define COMMON_TRUST_ATTACKS_CHILD_H

#include <stddef.h>

/* Call `work` in a child, which it ends or turns into another program, with `descriptor` as a pipe to us.
 * `said` gets the first `most` - 1 bytes that come, and a zero. Returns its wait status, or -1 where there
 * was no child. */
int child_run(int descriptor, void (*work)(const void *context), const void *context, char *said,
              size_t most);

#endif

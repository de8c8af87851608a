/* thread_end: see thread_end.h. */
#include "common/thread_end.h"

#include <signal.h>
#include <stddef.h>

/* The first of those that the C library keeps for itself, below SIGRTMIN: pthread_sigmask does not
 * block it for a program, but shows it. */
enum { SIGNAL_OF_THE_LIBRARY = 32 };

bool thread_is_ending(void)
{
    sigset_t blocked;
    return pthread_sigmask(SIG_BLOCK, NULL, &blocked) == 0 &&
           sigismember(&blocked, SIGNAL_OF_THE_LIBRARY) == 1;
}

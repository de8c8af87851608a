/* lock_breach for programs: one line on stderr, then abort(). */
#include "common/lock.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void say(const char *text)
{
    ssize_t ignored = write(STDERR_FILENO, text, strlen(text));
    (void)ignored; /* there is nobody left to tell */
}

_Noreturn void lock_breach(const char *rule)
{
    say("mempool: broken lock rule ");
    say(rule);
    say("\n");
    abort();
}

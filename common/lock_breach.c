/* lock_breach for programs: one line on stderr, then abort(). */
#include "common/lock.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

_Noreturn void lock_breach(const char *rule)
{
    static const char prefix[] = "mempool: broken lock rule ";
    ssize_t ignored = write(STDERR_FILENO, prefix, sizeof prefix - 1);
    ignored = write(STDERR_FILENO, rule, strlen(rule));
    ignored = write(STDERR_FILENO, "\n", 1);
    (void)ignored;
    abort();
}

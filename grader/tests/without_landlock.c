/* without_landlock: see without_landlock.h. An older kernel answers ENOSYS to a call it does not know. */
#include "grader/tests/without_landlock.h"

#include <errno.h>
#include <seccomp.h>
#include <stddef.h>

bool without_landlock(void)
{
    scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ALLOW);
    bool good = filter != NULL && seccomp_rule_add(filter, SCMP_ACT_ERRNO(ENOSYS),
                                                   SCMP_SYS(landlock_create_ruleset), 0) == 0;
    good = good && seccomp_load(filter) == 0;
    if (filter != NULL)
        seccomp_release(filter);
    return good;
}

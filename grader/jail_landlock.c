/* jail_landlock: Landlock, by which a process gives up access to files for itself and for all that it
 * starts. It needs neither privileges nor namespaces. Its versions ("ABI") added the network (4) and
 * signals to other processes (6); headers may be older than the kernel, so these are named here. */
#include <errno.h>
#include <fcntl.h>
#include <linux/landlock.h>
#include <stdint.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "grader/jail_parts.h"

enum { ABI_TRUNCATE = 3, ABI_NETWORK = 4, ABI_SCOPES = 6 };

/* As the kernel has it since ABI 6. What a kernel does not know must be zero. */
struct ruleset_attributes {
    uint64_t files;
    uint64_t network;
    uint64_t scopes;
};

enum {
    READ = LANDLOCK_ACCESS_FS_EXECUTE | LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR,
    ALL_OF_ABI_1 = (LANDLOCK_ACCESS_FS_MAKE_SYM << 1) - 1, /* the last that it has */
    TRUNCATE = 1 << 14,
    NETWORK_ALL = 3, /* bind and connect of TCP */
    SCOPES_ALL = 3,  /* abstract sockets, signals */
};

static long abi(void)
{
    return syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION);
}

bool landlock_is_there(void)
{
    return abi() >= 1;
}

/* A path that is missing needs no rule. Only folders have rights about what is in them. */
static void allow(int ruleset, const char *path, uint64_t rights)
{
    enum {
        OF_FILES = LANDLOCK_ACCESS_FS_EXECUTE | LANDLOCK_ACCESS_FS_READ_FILE |
                   LANDLOCK_ACCESS_FS_WRITE_FILE
    };
    struct stat facts;
    struct landlock_path_beneath_attr rule = {.allowed_access = rights};
    rule.parent_fd = open(path, O_PATH | O_CLOEXEC);
    if (rule.parent_fd < 0)
        return;
    if (fstat(rule.parent_fd, &facts) == 0 && !S_ISDIR(facts.st_mode))
        rule.allowed_access &= OF_FILES;
    syscall(SYS_landlock_add_rule, ruleset, LANDLOCK_RULE_PATH_BENEATH, &rule, 0);
    close(rule.parent_fd);
}

static void allow_all(int ruleset, const char *const *paths, uint64_t rights)
{
    for (; paths != NULL && *paths != NULL; paths++)
        allow(ruleset, *paths, rights);
}

bool landlock_enter(const struct jail *jail, const char *folder)
{
    static const char *const devices[] = {"/dev/null", "/dev/zero", "/dev/urandom", NULL};
    static const char *const kernel[] = {"/proc", NULL};
    long version = abi();
    struct ruleset_attributes all = {
        .files = ALL_OF_ABI_1 | (version > 1 ? LANDLOCK_ACCESS_FS_REFER : 0) |
                 (version >= ABI_TRUNCATE ? TRUNCATE : 0),
        .network = version >= ABI_NETWORK ? NETWORK_ALL : 0,
        .scopes = version >= ABI_SCOPES ? SCOPES_ALL : 0,
    };
    int ruleset = (int)syscall(SYS_landlock_create_ruleset, &all, sizeof all, 0);
    if (ruleset < 0)
        return false;
    allow_all(ruleset, jail_system_paths, READ);
    allow_all(ruleset, kernel, READ);
    allow_all(ruleset, devices, READ | LANDLOCK_ACCESS_FS_WRITE_FILE);
    allow_all(ruleset, jail->reads, READ);
    allow_all(ruleset, jail->writes, all.files);
    if (folder != NULL)
        allow(ruleset, folder, all.files);
    bool entered = syscall(SYS_landlock_restrict_self, ruleset, 0) == 0;
    close(ruleset);
    return entered;
}

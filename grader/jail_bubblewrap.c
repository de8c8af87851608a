/* jail_bubblewrap: a process in namespaces of its own, made by bubblewrap.
 *
 *   grader ─ bwrap ─┬─ namespaces: processes, files, network, IPC, names, users
 *                   └─ bwrap as process 1, reaps ─ process 2: the program
 *
 * When the grader or the outer bwrap dies, process 1 dies, and the kernel ends all others in the
 * namespace, whatever they did to flee. */
#include <errno.h>
#include <stdint.h>
#include <unistd.h>

#include "grader/jail_parts.h"
#include "grader/keep.h"

enum { MOST_ARGUMENTS = 1024 };

#define TEMPORARY_BYTES "67108864" /* 64 MiB of memory for /tmp, and for the folder to run in */

const char *const jail_system_paths[] = {
    "/usr", "/bin", "/sbin", "/lib", "/lib64", "/etc/alternatives", "/etc/ld.so.cache", NULL,
};

struct arguments {
    const char *items[MOST_ARGUMENTS + 1];
    size_t count;
};

static void add(struct arguments *arguments, const char *item)
{
    if (arguments->count < MOST_ARGUMENTS)
        arguments->items[arguments->count++] = item;
}

static void add_bind(struct arguments *arguments, const char *option, const char *path)
{
    add(arguments, option);
    add(arguments, path);
    add(arguments, path);
}

static void add_temporary(struct arguments *arguments, const char *path)
{
    const char *items[] = {"--perms", "0700", "--size", TEMPORARY_BYTES, "--tmpfs", path};
    for (size_t i = 0; i < sizeof items / sizeof *items; i++)
        add(arguments, items[i]);
}

/* The last line must come after all that are mounted below the root. */
static void add_files(struct arguments *arguments, const struct jail_start *start)
{
    const struct jail *jail = start->jail;
    for (const char *const *path = jail_system_paths; *path != NULL; path++)
        add_bind(arguments, "--ro-bind-try", *path);
    add(arguments, "--proc");
    add(arguments, "/proc");
    add(arguments, "--dev");
    add(arguments, "/dev");
    add_temporary(arguments, "/tmp");
    if (start->folder != NULL)
        add_temporary(arguments, start->folder);
    for (const char *const *path = jail->reads; path != NULL && *path != NULL; path++)
        add_bind(arguments, "--ro-bind", *path);
    for (const char *const *path = jail->writes; path != NULL && *path != NULL; path++)
        add_bind(arguments, "--bind", *path);
    add(arguments, "--remount-ro");
    add(arguments, "/dev");
    add(arguments, "--remount-ro");
    add(arguments, "/");
}

void jail_enter_bubblewrap(const struct jail_start *start)
{
    static struct arguments arguments;
    const char *options[] = {"bwrap", "--unshare-all", "--die-with-parent", "--new-session",
                             "--json-status-fd"};
    for (size_t i = 0; i < sizeof options / sizeof *options; i++)
        add(&arguments, options[i]);
    add(&arguments, keep_format("%d", start->status_fd));
    add(&arguments, "--seccomp");
    add(&arguments, keep_format("%d", start->filter_fd));
    add_files(&arguments, start);
    if (start->folder != NULL) {
        add(&arguments, "--chdir");
        add(&arguments, start->folder);
    }
    add(&arguments, "--");
    for (const char *const *item = start->arguments; *item != NULL; item++)
        add(&arguments, *item);
    errno = E2BIG;
    if (arguments.count < MOST_ARGUMENTS && filter_open(start->filter_fd))
        execvpe("bwrap", (char **)(uintptr_t)arguments.items,
                (char **)(uintptr_t)start->environment);
}

/* jail: see jail.h. */
#include "grader/jail.h"

#include <errno.h>
#include <pwd.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "grader/die.h"
#include "grader/files.h"
#include "grader/jail_parts.h"
#include "grader/keep.h"
#include "grader/process.h"
#include "grader/scratch.h"

/* Where systemd has its users that come and go: no distribution gives these numbers away. */
enum { FIRST_USER = 61184, LAST_USER = 65519 };

static struct {
    bool has_namespaces;
    uid_t first_user; /* of JAIL_SLOTS; 0: the grader's own for all */
    bool no_users;    /* it is root, and no unused user is to be had */
} state;

bool jail_has_namespaces(void)
{
    return state.has_namespaces;
}

uid_t jail_user(unsigned slot)
{
    return state.first_user == 0 ? getuid() : state.first_user + slot % JAIL_SLOTS;
}

pid_t jail_inner_pid(pid_t outer)
{
    return state.has_namespaces ? 2 : outer;
}

/* Wait statuses of signals are their numbers. */
int jail_wait_status(int wait_status)
{
    enum { SIGNAL_BASE = 128, MOST_SIGNAL = 64 };
    int status = WIFEXITED(wait_status) ? WEXITSTATUS(wait_status) - SIGNAL_BASE : 0;
    if (!state.has_namespaces || status <= 0 || status > MOST_SIGNAL)
        return wait_status;
    return status;
}

/* --- Users --- */

/* A name in the abstract namespace of sockets is taken as long as its owner lives, and leaves no file:
 * two graders never share a user. The descriptor is never closed. */
static bool claim(uid_t user)
{
    struct sockaddr_un name = {.sun_family = AF_UNIX};
    int length = snprintf(name.sun_path + 1, sizeof name.sun_path - 1, "grade-user-%u", user);
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    socklen_t bytes = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + 1 + (size_t)length);
    if (fd >= 0 && bind(fd, (struct sockaddr *)&name, bytes) == 0)
        return true;
    if (fd >= 0)
        close(fd);
    return false;
}

/* In a container, few numbers may be mapped. */
static bool is_mapped(uid_t user)
{
    unsigned inside = 0;
    unsigned outside = 0;
    unsigned count = 0;
    bool mapped = false;
    FILE *map = fopen("/proc/self/uid_map", "re");
    while (map != NULL && fscanf(map, "%u %u %u", &inside, &outside, &count) == 3)
        mapped |= user >= inside && user - inside < count;
    if (map != NULL)
        fclose(map);
    return mapped;
}

static void choose_users(void)
{
    if (getuid() != 0)
        return;
    for (uid_t user = FIRST_USER; user + JAIL_SLOTS <= LAST_USER; user += JAIL_SLOTS) {
        uid_t last = user + JAIL_SLOTS - 1;
        if (getpwuid(user) == NULL && is_mapped(user) && is_mapped(last) && claim(user)) {
            state.first_user = user;
            return;
        }
    }
    state.no_users = true;
}

/* --- Which kind --- */

/* Returns NULL where a process runs in this kind of jail, else what went wrong. */
static char *try_kind(bool has_namespaces)
{
    static const struct jail empty = {NULL, NULL};
    const char *arguments[] = {"/bin/true", NULL};
    const char *environment[] = {"PATH=/usr/bin:/bin", NULL};
    struct process process = {.arguments = arguments,
                              .environment = environment,
                              .jail = &empty,
                              .folder = scratch_path("work"),
                              .wall_seconds = 30};
    state.has_namespaces = has_namespaces;
    filter_make(has_namespaces);
    process_run(&process);
    if (process_succeeded(&process))
        return NULL;
    return process.start_error != 0 ? process_start_failure(&process) : process_last_line(&process);
}

void jail_open(enum jail_choice choice)
{
    choose_users();
    scratch_share(jail_user(0));
    const char *wrong = choice == JAIL_LIMITS ? "not wanted" : try_kind(true);
    if (wrong != NULL && choice == JAIL_BUBBLEWRAP)
        die_usage("bubblewrap does not work here: %s", wrong);
    if (wrong == NULL)
        return;
    wrong = try_kind(false);
    if (wrong != NULL)
        die_broken("no process can be started with limits: %s", wrong);
}

const char *jail_what_is_off(void)
{
    const char *user = state.no_users  ? "; a user of its own: tested code runs as root"
                       : getuid() != 0 ? "; a user of its own: the grader is not root"
                                       : "";
    if (state.has_namespaces)
        return state.no_users ? "a user of its own: tested code runs as root" : NULL;
    return keep_format("no bubblewrap here. Off: namespaces of processes, files and network%s%s. "
                       "On: %slimits, filter of system calls%s",
                       landlock_is_there() ? "" : "; any hiding of files", user,
                       *user == '\0' ? "an unused user for each process, " : "",
                       landlock_is_there() ? ", Landlock for files" : "");
}

/* --- Each process --- */

static const char *const *list_of(const char *path)
{
    const char **list = keep_bytes(2 * sizeof *list);
    list[0] = path;
    return list;
}

const struct jail *jail_with(const char *read, const char *write)
{
    struct jail *jail = keep_bytes(sizeof *jail);
    *jail = (struct jail){list_of(read), list_of(write)};
    return jail;
}

/* Only its user may enter. */
static void give_folder(const char *path, unsigned slot)
{
    folder_make(path);
    if (state.first_user != 0 && chown(path, jail_user(slot), state.first_user) != 0)
        die_broken("cannot give %s to user %u: %s", path, jail_user(slot), strerror(errno));
    chmod(path, 0700);
}

void jail_prepare(const struct jail *jail, const char *folder, unsigned slot)
{
    if (folder != NULL)
        give_folder(folder, slot);
    for (const char *const *path = jail->writes; path != NULL && *path != NULL; path++)
        give_folder(*path, slot);
}

void jail_clear(const struct jail *jail, const char *folder)
{
    for (const char *const *path = jail->writes; path != NULL && *path != NULL; path++)
        if (strcmp(*path, folder) == 0)
            return;
    folder_remove(folder);
}

/* Tools keep what they write on the way in HOME or TMPDIR. */
static const char *const *with_homes(const struct jail_start *start)
{
    size_t count = 0;
    while (start->environment[count] != NULL)
        count++;
    const char **environment = keep_bytes((count + 3) * sizeof *environment);
    memcpy(environment, start->environment, count * sizeof *environment);
    if (start->folder != NULL) {
        environment[count++] = keep_format("HOME=%s", start->folder);
        environment[count++] = keep_format("TMPDIR=%s", start->folder);
    }
    return environment;
}

void jail_enter(const struct jail_start *start)
{
    struct jail_start inside = *start;
    inside.environment = with_homes(start);
    if (state.has_namespaces)
        jail_enter_bubblewrap(&inside);
    else
        jail_enter_limits(&inside);
}

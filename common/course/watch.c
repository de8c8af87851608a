/* watch: make next, again at every save.
 *
 * It watches the folders, not the files: many editors write a new file and rename it over the old
 * one, and a watch on the old file would never hear of it. A save while tests run ends them and
 * starts again. Several events within a moment are one save. */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "common/course/course.h"
#include "grader/die.h"
#include "grader/keep.h"

enum { SETTLE_MS = 60, EVENT_BYTES = 4096 };

static int watch_folders(void)
{
    int watcher = inotify_init1(IN_CLOEXEC | IN_NONBLOCK);
    for (size_t i = 0; watcher >= 0 && i < STAGE_COUNT; i++) {
        const char *folder = keep_format("%s/student", all_stages[i].folder);
        const char *tests = keep_format("%s/student/tests", all_stages[i].folder);
        if (inotify_add_watch(watcher, folder, IN_CLOSE_WRITE | IN_MOVED_TO | IN_DELETE) < 0)
            course_wrong("cannot watch %s: %s", folder, strerror(errno));
        inotify_add_watch(watcher, tests, IN_CLOSE_WRITE | IN_MOVED_TO | IN_DELETE);
    }
    if (watcher < 0)
        die_broken("cannot watch files: %s", strerror(errno));
    return watcher;
}

static bool is_source(const char *name)
{
    size_t length = strlen(name);
    return length > 2 && name[0] != '.' && name[length - 2] == '.' &&
           (name[length - 1] == 'c' || name[length - 1] == 'h');
}

/* Whether any of the events that are waiting is of a source file. */
static bool take_events(int watcher)
{
    _Alignas(struct inotify_event) char bytes[EVENT_BYTES];
    bool is_save = false;
    ssize_t got = 0;
    while ((got = read(watcher, bytes, sizeof bytes)) > 0)
        for (char *at = bytes; at < bytes + got;) {
            const struct inotify_event *event = (const struct inotify_event *)(void *)at;
            is_save |= event->len != 0 && is_source(event->name);
            at += sizeof *event + event->len;
        }
    return is_save;
}

/* Wait until a source file was saved and nothing more comes for a moment. */
static void await_save(int watcher)
{
    struct pollfd ready = {.fd = watcher, .events = POLLIN};
    bool is_save = false;
    while (!is_save) {
        poll(&ready, 1, -1);
        is_save = take_events(watcher);
    }
    while (poll(&ready, 1, SETTLE_MS) > 0)
        take_events(watcher);
}

/* make next, in a process group of its own, so that all of it can be ended. */
static pid_t start_next(const struct course_options *options)
{
    pid_t watching = getpid();
    fflush(stdout);
    pid_t child = fork();
    if (child != 0)
        return child;
    setpgid(0, 0);
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != watching)
        _exit(1);
    if (isatty(STDOUT_FILENO) == 1)
        printf("\033[H\033[2J\033[3J");
    command_next(options);
    printf("\nWatching: save a file to run this again; Ctrl-C to stop.\n");
    fflush(stdout);
    _exit(0);
}

int command_watch(const struct course_options *options)
{
    int watcher = watch_folders();
    prctl(PR_SET_PDEATHSIG, SIGTERM); /* where make is gone, nobody watches */
    for (;;) {
        pid_t child = start_next(options);
        await_save(watcher);
        if (child > 0) {
            kill(-child, SIGKILL);
            waitpid(child, NULL, 0);
        }
    }
}

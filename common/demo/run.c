/* run: see run.h. Read order: run_command, run_child, wait_for. */
#include "common/demo/run.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { CHILD_COULD_NOT_START = 126 };

/* Blocked all the time and taken out with sigtimedwait, so that none comes at a bad moment. */
static sigset_t awaited;

void run_prepare(void)
{
    sigemptyset(&awaited);
    sigaddset(&awaited, SIGCHLD);
    sigaddset(&awaited, SIGINT);
    sigaddset(&awaited, SIGTERM);
    sigaddset(&awaited, SIGHUP);
    sigprocmask(SIG_BLOCK, &awaited, NULL);
    prctl(PR_SET_CHILD_SUBREAPER, 1); /* orphans become our children, so they can be waited for */
    signal(SIGPIPE, SIG_IGN); /* a reader that has seen enough must not keep us from cleaning up */
}

static void connect_to_file(int descriptor, const char *name, int flags)
{
    int file = open(name, flags, 0644);
    if (file < 0 || dup2(file, descriptor) < 0)
        _exit(CHILD_COULD_NOT_START);
    close(file);
}

/* As a program expects them to be. What a shell starts in the background ignores SIGINT, nohup SIGHUP, and
 * both are inherited: a test suite that sends itself such a signal then fails for no fault of its own. */
static void reset_signals(void)
{
    static const int usual[] = {SIGINT, SIGQUIT, SIGHUP, SIGTERM, SIGPIPE};
    for (size_t i = 0; i < sizeof usual / sizeof *usual; i++)
        signal(usual[i], SIG_DFL);
    sigprocmask(SIG_UNBLOCK, &awaited, NULL);
}

/* Between fork and exec. */
static _Noreturn void run_child(const char *command, const char *folder, char *const *environment)
{
    char *const arguments[] = {"sh", "-c", (char *)command, NULL};
    setpgid(0, 0);
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    reset_signals();
    if (chdir(folder) != 0)
        _exit(CHILD_COULD_NOT_START);
    connect_to_file(STDIN_FILENO, "/dev/null", O_RDONLY);
    connect_to_file(STDOUT_FILENO, "result", O_WRONLY | O_CREAT | O_TRUNC);
    connect_to_file(STDERR_FILENO, "errors", O_WRONLY | O_CREAT | O_APPEND);
    execve("/bin/sh", arguments, environment);
    _exit(CHILD_COULD_NOT_START);
}

static double seconds_of(struct timeval time)
{
    return (double)time.tv_sec + (double)time.tv_usec / 1e6;
}

static struct timespec time_left(const struct timespec *start, unsigned most_seconds)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    time_t left = (time_t)most_seconds - (now.tv_sec - start->tv_sec);
    return (struct timespec){.tv_sec = left > 0 ? left : 0};
}

static void take_usage(const struct rusage *usage, struct run *out)
{
    out->cpu_seconds = seconds_of(usage->ru_utime) + seconds_of(usage->ru_stime);
    out->peak_bytes = (size_t)usage->ru_maxrss * 1024;
    bool succeeded = WIFEXITED(out->wait_status) && WEXITSTATUS(out->wait_status) == 0;
    out->end = succeeded ? RUN_DONE : RUN_FAILED;
}

/* Until the first process ends, the time is up or the demo is to stop. */
static void wait_for(pid_t pid, unsigned most_seconds, struct run *out)
{
    struct timespec start;
    clock_gettime(CLOCK_MONOTONIC, &start);
    for (;;) {
        struct rusage usage;
        struct timespec left = time_left(&start, most_seconds);
        if (wait4(pid, &out->wait_status, WNOHANG, &usage) == pid) {
            take_usage(&usage, out);
            return;
        }
        if (left.tv_sec == 0) {
            out->end = RUN_TOOK_LONG;
            return;
        }
        int caught = sigtimedwait(&awaited, NULL, &left);
        if (caught >= 0 && caught != SIGCHLD) {
            out->end = RUN_INTERRUPTED;
            return;
        }
    }
}

/* A child of ours, or 0 where there is none. */
static pid_t any_child(void)
{
    long child = 0;
    FILE *children = fopen("/proc/thread-self/children", "re");
    if (children == NULL)
        return 0;
    if (fscanf(children, "%ld", &child) != 1)
        child = 0;
    fclose(children);
    return (pid_t)child;
}

/* What left the group became our child when its parent died; we have no others. Killing one may bring up
 * its own children, so again until there are none, or one is another user's. */
static void kill_strays(void)
{
    for (pid_t stray = any_child(); stray > 0 && kill(stray, SIGKILL) == 0; stray = any_child())
        waitpid(stray, NULL, 0);
}

bool run_command(const char *command, const char *folder, char *const *environment,
                 unsigned most_seconds, struct run *out)
{
    *out = (struct run){0};
    fflush(NULL);
    pid_t pid = fork();
    if (pid < 0)
        return false;
    if (pid == 0)
        run_child(command, folder, environment);
    setpgid(pid, pid); /* by whoever comes first: the group must be there before it is killed */
    wait_for(pid, most_seconds, out);
    kill(-pid, SIGKILL);
    while (waitpid(-pid, NULL, 0) > 0) {
    }
    kill_strays();
    return true;
}

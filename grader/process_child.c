/* process_child: see process_child.h. */
#include "grader/process_child.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/personality.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

enum {
    START_FD = TOKEN_FD + 1, /* closed by a successful exec, else tells its errno */
    HIGH_FD = 64,            /* above all that is put in place below */
    MOST_FILE_BYTES = 64 * 1024 * 1024,
    MOST_OPEN_FILES = 256,
    MOST_PROCESSES = 4096, /* counts all of a user's; root is not bound by it */
};

/* The ends of the pipes: [0] is read, [1] is written. */
struct pipes {
    int output[2];
    int report[2];
    int token[2];
    int start[2];
};

static void limit(int resource, rlim_t soft, rlim_t hard)
{
    struct rlimit old;
    if (getrlimit(resource, &old) == 0 && hard > old.rlim_max)
        hard = old.rlim_max;
    struct rlimit both = {soft < hard ? soft : hard, hard};
    setrlimit(resource, &both);
}

static void set_limits(const struct process *process)
{
    limit(RLIMIT_CORE, 0, 0);
    if (process->token == NULL) /* the grader's own tools: make, gcovr */
        return;
    limit(RLIMIT_FSIZE, MOST_FILE_BYTES, MOST_FILE_BYTES);
    limit(RLIMIT_NOFILE, MOST_OPEN_FILES, MOST_OPEN_FILES);
    limit(RLIMIT_NPROC, MOST_PROCESSES, MOST_PROCESSES);
    if (process->cpu_seconds != 0)
        limit(RLIMIT_CPU, process->cpu_seconds, process->cpu_seconds + 1);
    if (process->memory_bytes != 0)
        limit(RLIMIT_AS, process->memory_bytes, process->memory_bytes);
}

/* Every descriptor is first moved out of the way of the others. */
static void place(int fd, int as)
{
    if (fd < 0)
        return;
    dup2(fd, as);
}

static int lift(int fd)
{
    return fd < 0 ? -1 : fcntl(fd, F_DUPFD_CLOEXEC, HIGH_FD);
}

static void place_descriptors(const struct pipes *pipes)
{
    int nothing = lift(open("/dev/null", O_RDONLY | O_CLOEXEC));
    int output = lift(pipes->output[1]);
    int report = lift(pipes->report[1]);
    int token = lift(pipes->token[0]);
    int started = lift(pipes->start[1]);
    place(nothing, STDIN_FILENO);
    place(output, STDOUT_FILENO);
    place(output, STDERR_FILENO);
    close_range(REPORT_FD, START_FD, 0);
    place(report, REPORT_FD);
    place(token, TOKEN_FD);
    place(started, START_FD);
    fcntl(START_FD, F_SETFD, FD_CLOEXEC);
    close_range(START_FD + 1, ~0U, 0);
}

_Noreturn static void become(const struct process *process, const struct pipes *pipes)
{
    setsid();
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    signal(SIGPIPE, SIG_DFL);
    place_descriptors(pipes);
    set_limits(process);
    if (process->fixed_addresses) /* where it is forbidden, it is tried without */
        personality(ADDR_NO_RANDOMIZE);
    char **environment =
        process->environment == NULL ? environ : (char **)(uintptr_t)process->environment;
    if (process->folder == NULL || chdir(process->folder) == 0)
        execvpe(process->arguments[0], (char **)(uintptr_t)process->arguments, environment);
    int error = errno;
    ssize_t ignored = write(START_FD, &error, sizeof error);
    (void)ignored;
    _exit(127);
}

static void close_ends(int ends[2])
{
    for (int i = 0; i < 2; i++)
        if (ends[i] >= 0)
            close(ends[i]);
}

static void close_all(struct pipes *pipes)
{
    close_ends(pipes->output);
    close_ends(pipes->report);
    close_ends(pipes->token);
    close_ends(pipes->start);
}

/* The token fits into the pipe's buffer, so it is written before there is anyone to read it. */
static bool open_pipes(const struct process *process, struct pipes *pipes)
{
    *pipes = (struct pipes){{-1, -1}, {-1, -1}, {-1, -1}, {-1, -1}};
    if (pipe2(pipes->output, O_CLOEXEC) != 0 || pipe2(pipes->start, O_CLOEXEC) != 0)
        return false;
    if (process->token == NULL)
        return true;
    if (pipe2(pipes->report, O_CLOEXEC) != 0 || pipe2(pipes->token, O_CLOEXEC) != 0)
        return false;
    size_t length = strlen(process->token);
    return write(pipes->token[1], process->token, length) == (ssize_t)length;
}

/* Blocks until exec has happened, one way or the other. */
static int wait_for_exec(struct process *process, struct pipes *pipes)
{
    int error = 0;
    close(pipes->start[1]);
    pipes->start[1] = -1;
    ssize_t got = 0;
    while ((got = read(pipes->start[0], &error, sizeof error)) < 0 && errno == EINTR)
        ;
    if (got <= 0)
        return 0;
    waitpid(process->pid, NULL, 0);
    return error;
}

static int take_end(int fd)
{
    if (fd < 0)
        return -1;
    int taken = fcntl(fd, F_DUPFD_CLOEXEC, 0);
    fcntl(taken, F_SETFL, O_NONBLOCK);
    return taken;
}

int process_fork(struct process *process)
{
    struct pipes pipes;
    process->output_fd = -1;
    process->report_fd = -1;
    int error = 0;
    if (!open_pipes(process, &pipes) || (process->pid = fork()) < 0)
        error = errno;
    else if (process->pid == 0)
        become(process, &pipes);
    else
        error = wait_for_exec(process, &pipes);
    if (error == 0) {
        process->output_fd = take_end(pipes.output[0]);
        process->report_fd = take_end(pipes.report[0]);
    }
    close_all(&pipes);
    return error;
}

static bool is_running(pid_t pid, const struct process *running, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (running[i].state == PROCESS_RUNNING && running[i].pid == pid)
            return true;
    return false;
}

/* Linux lists a thread's children. The grader has one thread, whose number is the process's. */
pid_t process_find_orphan(const struct process *running, size_t count)
{
    char path[64];
    snprintf(path, sizeof path, "/proc/self/task/%ld/children", (long)getpid());
    FILE *file = fopen(path, "re");
    if (file == NULL)
        return 0;
    long pid = 0;
    long orphan = 0;
    while (orphan == 0 && fscanf(file, "%ld", &pid) == 1)
        if (!is_running((pid_t)pid, running, count))
            orphan = pid;
    fclose(file);
    return (pid_t)orphan;
}

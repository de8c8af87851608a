/* process_child: see process_child.h. */
#include "grader/process_child.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <linux/close_range.h>
#include <signal.h>
#include <stdint.h>
#include <string.h>
#include <sys/personality.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "grader/process_list.h"

enum {
    START_FD = TOKEN_FD + 1, /* closed by a successful exec, else tells its errno */
    STATUS_FD,               /* bubblewrap's, which leaves neither to the program */
    FILTER_FD,
    HIGH_FD = 64, /* above all that is put in place below */
    MOST_FILE_BYTES = 64 * 1024 * 1024,
    MOST_OPEN_FILES = 256,
    MOST_PROCESSES = 256, /* threads too; the tests have up to 64, and a jail a few */
};

/* The ends of the pipes: [0] is read, [1] is written. */
struct pipes {
    int output[2];
    int report[2];
    int token[2];
    int start[2];
    int status[2];
};

static void limit(int resource, rlim_t soft, rlim_t hard)
{
    struct rlimit old;
    if (getrlimit(resource, &old) == 0 && hard > old.rlim_max)
        hard = old.rlim_max;
    struct rlimit both = {soft < hard ? soft : hard, hard};
    setrlimit(resource, &both);
}

/* The limit counts all processes of a user, and binds root in nothing: of a person, all that they run;
 * of an unused user, what an earlier grading left to an init that is slow to bury the dead. */
static rlim_t processes_before(const struct process *process)
{
    return count_processes(process->jail != NULL ? jail_user(process->slot) : getuid());
}

static void set_limits(const struct process *process)
{
    limit(RLIMIT_CORE, 0, 0);
    if (process->jail == NULL && process->token == NULL) /* the grader's own tools */
        return;
    limit(RLIMIT_FSIZE, MOST_FILE_BYTES, MOST_FILE_BYTES);
    limit(RLIMIT_NOFILE, MOST_OPEN_FILES, MOST_OPEN_FILES);
    rlim_t processes = MOST_PROCESSES + processes_before(process);
    limit(RLIMIT_NPROC, processes, processes);
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
    int status = lift(pipes->status[1]);
    place(nothing, STDIN_FILENO);
    place(output, STDOUT_FILENO);
    place(output, STDERR_FILENO);
    close_range(REPORT_FD, FILTER_FD, 0);
    place(report, REPORT_FD);
    place(token, TOKEN_FD);
    place(started, START_FD);
    fcntl(START_FD, F_SETFD, FD_CLOEXEC);
    place(status, STATUS_FD);
    close_range(FILTER_FD, HIGH_FD - 1, 0);
    close_range(HIGH_FD, ~0U, CLOSE_RANGE_CLOEXEC); /* one of them holds the filter */
}

/* The kernel forgets whose death a process wants to die with when its user changes. */
static bool change_user(const struct process *process)
{
    uid_t user = jail_user(process->slot);
    gid_t group = jail_user(0);
    bool changed =
        user == getuid() || (setgroups(0, NULL) == 0 && setresgid(group, group, group) == 0 &&
                             setresuid(user, user, user) == 0);
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    return changed;
}

static void enter_jail(const struct process *process, const char *const *environment)
{
    struct jail_start start = {
        .jail = process->jail,
        .folder = process->folder,
        .slot = process->slot,
        .arguments = process->arguments,
        .environment = environment,
        .filter_fd = FILTER_FD,
        .status_fd = STATUS_FD,
    };
    if (change_user(process))
        jail_enter(&start);
}

_Noreturn static void become(const struct process *process, const struct pipes *pipes)
{
    setsid();
    signal(SIGPIPE, SIG_DFL);
    place_descriptors(pipes);
    set_limits(process);
    if (process->fixed_addresses) /* where it is forbidden, it is tried without */
        personality(ADDR_NO_RANDOMIZE);
    char **environment =
        process->environment == NULL ? environ : (char **)(uintptr_t)process->environment;
    if (process->jail != NULL)
        enter_jail(process, (const char *const *)(uintptr_t)environment);
    else if (process->folder == NULL || chdir(process->folder) == 0)
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
    close_ends(pipes->status);
}

/* The token fits into the pipe's buffer, so it is written before there is anyone to read it. */
static bool open_pipes(const struct process *process, struct pipes *pipes)
{
    *pipes = (struct pipes){{-1, -1}, {-1, -1}, {-1, -1}, {-1, -1}, {-1, -1}};
    if (pipe2(pipes->output, O_CLOEXEC) != 0 || pipe2(pipes->start, O_CLOEXEC) != 0)
        return false;
    if (process->jail != NULL && pipe2(pipes->status, O_CLOEXEC) != 0)
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
    process->status_fd = -1;
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
        process->status_fd = take_end(pipes.status[0]);
        process->inner_pid = process->jail != NULL ? jail_inner_pid(process->pid) : process->pid;
    }
    close_all(&pipes);
    return error;
}

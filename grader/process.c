/* process: see process.h. Read order: process_run_all, start, pump, finish. */
#include "grader/process.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "grader/capture.h"
#include "grader/die.h"
#include "grader/keep.h"
#include "grader/process_child.h"

enum { OUTPUT_KEPT = 16 * 1024, REPORT_KEPT = 1024 * 1024, STATUS_KEPT = 4096, TICK_MS = 50 };

static volatile sig_atomic_t interrupted;

static void note_interruption(int signal_number)
{
    interrupted = signal_number;
}

void process_prepare(void)
{
    if (prctl(PR_SET_CHILD_SUBREAPER, 1) != 0)
        die_broken("cannot become a child subreaper: %s", strerror(errno));
    struct sigaction action = {.sa_handler = note_interruption};
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
    sigaction(SIGHUP, &action, NULL);
    signal(SIGPIPE, SIG_IGN);
}

long long now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * 1000LL + now.tv_nsec / 1000000;
}

/* The lowest number that no running process has. */
static unsigned free_slot(const struct process *processes, size_t count)
{
    unsigned slot = 0;
    for (size_t i = 0; i < count; i++)
        if (processes[i].state == PROCESS_RUNNING && processes[i].slot == slot) {
            slot++;
            i = (size_t)-1; /* look at all of them again */
        }
    return slot;
}

/* `before` were started before it. */
static void start(struct process *process, const struct process *before, size_t count)
{
    process->slot = free_slot(before, count);
    capture_start(&process->status, STATUS_KEPT);
    if (process->jail != NULL)
        jail_prepare(process->jail, process->folder, process->slot);
    capture_start(&process->output, process->most_output == 0 ? OUTPUT_KEPT : process->most_output);
    if (process->token != NULL)
        capture_start(&process->report, REPORT_KEPT);
    process->started_ms = now_ms();
    process->state = PROCESS_RUNNING;
    process->start_error = process_fork(process);
}

/* Everything that fled from its group has become our child: kill all but what still runs. Killing
 * one may bring up its own children, so again until there are none. */
static void kill_orphans(const struct process *processes, size_t count)
{
    enum { MOST_ROUNDS = 1000 };
    for (unsigned round = 0; round < MOST_ROUNDS; round++) {
        pid_t orphan = process_find_orphan(processes, count);
        if (orphan <= 0)
            return;
        kill(orphan, SIGKILL);
        waitpid(orphan, NULL, 0);
    }
}

static void note_reaper(struct process *process)
{
    const char *word = "\"child-pid\":";
    const char *said = strstr(process->status.bytes, word);
    if (said != NULL)
        process->reaper_pid = (pid_t)strtol(said + strlen(word), NULL, 10);
}

static void drain_all(struct process *process)
{
    capture_drain(&process->output_fd, &process->output);
    capture_drain(&process->report_fd, &process->report);
    capture_drain(&process->status_fd, &process->status);
    note_reaper(process);
}

static void close_pipes(const struct process *process)
{
    const int fds[] = {process->output_fd, process->report_fd, process->status_fd};
    for (size_t i = 0; i < sizeof fds / sizeof *fds; i++)
        if (fds[i] >= 0)
            close(fds[i]);
}

/* Bubblewrap says { "child-pid": 123 ... } when all is set up. If it never came to that, it was not
 * the program that failed. */
static void leave_jail(struct process *process)
{
    if (jail_has_namespaces() && !process->wall_expired && !process->output_expired &&
        process->reaper_pid == 0)
        process->start_error = ECANCELED;
    process->wait_status = jail_wait_status(process->wait_status);
    if (process->folder != NULL)
        jail_clear(process->jail, process->folder);
}

/* Adds up the processor time of a child and of all that it waited for. */
static void reap(struct process *process, pid_t pid, int *wait_status)
{
    struct rusage usage = {.ru_utime = {0, 0}};
    while (wait4(pid, wait_status, 0, &usage) < 0 && errno == EINTR)
        ;
    size_t peak = (size_t)usage.ru_maxrss * 1024;
    process->peak_bytes = peak > process->peak_bytes ? peak : process->peak_bytes;
    process->cpu_ms += (unsigned)((usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * 1000 +
                                  (usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1000);
}

/* Bubblewrap ends without waiting for process 1 of its namespace, which dies with it and then is the
 * grader's own child, with the processor time of all that ran in there.
 * The group is killed before its first process is waited for: until then its number is taken. */
static void finish(struct process *process, struct process *processes, size_t count)
{
    kill(-process->pid, SIGKILL);
    reap(process, process->pid, &process->wait_status);
    drain_all(process);
    if (process->reaper_pid != 0)
        reap(process, process->reaper_pid, NULL);
    process->state = PROCESS_ENDED;
    for (size_t i = 0; i < count; i++)
        if (processes[i].state == PROCESS_RUNNING)
            drain_all(&processes[i]);
    kill_orphans(processes, count);
    drain_all(process);
    close_pipes(process);
    if (process->jail != NULL)
        leave_jail(process);
    process->wall_ms = (unsigned)(now_ms() - process->started_ms);
}

static bool has_ended(const struct process *process)
{
    siginfo_t info = {.si_pid = 0};
    return waitid(P_PID, (id_t)process->pid, &info, WEXITED | WNOHANG | WNOWAIT) == 0 &&
           info.si_pid != 0;
}

/* What is drained is not kept, but draining it without end would keep the grader busy. */
static void check_output(struct process *process)
{
    if (process->jail == NULL || process->output_expired ||
        process->output.total + process->report.total < MOST_PRINTED_BYTES)
        return;
    process->output_expired = true;
    kill(-process->pid, SIGKILL);
}

static void check_wall_time(struct process *process)
{
    if (process->wall_seconds == 0 || process->wall_expired ||
        now_ms() - process->started_ms < process->wall_seconds * 1000LL)
        return;
    process->wall_expired = true;
    kill(-process->pid, SIGKILL);
}

/* Wait until something happens. A process whose pipes are closed is about to end: look again soon. */
static void wait_a_moment(const struct process *processes, size_t count)
{
    struct pollfd polled[2 * MOST_AT_ONCE];
    nfds_t used = 0;
    int tick = TICK_MS;
    for (size_t i = 0; i < count; i++) {
        if (processes[i].state != PROCESS_RUNNING)
            continue;
        if (processes[i].output_fd < 0 && processes[i].report_fd < 0)
            tick = 1;
        if (processes[i].output_fd >= 0)
            polled[used++] = (struct pollfd){.fd = processes[i].output_fd, .events = POLLIN};
        if (processes[i].report_fd >= 0)
            polled[used++] = (struct pollfd){.fd = processes[i].report_fd, .events = POLLIN};
    }
    poll(polled, used, tick);
}

static void end_all(const struct process *processes, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (processes[i].state == PROCESS_RUNNING)
            kill(-processes[i].pid, SIGKILL);
    kill_orphans(NULL, 0);
    die_broken("interrupted by signal %d", (int)interrupted);
}

static unsigned pump(struct process *processes, size_t started, process_ended *ended, void *context)
{
    unsigned ended_count = 0;
    for (size_t i = 0; i < started; i++) {
        struct process *process = &processes[i];
        if (process->state != PROCESS_RUNNING)
            continue;
        if (process->start_error == 0) {
            drain_all(process);
            check_wall_time(process);
            check_output(process);
            if (!has_ended(process))
                continue;
            finish(process, processes, started);
        }
        process->state = PROCESS_ENDED;
        ended_count++;
        if (ended != NULL)
            ended(process, context);
    }
    return ended_count;
}

void process_run_all(struct process *processes, size_t count, unsigned at_once,
                     process_ended *ended, void *context)
{
    size_t started = 0;
    unsigned running = 0;
    if (at_once > MOST_AT_ONCE)
        at_once = MOST_AT_ONCE;
    while (started < count || running > 0) {
        while (running < at_once && started < count) {
            start(&processes[started], processes, started);
            started++;
            running++;
        }
        wait_a_moment(processes, started);
        if (interrupted)
            end_all(processes, started);
        running -= pump(processes, started, ended, context);
    }
}

void process_run(struct process *process)
{
    process_run_all(process, 1, 1, NULL, NULL);
}

bool process_succeeded(const struct process *process)
{
    return process->start_error == 0 && WIFEXITED(process->wait_status) &&
           WEXITSTATUS(process->wait_status) == 0;
}

char *process_last_line(const struct process *process)
{
    const char *end = process->output.bytes + process->output.length;
    while (end > process->output.bytes && end[-1] == '\n')
        end--;
    const char *line = end;
    while (line > process->output.bytes && line[-1] != '\n')
        line--;
    return keep_part(line, (size_t)(end - line));
}

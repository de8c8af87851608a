/* process: see process.h. Read order: process_run_all, start, pump; then process_child.h, how one
 * starts, and process_end.h, how one ends. */
#include "grader/process.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "grader/capture.h"
#include "grader/die.h"
#include "grader/keep.h"
#include "grader/process_child.h"
#include "grader/process_end.h"

enum {
    MOST_AT_ONCE = 16,
    OUTPUT_KEPT = 16 * 1024,
    REPORT_KEPT = 1024 * 1024,
    STATUS_KEPT = 4096,
    TICK_MS = 50,
    MOST_STARTS = 3,
    AGAIN_MS = 50,
};

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
    process->reaper_pid = 0;
    process->starts++;
    process->state = PROCESS_RUNNING;
    process->start_error = process_fork(process);
}

/* A jail takes processes and namespaces, of which a machine may have none left for a moment. Nothing of
 * the program has run then, so it is started again. Returns whether it runs. */
static bool start_again(struct process *process, const struct process *before, size_t count)
{
    if (process->start_error != ECANCELED || process->starts >= MOST_STARTS)
        return false;
    poll(NULL, 0, AGAIN_MS);
    process->cpu_ms = 0;
    start(process, before, count);
    return process->start_error == 0;
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
    process_kill_orphans(NULL, 0);
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
            process_drain(process);
            check_wall_time(process);
            check_output(process);
            if (!has_ended(process))
                continue;
            process_finish(process, processes, started);
            if (start_again(process, processes, started))
                continue;
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

char *process_start_failure(const struct process *process)
{
    if (process->start_error != ECANCELED)
        return keep_text(strerror(process->start_error));
    return keep_format("no jail could be made: %s", process_last_line(process));
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

/* process_end: see process_end.h. */
#include "grader/process_end.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "grader/process_list.h"

/* Killing one may bring up its own children, so again until there are none. */
void process_kill_orphans(const struct process *processes, size_t count)
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

void process_drain(struct process *process)
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
void process_finish(struct process *process, struct process *processes, size_t count)
{
    kill(-process->pid, SIGKILL);
    reap(process, process->pid, &process->wait_status);
    process_drain(process);
    if (process->reaper_pid != 0)
        reap(process, process->reaper_pid, NULL);
    process->state = PROCESS_ENDED;
    for (size_t i = 0; i < count; i++)
        if (processes[i].state == PROCESS_RUNNING)
            process_drain(&processes[i]);
    process_kill_orphans(processes, count);
    process_drain(process);
    close_pipes(process);
    if (process->jail != NULL)
        leave_jail(process);
    process->wall_ms = (unsigned)(now_ms() - process->started_ms);
}

/* verdict: see verdict.h. */
#include "grader/verdict.h"

#include <errno.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/wait.h>

#include "grader/die.h"
#include "grader/keep.h"
#include "grader/scratch.h"

char *verdict_token(void)
{
    uint64_t random[2];
    if (getrandom(random, sizeof random, 0) != (ssize_t)sizeof random)
        die_broken("the system gives no random numbers: %s", strerror(errno));
    return keep_format("%016llx%016llx", (unsigned long long)random[0],
                       (unsigned long long)random[1]);
}

static bool parse_kind(const char *text, enum verdict_kind *kind)
{
    static const char *const names[] = {
        [VERDICT_STARTED] = "STARTED",   [VERDICT_PASSED] = "PASSED", [VERDICT_FAILED] = "FAILED",
        [VERDICT_NOT_DONE] = "NOT_DONE", [VERDICT_COUNT] = "COUNT",
    };
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (strcmp(text, names[i]) == 0) {
            *kind = (enum verdict_kind)i;
            return true;
        }
    return false;
}

/* Cuts the next field off a line; NULL where there is none. */
static char *next_field(char **line)
{
    char *field = *line;
    char *tab = field == NULL ? NULL : strchr(field, '\t');
    *line = NULL;
    if (tab != NULL) {
        *tab = '\0';
        *line = tab + 1;
    }
    return field;
}

static bool parse_line(char *line, const char *token, struct verdict *verdict)
{
    const char *sent = next_field(&line);
    const char *kind = next_field(&line);
    const char *pid = next_field(&line);
    verdict->name = next_field(&line);
    verdict->message = line;
    if (line == NULL || strcmp(sent, token) != 0 || !parse_kind(kind, &verdict->kind))
        return false;
    verdict->pid = (pid_t)strtol(pid, NULL, 10);
    return verdict->pid > 0;
}

size_t verdict_parse(const char *report, const char *token, struct verdict **verdicts)
{
    size_t count = 0;
    *verdicts = NULL;
    const char *end = NULL;
    for (const char *at = report; (end = strchr(at, '\n')) != NULL; at = end + 1) {
        struct verdict verdict;
        if (strncmp(at, token, TOKEN_LENGTH) != 0 ||
            !parse_line(keep_part(at, (size_t)(end - at)), token, &verdict))
            continue;
        *verdicts = keep_room(*verdicts, count, sizeof **verdicts);
        (*verdicts)[count++] = verdict;
    }
    return count;
}

double verdict_count(const struct verdict *verdict, char **what)
{
    char *end = NULL;
    double value = strtod(verdict->message, &end);
    *what = keep_text(end + strspn(end, " "));
    return value >= 0 && value < 1e12 ? value : 1e12;
}

/* The first thing that the process said about the end of the test; NULL for nothing. */
static const struct verdict *find_end(const struct process *process, const char *name)
{
    struct verdict *verdicts = NULL;
    size_t count = verdict_parse(process->report.bytes, process->token, &verdicts);
    for (size_t i = 0; i < count; i++)
        if (verdicts[i].kind != VERDICT_STARTED && verdicts[i].kind != VERDICT_COUNT &&
            verdicts[i].pid == process->inner_pid && strcmp(verdicts[i].name, name) == 0)
            return &verdicts[i];
    return NULL;
}

/* SIGALRM is the test program's own watch on wall time. SIGKILL comes from the kernel at the hard
 * limit on processor time, or when memory runs out. */
static bool limit_expired(const struct process *process, int signal_number)
{
    return process->wall_expired || signal_number == SIGXCPU || signal_number == SIGALRM ||
           (signal_number == SIGKILL && process->cpu_seconds != 0 &&
            process->cpu_ms >= process->cpu_seconds * 1000);
}

/* Linux counts in the peak what a process shares with others, so the limit itself is hardly reached. */
static bool memory_ran_out(const struct process *process)
{
    return process->memory_bytes != 0 &&
           process->peak_bytes >= process->memory_bytes - process->memory_bytes / 8;
}

/* A limit that tells more than what came of it. Returns STATUS_UNKNOWN where none was reached. */
static enum status judge_limits(const struct process *process, char **message)
{
    enum { MIB = 1024 * 1024 };
    if (process->output_expired) {
        *message = keep_format("printed more than %d MiB", MOST_PRINTED_BYTES / MIB);
        return STATUS_OUTPUT;
    }
    if (memory_ran_out(process)) {
        *message =
            keep_format("used up its limit of %zu MiB of memory", process->memory_bytes / MIB);
        return STATUS_MEMORY;
    }
    return STATUS_UNKNOWN;
}

static enum status judge_signal(const struct process *process, const char *phase, char **message)
{
    int signal_number = WIFSIGNALED(process->wait_status) ? WTERMSIG(process->wait_status) : 0;
    if (limit_expired(process, signal_number)) {
        *message = keep_format("did not end within %u s of processor time or %u s of time in the "
                               "phase \"%s\"",
                               process->cpu_seconds, process->wall_seconds, phase);
        return STATUS_TIMEOUT;
    }
    const char *last = process_last_line(process);
    *message = keep_format("killed by signal %d (%s)%s%s", signal_number, strsignal(signal_number),
                           *last == '\0' ? "" : ": ", scratch_hide(last));
    return STATUS_CRASH;
}

static enum status judge_exit(const struct process *process, const struct verdict *end,
                              int exit_passed, char **message)
{
    int status = WEXITSTATUS(process->wait_status);
    if (end != NULL && end->kind == VERDICT_PASSED &&
        (status == 0 || (exit_passed != 0 && status == exit_passed)))
        return STATUS_PASSED;
    if (end != NULL && end->kind != VERDICT_PASSED) {
        *message = scratch_hide(end->message);
        return end->kind == VERDICT_FAILED ? STATUS_FAILED : STATUS_NOT_DONE;
    }
    *message =
        keep_format("the process ended with status %d before the test had finished: code under "
                    "test must not end it",
                    status);
    return STATUS_FAILED;
}

enum status verdict_judge(const struct process *process, const char *name, int exit_passed,
                          const char *phase, char **message)
{
    *message = NULL;
    if (process->start_error != 0) {
        *message = keep_format("the test could not be started: %s", process_start_failure(process));
        return STATUS_GRADER_ERROR;
    }
    bool was_killed = process->wall_expired || !WIFEXITED(process->wait_status);
    enum status status = was_killed
                             ? judge_signal(process, phase, message)
                             : judge_exit(process, find_end(process, name), exit_passed, message);
    enum status limit = status == STATUS_PASSED ? STATUS_UNKNOWN : judge_limits(process, message);
    return limit == STATUS_UNKNOWN ? status : limit;
}

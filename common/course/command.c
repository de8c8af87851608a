/* command: see command.h. */
#include "common/course/command.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "grader/die.h"
#include "grader/keep.h"

enum { MOST_OUTPUT = 16 * 1024 * 1024, STATUS_NOT_STARTED = 127 };

static void set_limit(int resource, unsigned value)
{
    struct rlimit limit = {value, value + 1};
    setrlimit(resource, &limit);
}

_Noreturn static void become(const struct command *command)
{
    int nothing = open("/dev/null", O_RDONLY | O_CLOEXEC);
    if (dup2(nothing, STDIN_FILENO) < 0 || dup2(command->output_fd, STDOUT_FILENO) < 0 ||
        dup2(command->output_fd, STDERR_FILENO) < 0)
        _exit(STATUS_NOT_STARTED);
    if (command->folder != NULL && chdir(command->folder) != 0)
        _exit(STATUS_NOT_STARTED);
    if (command->cpu_seconds != 0)
        set_limit(RLIMIT_CPU, command->cpu_seconds);
    if (command->wall_seconds != 0) {
        set_limit(RLIMIT_FSIZE, MOST_OUTPUT);
        alarm(command->wall_seconds); /* goes on over exec */
    }
    execvp(command->arguments[0], (char *const *)command->arguments);
    dprintf(STDERR_FILENO, "cannot start %s: %s\n", command->arguments[0], strerror(errno));
    _exit(STATUS_NOT_STARTED);
}

static void start(struct command *command)
{
    command->output_fd = memfd_create("output", MFD_CLOEXEC);
    command->pid = command->output_fd < 0 ? -1 : fork();
    if (command->pid < 0)
        die_broken("cannot start %s: %s", command->arguments[0], strerror(errno));
    if (command->pid == 0)
        become(command);
}

static char *read_whole(int fd)
{
    struct stat facts = {0};
    fstat(fd, &facts);
    char *text = keep_bytes((size_t)facts.st_size + 1);
    ssize_t got = pread(fd, text, (size_t)facts.st_size, 0);
    text[got > 0 ? got : 0] = '\0';
    close(fd);
    return text;
}

/* Wait for any of them to end, and note what came of it. */
static void finish_one(struct command *commands, size_t count)
{
    int status = 0;
    pid_t ended = wait(&status);
    if (ended < 0 && errno != EINTR)
        die_broken("a program that was started is lost: %s", strerror(errno));
    for (size_t i = 0; ended > 0 && i < count; i++)
        if (commands[i].pid == ended) {
            commands[i].wait_status = status;
            commands[i].pid = 0;
            commands[i].output = read_whole(commands[i].output_fd);
        }
}

static unsigned count_running(const struct command *commands, size_t count)
{
    unsigned running = 0;
    for (size_t i = 0; i < count; i++)
        running += commands[i].pid > 0;
    return running;
}

static bool ran_out_of_time(const struct command *command)
{
    int status = command->wait_status;
    return WIFSIGNALED(status) && (WTERMSIG(status) == SIGALRM || WTERMSIG(status) == SIGXCPU ||
                                   WTERMSIG(status) == SIGKILL);
}

static bool any_ran_out_of_time(const struct command *commands, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (commands[i].output != NULL && ran_out_of_time(&commands[i]))
            return true;
    return false;
}

void command_run_all(struct command *commands, size_t count, unsigned at_once)
{
    fflush(stdout);
    for (size_t i = 0; i < count && !any_ran_out_of_time(commands, i); i++) {
        start(&commands[i]);
        while (count_running(commands, count) >= at_once)
            finish_one(commands, count);
    }
    while (count_running(commands, count) != 0)
        finish_one(commands, count);
}

void command_run(struct command *command)
{
    command_run_all(command, 1, 1);
}

bool command_succeeded(const struct command *command)
{
    return WIFEXITED(command->wait_status) && WEXITSTATUS(command->wait_status) == 0;
}

const char *command_end_in_words(const struct command *command)
{
    int status = command->wait_status;
    if (!WIFSIGNALED(status))
        return keep_format("it ended with status %d in the middle of the test",
                           WEXITSTATUS(status));
    if (WTERMSIG(status) == SIGALRM)
        return keep_format("it hung: no end after %u seconds", command->wall_seconds);
    if (WTERMSIG(status) == SIGXCPU || WTERMSIG(status) == SIGKILL)
        return keep_format("it looped: no end after %u seconds of processor time",
                           command->cpu_seconds);
    return keep_format("it crashed: %s", strsignal(WTERMSIG(status)));
}

/* process: see process.h. Read order: process_run, run_child, arguments_of. */
#include "common/bench/process.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

enum {
    MOST_SECONDS = 300, /* for a run; an alarm ends what takes longer, as it outlives exec */
    COULD_NOT_START = 126,
    OUTPUT_BYTES = 4096,
};

/* --- In the child --- */

static void connect_to(int descriptor, const char *name, int flags)
{
    int file = open(name, flags, 0644);
    if (file < 0 || dup2(file, descriptor) < 0)
        _exit(COULD_NOT_START);
    close(file);
}

static void arguments_of(const struct row *row, const struct process_options *options,
                         const char **arguments)
{
    size_t count = 0;
    arguments[count++] = row->arguments[0];
    if (row->kind == ROW_ALLOCATOR_BOUND && options->scale != NULL) {
        arguments[count++] = "--scale";
        arguments[count++] = options->scale;
    }
    if (row->kind == ROW_ALLOCATOR_BOUND && options->counts)
        arguments[count++] = "--count";
    for (size_t i = 1; row->arguments[i] != NULL; i++)
        arguments[count++] = row->arguments[i];
    arguments[count] = NULL;
}

/* What would make a program's work differ from run to run. */
static void set_environment(const struct process_options *options)
{
    setenv("LD_PRELOAD", options->library, 1);
    setenv("PYTHONMALLOC", "malloc", 1);
    setenv("PYTHONHASHSEED", "0", 1);
    setenv("LC_ALL", "C", 1);
    if (options->counts)
        setenv("MEMPOOL_STATS", "1", 1);
}

static _Noreturn void run_child(const struct row *row, const struct process_options *options)
{
    const char *arguments[ROW_MOST_ARGUMENTS + 4];
    alarm(MOST_SECONDS);
    arguments_of(row, options, arguments);
    if (chdir(options->folder) != 0)
        _exit(COULD_NOT_START);
    connect_to(STDIN_FILENO, row->input == NULL ? "/dev/null" : row->input, O_RDONLY);
    connect_to(STDOUT_FILENO, "stdout", O_WRONLY | O_CREAT | O_TRUNC);
    connect_to(STDERR_FILENO, "stderr", O_WRONLY | O_CREAT | O_TRUNC);
    set_environment(options);
    execvp(arguments[0], (char *const *)arguments);
    _exit(COULD_NOT_START);
}

static _Noreturn void run_driver(const char *driver, const char *folder)
{
    alarm(MOST_SECONDS);
    if (chdir(folder) != 0)
        _exit(COULD_NOT_START);
    execl("/bin/sh", "sh", "-c", driver, (char *)NULL);
    _exit(COULD_NOT_START);
}

/* --- In the parent --- */

static double seconds_of(struct timeval time)
{
    return (double)time.tv_sec + (double)time.tv_usec / 1e6;
}

static size_t reported_resident(const struct process_options *options)
{
    char output[OUTPUT_BYTES];
    process_read(options, "stdout", output, sizeof output);
    const char *at = strstr(output, "resident ");
    return at == NULL ? 0 : strtoul(at + strlen("resident "), NULL, 10);
}

/* The loader only says so and goes on without: the run would be glibc's. */
static bool was_preloaded(const struct process_options *options)
{
    char errors[OUTPUT_BYTES];
    process_read(options, "stderr", errors, sizeof errors);
    return strstr(errors, "cannot be preloaded") == NULL;
}

/* A driver ends with the program that it drives; where it does not, it has lost it. */
static void end_driver(pid_t driver, bool program_ended_well)
{
    if (driver <= 0)
        return;
    if (!program_ended_well)
        kill(driver, SIGTERM);
    waitpid(driver, NULL, 0);
}

static pid_t start_driver(const struct row *row, const char *folder)
{
    if (row->driver == NULL)
        return 0;
    pid_t driver = fork();
    if (driver == 0)
        run_driver(row->driver, folder);
    return driver;
}

struct figures process_run(const struct row *row, const struct process_options *options)
{
    struct figures figures = {.wait_status = COULD_NOT_START << 8};
    struct rusage usage = {0};
    fflush(NULL);
    pid_t program = fork();
    if (program == 0)
        run_child(row, options);
    if (program < 0)
        return figures;
    pid_t driver = start_driver(row, options->folder);
    if (wait4(program, &figures.wait_status, 0, &usage) == program)
        figures.ended_well = figures.wait_status == 0 && was_preloaded(options);
    end_driver(driver, figures.ended_well);
    figures.cpu_seconds = seconds_of(usage.ru_utime) + seconds_of(usage.ru_stime);
    figures.memory_bytes = (size_t)usage.ru_maxrss * 1024;
    figures.page_faults = (size_t)usage.ru_minflt;
    if (row->reports_resident && figures.ended_well)
        figures.memory_bytes = reported_resident(options);
    return figures;
}

void process_read(const struct process_options *options, const char *name, char *text, size_t room)
{
    char path[4096];
    snprintf(path, sizeof path, "%s/%s", options->folder, name);
    text[0] = '\0';
    FILE *file = fopen(path, "r");
    if (file == NULL)
        return;
    text[fread(text, 1, room - 1, file)] = '\0';
    fclose(file);
}

void process_explain(const struct figures *figures, char *text, size_t room)
{
    if (WIFSIGNALED(figures->wait_status))
        snprintf(text, room, "signal %d", WTERMSIG(figures->wait_status));
    else if (figures->wait_status == 0)
        snprintf(text, room, "the library could not be preloaded");
    else if (WEXITSTATUS(figures->wait_status) == COULD_NOT_START)
        snprintf(text, room, "it could not be started");
    else
        snprintf(text, room, "exit status %d", WEXITSTATUS(figures->wait_status));
}

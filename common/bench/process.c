/* process: see process.h. Read order: process_run, run_child, arguments_of; launch.c. */
#include "common/bench/process.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum {
    MOST_SECONDS = 310, /* for a driver; an alarm ends what takes longer, as it outlives exec */
    REPORT = 3,         /* where launch writes: see launch.c */
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
    arguments[count++] = options->launch;
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

static _Noreturn void run_child(const struct row *row, const struct process_options *options,
                                int report)
{
    const char *arguments[ROW_MOST_ARGUMENTS + 5];
    arguments_of(row, options, arguments);
    if (chdir(options->folder) != 0)
        _exit(COULD_NOT_START);
    connect_to(STDIN_FILENO, row->input == NULL ? "/dev/null" : row->input, O_RDONLY);
    connect_to(STDOUT_FILENO, "stdout", O_WRONLY | O_CREAT | O_TRUNC);
    connect_to(STDERR_FILENO, "stderr", O_WRONLY | O_CREAT | O_TRUNC);
    set_environment(options);
    if (report != REPORT && dup2(report, REPORT) < 0)
        _exit(COULD_NOT_START);
    execv(arguments[0], (char *const *)arguments);
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

/* Read what launch wrote; false where it wrote nothing. */
static bool read_report(int report, struct figures *figures)
{
    char text[256] = {0};
    long user = 0;
    long system = 0;
    long kilobytes = 0;
    long faults = 0;
    if (read(report, text, sizeof text - 1) <= 0 ||
        sscanf(text, "%d %ld %ld %ld %ld", &figures->wait_status, &user, &system, &kilobytes,
               &faults) != 5)
        return false;
    figures->cpu_seconds = (double)(user + system) / 1e6;
    figures->memory_bytes = (size_t)kilobytes * 1024;
    figures->page_faults = (size_t)faults;
    return true;
}

/* Start launch with the row's program; returns where its report can be read, or -1. */
static int start_program(const struct row *row, const struct process_options *options,
                         pid_t *launch)
{
    int ends[2];
    fflush(NULL);
    if (pipe2(ends, O_CLOEXEC) != 0)
        return -1;
    *launch = fork();
    if (*launch == 0)
        run_child(row, options, ends[1]);
    close(ends[1]);
    return ends[0];
}

struct figures process_run(const struct row *row, const struct process_options *options)
{
    struct figures figures = {.wait_status = COULD_NOT_START << 8};
    pid_t launch = -1;
    int report = start_program(row, options, &launch);
    if (report < 0 || launch < 0)
        return figures;
    pid_t driver = start_driver(row, options->folder);
    if (read_report(report, &figures))
        figures.ended_well = figures.wait_status == 0 && was_preloaded(options);
    close(report);
    waitpid(launch, NULL, 0);
    end_driver(driver, figures.ended_well);
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

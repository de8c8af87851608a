/* measure: see measure.h. Read order: measure_pairs, count_instructions, run. */
#include "common/bench/guard/measure.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/personality.h>
#include <sys/wait.h>
#include <unistd.h>

enum { MOST_SECONDS = 120, PATH_BYTES = 4096 };

/* --- Running a program --- */

static _Noreturn void run_child(const struct measure_options *options, char *const *arguments,
                                const char *output)
{
    int file = open(output, O_WRONLY | O_CREAT | O_TRUNC, 0644);
    (void)personality(ADDR_NO_RANDOMIZE);
    alarm(MOST_SECONDS);
    setenv("LD_PRELOAD", options->library, 1);
    unsetenv("MEMPOOL_CHECK");
    unsetenv("MEMPOOL_STATS");
    if (file >= 0 && dup2(file, STDOUT_FILENO) >= 0)
        execvp(arguments[0], arguments);
    perror(arguments[0]);
    _exit(EXIT_FAILURE);
}

static bool run(const struct measure_options *options, char *const *arguments, const char *output)
{
    int status = 0;
    fflush(NULL);
    pid_t child = fork();
    if (child == 0)
        run_child(options, arguments, output);
    if (child > 0 && waitpid(child, &status, 0) == child && status == 0)
        return true;
    fprintf(stderr, "guard: %s %s ended with wait status %d\n", arguments[0], arguments[1], status);
    return false;
}

/* --- Instructions --- */

/* The number of callgrind's line "totals: N"; 0 where there is none. */
static double read_total(const char *path)
{
    char line[1024];
    double total = 0;
    FILE *file = fopen(path, "r");
    while (file != NULL && fgets(line, sizeof line, file) != NULL)
        if (strncmp(line, "totals: ", 8) == 0)
            total = strtod(line + 8, NULL);
    if (file != NULL)
        fclose(file);
    return total;
}

/* Valgrind would put its own malloc in our place unless told not to. */
static double count_instructions(const struct measure_options *options, const char *program,
                                 const char *first, const char *second)
{
    char counts[PATH_BYTES];
    char option[PATH_BYTES + 32];
    snprintf(counts, sizeof counts, "%s/callgrind.out", options->folder);
    snprintf(option, sizeof option, "--callgrind-out-file=%s", counts);
    char *arguments[] = {"valgrind",
                         "-q",
                         "--tool=callgrind",
                         "--soname-synonyms=somalloc=nouserintercepts",
                         option,
                         (char *)program,
                         (char *)first,
                         (char *)second,
                         NULL};
    return run(options, arguments, "/dev/null") ? read_total(counts) : 0;
}

static bool add_difference(struct figures *figures, const char *part, double few, double many,
                           double work)
{
    if (few == 0 || many <= few)
        return false;
    double hundredths = (double)(long)(100 * (many - few) / work + 0.5);
    figures_add(figures, part, "instructions", hundredths / 100);
    return true;
}

bool measure_pairs(const struct measure_options *options, struct figures *figures)
{
    static const char *const sizes[] = {"16", "64", "1000", "65536"};
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        char part[16];
        snprintf(part, sizeof part, "pair-%s", sizes[i]);
        double few = count_instructions(options, options->pairs, "1000", sizes[i]);
        double many = count_instructions(options, options->pairs, "101000", sizes[i]);
        if (!add_difference(figures, part, few, many, 100000))
            return false;
    }
    return true;
}

/* 400,000 steps are 100%: see traces.c. */
bool measure_mixed_trace(const struct measure_options *options, struct figures *figures)
{
    double few = count_instructions(options, options->traces, "mixed", "10");
    double many = count_instructions(options, options->traces, "mixed", "60");
    return add_difference(figures, "mixed", few, many, 200000);
}

/* --- Calls and memory --- */

static void read_figures(const char *path, const char *part, struct figures *figures)
{
    char name[FIGURE_NAME_BYTES / 2];
    double value = 0;
    FILE *file = fopen(path, "r");
    while (file != NULL && fscanf(file, "%23s %lf", name, &value) == 2)
        figures_add(figures, part, name, value);
    if (file != NULL)
        fclose(file);
}

bool measure_traces(const struct measure_options *options, struct figures *figures)
{
    static const char *const names[] = {"mixed", "hand-over", "grow", "large", "many"};
    char output[PATH_BYTES];
    snprintf(output, sizeof output, "%s/trace.out", options->folder);
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        char *arguments[] = {(char *)options->traces, (char *)names[i], NULL};
        if (!run(options, arguments, output))
            return false;
        read_figures(output, names[i], figures);
    }
    return true;
}

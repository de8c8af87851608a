/* child: see child.h. */
#include "common/bench/guard/child.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/personality.h>
#include <sys/wait.h>
#include <unistd.h>

enum { MOST_SECONDS = 120 };

static _Noreturn void become(const char *library, char *const *arguments, const char *output)
{
    int file = open(output, O_WRONLY | O_CREAT | O_TRUNC, 0644);
    (void)personality(ADDR_NO_RANDOMIZE);
    alarm(MOST_SECONDS);
    setenv("LD_PRELOAD", library, 1);
    unsetenv("MEMPOOL_CHECK");
    unsetenv("MEMPOOL_STATS");
    if (file >= 0 && dup2(file, STDOUT_FILENO) >= 0)
        execvp(arguments[0], arguments);
    perror(arguments[0]);
    _exit(EXIT_FAILURE);
}

bool child_run(const char *library, char *const *arguments, const char *output)
{
    int status = 0;
    fflush(NULL);
    pid_t child = fork();
    if (child == 0)
        become(library, arguments, output);
    if (child > 0 && waitpid(child, &status, 0) == child && status == 0)
        return true;
    fputs("could not measure:", stderr);
    for (size_t i = 0; arguments[i] != NULL; i++)
        fprintf(stderr, " %s", arguments[i]);
    fprintf(stderr, ": wait status %d\n", status);
    return false;
}

/* The number of callgrind's line "totals: N", the last where there are several; 0 where none. */
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
double child_count_instructions(const char *library, const char *const *options,
                                const char *const *arguments, const char *folder)
{
    char counts[CHILD_PATH_BYTES];
    char out_file[CHILD_PATH_BYTES + 32];
    const char *all[CHILD_MOST_ARGUMENTS + 1] = {"valgrind", "-q", "--tool=callgrind",
                                                 "--soname-synonyms=somalloc=nouserintercepts",
                                                 out_file};
    size_t count = 5;
    snprintf(counts, sizeof counts, "%s/callgrind.out", folder);
    snprintf(out_file, sizeof out_file, "--callgrind-out-file=%s", counts);
    while (*options != NULL && count < CHILD_MOST_ARGUMENTS)
        all[count++] = *options++;
    while (*arguments != NULL && count < CHILD_MOST_ARGUMENTS)
        all[count++] = *arguments++;
    (void)unlink(counts);
    return child_run(library, (char *const *)all, "/dev/null") ? read_total(counts) : 0;
}

void child_read_figures(const char *path, const char *part, struct figures *figures)
{
    char name[FIGURE_NAME_BYTES / 2];
    double value = 0;
    FILE *file = fopen(path, "r");
    while (file != NULL && fscanf(file, "%23s %lf", name, &value) == 2)
        figures_add(figures, part, name, value);
    if (file != NULL)
        fclose(file);
}

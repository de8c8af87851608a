/* sample: runs two programs on every allocator and notes their resident memory every ten milliseconds.
 *
 *   sample LIBRARY WORKLOADS FILE      our library, the folder of the workloads, where the JSON goes
 *
 *   {"idle": {"mempool": [[seconds, MiB], …], "glibc": …}, "fragment": …} */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "common/bench/allocators.h"

enum { EVERY_MS = 10, MOST_SECONDS = 60, MIB = 1 << 20 };

static double now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

/* The second number of statm is the resident pages; 0 where the process has ended. */
static double resident_mib(pid_t process)
{
    char path[64];
    unsigned long mapped = 0;
    unsigned long resident = 0;
    snprintf(path, sizeof path, "/proc/%ld/statm", (long)process);
    FILE *statm = fopen(path, "r");
    if (statm == NULL)
        return 0;
    if (fscanf(statm, "%lu %lu", &mapped, &resident) != 2)
        resident = 0;
    fclose(statm);
    return (double)resident * (double)sysconf(_SC_PAGESIZE) / MIB;
}

static _Noreturn void become(const char *program, const char *library)
{
    int nowhere = open("/dev/null", O_WRONLY);
    alarm(MOST_SECONDS);
    setenv("LD_PRELOAD", library, 1);
    if (nowhere >= 0 && dup2(nowhere, STDOUT_FILENO) >= 0)
        execl(program, program, (char *)NULL);
    perror(program);
    _exit(EXIT_FAILURE);
}

/* Write its points; returns whether it ended well. */
static bool sample(FILE *file, const char *program, const char *library)
{
    const struct timespec pause = {.tv_nsec = EVERY_MS * 1000 * 1000};
    int status = 0;
    double start = now();
    fflush(NULL);
    pid_t child = fork();
    if (child == 0)
        become(program, library);
    putc('[', file);
    for (size_t i = 0; child > 0 && waitpid(child, &status, WNOHANG) == 0;) {
        double resident = resident_mib(child);
        if (resident > 0.5) /* else it is about to end */
            fprintf(file, "%s[%.3f, %.2f]", i++ == 0 ? "" : ", ", now() - start, resident);
        nanosleep(&pause, NULL);
    }
    putc(']', file);
    return child > 0 && status == 0;
}

static bool sample_all(FILE *file, const char *folder, const char *workload,
                       const struct allocators *allocators)
{
    bool all_ended_well = true;
    char program[4096];
    snprintf(program, sizeof program, "%s/%s", folder, workload);
    fprintf(file, "\"%s\": {", workload);
    for (size_t i = 0; i < allocators->count; i++) {
        fprintf(file, "%s\n  \"%s\": ", i == 0 ? "" : ",", allocators->list[i].name);
        all_ended_well &= sample(file, program, allocators->list[i].library);
    }
    fputs("}", file);
    return all_ended_well;
}

int main(int count, char **arguments)
{
    static struct allocators allocators;
    if (count != 4 || !allocators_find(&allocators, arguments[1]))
        return 2;
    FILE *file = fopen(arguments[3], "w");
    if (file == NULL) {
        perror(arguments[3]);
        return EXIT_FAILURE;
    }
    putc('{', file);
    bool all_ended_well = sample_all(file, arguments[2], "idle", &allocators);
    fputs(",\n", file);
    all_ended_well &= sample_all(file, arguments[2], "fragment", &allocators);
    fputs("}\n", file);
    return fclose(file) == 0 && all_ended_well ? EXIT_SUCCESS : EXIT_FAILURE;
}

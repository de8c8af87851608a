/* purge small|large|waves: a steady load, and how much of its CPU time goes to giving memory back.
 * make bench-scale runs it.
 *
 *   small   16 bytes to 4 KiB, replaced at random among 50,000
 *   large   256 KiB to 8 MiB, replaced at random among 20; each page written to
 *   waves   48 MiB of 16 to 512 bytes taken and freed, again and again
 *
 * This program has a madvise and a munmap of its own, which the library finds before the C library's:
 * they do what those do and add up the CPU time. Prints "name value" lines: CPU seconds in all and in
 * these calls, how many calls, and page faults, part of which come from pages that were given back. */
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "common/bench/workload.h"

enum { MOST_SLOTS = 300000, KIB = 1024, MIB = 1024 * KIB, PAGE = 4096 };

static struct {
    double seconds;
    size_t calls;
} given_back; /* one thread */

static double cpu_seconds(void)
{
    struct timespec time;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
    return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

static void note(double start)
{
    given_back.seconds += cpu_seconds() - start;
    given_back.calls++;
}

int madvise(void *start, size_t bytes, int advice)
{
    double before = cpu_seconds();
    long result = syscall(SYS_madvise, start, bytes, advice);
    note(before);
    return (int)result;
}

int munmap(void *start, size_t bytes)
{
    double before = cpu_seconds();
    long result = syscall(SYS_munmap, start, bytes);
    note(before);
    return (int)result;
}

/* --- The loads --- */

static void *slots[MOST_SLOTS];

static void *take_pages(size_t bytes)
{
    char *object = malloc(bytes);
    if (object == NULL)
        exit(EXIT_FAILURE);
    for (size_t i = 0; i < bytes; i += PAGE)
        object[i] = 1;
    return object;
}

static void replace_at_random(size_t count, size_t steps, size_t least, size_t most)
{
    struct random random = random_start(1);
    for (size_t i = 0; i < steps; i++) {
        void **slot = &slots[random_below(&random, count)];
        free(*slot);
        *slot = take_pages(random_size(&random, least, most));
    }
}

static void waves(size_t count, size_t times)
{
    struct random random = random_start(1);
    for (size_t time = 0; time < times; time++) {
        for (size_t i = 0; i < count; i++)
            slots[i] = take(random_size(&random, 16, 512));
        for (size_t i = 0; i < count; i++)
            free(slots[i]);
    }
}

int main(int count, char **arguments)
{
    const char *load = count == 2 ? arguments[1] : "";
    if (strcmp(load, "small") == 0)
        replace_at_random(50000, 5000000, 16, 4 * KIB);
    else if (strcmp(load, "large") == 0)
        replace_at_random(20, 1000, 256 * KIB, 8 * MIB);
    else if (strcmp(load, "waves") == 0)
        waves(MOST_SLOTS, 15);
    else
        workload_usage("small|large|waves");
    struct rusage usage = {0};
    getrusage(RUSAGE_SELF, &usage);
    printf("seconds %.6f\ngiving_back_seconds %.6f\n", cpu_seconds(), given_back.seconds);
    printf("giving_back_calls %zu\npage_faults %ld\n", given_back.calls, usage.ru_minflt);
    return EXIT_SUCCESS;
}

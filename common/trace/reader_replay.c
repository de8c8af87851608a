/* trace-reader replay: the same calls by the same number of threads, on any allocator. A call on an object
 * that another thread takes waits until that one has taken it; nothing else is kept of the order.
 *
 * Each allocator gets a process of its own, this program again with the library preloaded. */
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "common/trace/reader.h"
#include "common/trace/replay_calls.h"

enum { LEAST_CALLS = 1000 * 1000 }; /* made in all: short traces are repeated */

static struct replay_calls calls;

static void *take(uint32_t place)
{
    void *object = NULL;
    while ((object = __atomic_exchange_n(&calls.places[place], NULL, __ATOMIC_ACQUIRE)) == NULL)
        sched_yield();
    return object;
}

static void keep(uint32_t place, void *object)
{
    if (object == NULL)
        trace_die("the allocator has no memory left");
    *(volatile char *)object = 1; /* a program writes to what it takes */
    __atomic_store_n(&calls.places[place], object, __ATOMIC_RELEASE);
}

static size_t at_least_one(uint64_t bytes)
{
    return bytes == 0 ? 1 : bytes;
}

static void *aligned(const struct replay_call *call)
{
    void *object = NULL;
    size_t alignment = call->alignment < sizeof(void *) ? sizeof(void *) : call->alignment;
    return posix_memalign(&object, alignment, at_least_one(call->bytes)) == 0 ? object : NULL;
}

static void make_call(const struct replay_call *call)
{
    size_t bytes = at_least_one(call->bytes);
    switch (call->call) {
    case TRACE_ALLOC:
        keep(call->place, malloc(bytes));
        break;
    case TRACE_CALLOC:
        keep(call->place, calloc(1, bytes));
        break;
    case TRACE_ALIGNED_ALLOC:
        keep(call->place, aligned(call));
        break;
    case TRACE_RESIZE:
        keep(call->place, realloc(take(call->old_place), bytes));
        break;
    default:
        free(take(call->place));
    }
}

static void *run_thread(void *argument)
{
    const struct replay_thread *thread = argument;
    for (size_t i = 0; i < thread->count; i++)
        make_call(&thread->calls[i]);
    return NULL;
}

static void run_round(void)
{
    pthread_t threads[MOST_REPLAY_THREADS] = {0};
    for (size_t i = 1; i < calls.thread_count; i++)
        if (pthread_create(&threads[i], NULL, run_thread, &calls.threads[i]) != 0)
            trace_die("cannot start %zu threads", calls.thread_count);
    run_thread(&calls.threads[0]);
    for (size_t i = 1; i < calls.thread_count; i++)
        pthread_join(threads[i], NULL);
    for (size_t i = 0; i < calls.place_count; i++)
        if (calls.places[i] != NULL)
            free(take((uint32_t)i));
}

static double cpu_seconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static int run_here(const struct trace_file *trace, const char *name)
{
    replay_calls_read(&calls, trace);
    if (calls.call_count == 0)
        trace_die("the trace has no call of a program to replay: it is of a stage below");
    size_t rounds = (LEAST_CALLS + calls.call_count - 1) / calls.call_count;
    struct rusage usage;
    double start = cpu_seconds();
    for (size_t round = 0; round < rounds; round++)
        run_round();
    double seconds = cpu_seconds() - start;
    getrusage(RUSAGE_SELF, &usage);
    printf("%-40.40s %10.1f %10.1f\n", name,
           seconds * 1e9 / (double)(rounds * (calls.call_count + 1)),
           (double)usage.ru_maxrss / 1024);
    return 0;
}

static bool run_apart(const char *path, const char *library)
{
    fflush(stdout);
    pid_t child = fork();
    if (child == 0) {
        if (library != NULL)
            setenv("LD_PRELOAD", library, 1);
        const char *name = library == NULL ? "glibc" : library;
        execl("/proc/self/exe", "trace-reader", "replay", path, "--here", name, (char *)NULL);
        _exit(127);
    }
    int status = 1;
    return child > 0 && waitpid(child, &status, 0) == child && status == 0;
}

int reader_replay(const struct trace_file *trace, const char *path, char *const *libraries)
{
    if (libraries[0] != NULL && strcmp(libraries[0], "--here") == 0)
        return run_here(trace, libraries[1] == NULL ? "here" : libraries[1]);
    printf("%-40s %10s %10s\n", "allocator", "ns a call", "peak MiB");
    bool done = run_apart(path, NULL);
    for (; *libraries != NULL; libraries++)
        done = run_apart(path, *libraries) && done;
    return !done;
}

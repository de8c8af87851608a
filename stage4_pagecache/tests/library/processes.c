/* processes: what a process does besides calling malloc: it starts before main and ends after it, is interrupted by
 * signals, and makes others by vfork, clone and posix_spawn. Run with LD_PRELOAD.
 *
 * On signals: malloc is not among the functions that a handler may call (signal-safety(7)), since the
 * handler may have interrupted malloc itself. This library is no exception: such a call may wait for ever,
 * or meet lists in the middle of a change. A handler may call malloc where the program sees to it that no
 * malloc was interrupted: raise(), sigsuspend(), a thread that only waits. And a handler that does what
 * handlers may do (write, sem_post, _Fork and exec) may interrupt malloc anywhere. */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <semaphore.h>
#include <signal.h>
#include <spawn.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#include "expect.h"

enum { CHILDREN = 100, TICKS = 300, STACK_BYTES = 64 * 1024 };

/* --- Before main, and after it --- */

static char *before_everything;
static char *in_constructor;

static void start_before_everything(void)
{
    before_everything = strdup("before any constructor");
}
__attribute__((section(".preinit_array"),
               used)) static void (*preinit)(void) = start_before_everything;

__attribute__((constructor(101))) static void start(void)
{
    in_constructor = calloc(1, 500000);
    strcpy(in_constructor, "constructed");
}

__attribute__((destructor(101))) static void end(void)
{
    free(realloc(in_constructor, 1000));
    in_constructor = NULL;
    free(malloc(300000));
}

static void allocate_at_exit(void)
{
    for (size_t i = 0; i < 1000; i++)
        free(malloc(i * 50));
    free(before_everything);
    before_everything = NULL;
}

static void check_before_main(void)
{
    atexit(allocate_at_exit);
    expect(strcmp(before_everything, "before any constructor") == 0 &&
               strcmp(in_constructor, "constructed") == 0,
           "what was allocated before main is there");
}

/* --- Work that is disturbed --- */

static atomic_bool stop;

static size_t work_for_a_while(size_t rounds)
{
    size_t wrong = 0;
    for (size_t i = 0; i < rounds; i++) {
        size_t bytes = i * 997 % 70000 + 1;
        char *object = malloc(bytes);
        memset(object, (int)i, bytes < 100 ? bytes : 100);
        object = realloc(object, bytes * 2);
        wrong += object[0] != (char)i;
        free(object);
    }
    return wrong;
}

static void *work_until_stopped(void *unused)
{
    while (!atomic_load(&stop))
        work_for_a_while(100);
    return unused;
}

/* --- Signals --- */

static atomic_uint ticks;
static atomic_uint failed_forks;
static sem_t posted;
static int pipe_ends[2];

static void tick(int signal_number)
{
    int saved_errno = errno;
    char byte = (char)signal_number;
    (void)!write(pipe_ends[1], &byte, 1);
    sem_post(&posted);
    if (ticks++ % 10 == 0) {
        pid_t child = _Fork();
        if (child == 0) {
            execl("/bin/true", "true", (char *)NULL);
            _exit(1);
        }
        int status = 1;
        if (child < 0 || waitpid(child, &status, 0) != child || status != 0)
            failed_forks++;
    }
    errno = saved_errno;
}

static void check_interrupted_malloc(void)
{
    struct itimerval often = {.it_interval = {.tv_usec = 300}, .it_value = {.tv_usec = 300}};
    struct itimerval never = {0};
    struct sigaction action = {.sa_handler = tick, .sa_flags = SA_RESTART};
    sem_init(&posted, 0, 0);
    if (pipe2(pipe_ends, O_NONBLOCK) != 0)
        expect(false, "a pipe can be had");
    sigaction(SIGPROF, &action, NULL);
    setitimer(ITIMER_PROF, &often, NULL);
    size_t wrong = 0;
    while (atomic_load(&ticks) < TICKS)
        wrong += work_for_a_while(100);
    setitimer(ITIMER_PROF, &never, NULL);
    expect(wrong == 0 && failed_forks == 0,
           "a handler that interrupts malloc may write, post, _Fork and exec");
}

static void allocate_in_handler(int signal_number)
{
    free(strdup("nothing was interrupted"));
    ticks = (unsigned)work_for_a_while((size_t)signal_number * 10);
}

static void check_raised_signal(void)
{
    ticks = 1;
    signal(SIGUSR1, allocate_in_handler);
    raise(SIGUSR1);
    expect(ticks == 0, "a handler may allocate where no malloc was interrupted");
}

/* --- Processes --- */

static bool ended_well(pid_t child)
{
    int status = 1;
    return child > 0 && waitpid(child, &status, 0) == child && status == 0;
}

/* The child has our memory, and may do nothing but exec. */
__attribute__((noinline)) static bool vfork_works(const char *argument)
{
    pid_t child = vfork();
    if (child == 0) {
        execl("/bin/true", argument, (char *)NULL);
        _exit(1);
    }
    return ended_well(child);
}

static void check_vfork(void)
{
    size_t good = 0;
    for (size_t i = 0; i < CHILDREN; i++) {
        char *argument = strdup("true");
        good += vfork_works(argument);
        free(argument);
    }
    expect(good == CHILDREN, "vfork and exec, while threads allocate");
}

static void check_spawn(void)
{
    extern char **environ;
    char *arguments[] = {"sh", "-c", "exit 0", NULL};
    size_t good = 0;
    for (size_t i = 0; i < CHILDREN; i++) {
        pid_t child = -1;
        posix_spawn_file_actions_t actions;
        posix_spawn_file_actions_init(&actions);
        posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", 0, 0);
        if (posix_spawn(&child, "/bin/sh", &actions, NULL, arguments, environ) == 0)
            good += ended_well(child);
        posix_spawn_file_actions_destroy(&actions);
    }
    expect(good == CHILDREN, "posix_spawn, while threads allocate");
}

static int live_as_clone(void *argument)
{
    return work_for_a_while(*(size_t *)argument) == 0 ? 0 : 1;
}

static int become_another(void *argument)
{
    execl("/bin/true", argument, (char *)NULL);
    return 1;
}

/* clone with its own memory is a fork that calls no handlers: sound only while no other thread is in
 * malloc. With shared memory it has the thread-local data of its parent, and so may not allocate while
 * the parent runs; with CLONE_VFORK the parent waits. */
static void check_clone(void)
{
    char *stack = malloc(STACK_BYTES);
    size_t rounds = 1000;
    size_t good = 0;
    for (size_t i = 0; i < CHILDREN / 4; i++) {
        good += ended_well(clone(live_as_clone, stack + STACK_BYTES, SIGCHLD, &rounds));
        good += ended_well(
            clone(become_another, stack + STACK_BYTES, CLONE_VM | CLONE_VFORK | SIGCHLD, "true"));
    }
    free(stack);
    expect(good == CHILDREN / 4 * 2, "clone with its own memory, and with ours until exec");
}

int main(void)
{
    alarm(300); /* a deadlock ends */
    check_before_main();
    check_raised_signal();
    check_clone();
    check_interrupted_malloc();
    pthread_t workers[2];
    for (size_t i = 0; i < 2; i++)
        pthread_create(&workers[i], NULL, work_until_stopped, NULL);
    check_vfork();
    check_spawn();
    atomic_store(&stop, true);
    for (size_t i = 0; i < 2; i++)
        pthread_join(workers[i], NULL);
    return 0;
}

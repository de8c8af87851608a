/* fork_storm [COUNT]: 500 forks of a process whose other threads keep the locks of all layers busy. Each child allocates
 * and frees, starts a thread, and ends, forks again or becomes another program. Run with LD_PRELOAD.
 *
 * Linked with fork_handlers.so, whose own fork handlers allocate: its constructor, like that of any
 * library of the program, would run before that of a preloaded one. */
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "expect.h"

enum { USUAL_FORKS = 500, WORKERS = 3, LARGE_BYTES = 600000 };

unsigned fork_handlers_called(void); /* of fork_handlers.so */

static atomic_bool stop;

/* Sizes of which a thread caches one object or two: nearly every call takes the lock of one of a few
 * classes. */
static size_t busy_bytes(size_t i)
{
    return 35000 + i * 997 % 30000;
}

static void *work_until_stopped(void *argument)
{
    char *objects[100] = {0};
    for (size_t i = (size_t)argument; !atomic_load(&stop); i++) {
        size_t place = i * 31 % 100;
        free(objects[place]);
        objects[place] = malloc(i % 50 == 0 ? LARGE_BYTES : busy_bytes(i));
        objects[place][0] = 1;
        if (i % 2000 == 0)
            usleep(100);
    }
    for (size_t i = 0; i < 100; i++)
        free(objects[i]);
    return NULL;
}

static void *work_in_thread_of_child(void *argument)
{
    memset(argument, 1, 5000);
    free(argument);
    return malloc(100);
}

/* A child of the child: its parent had one thread, or none but its own. */
static void fork_again(void)
{
    int status = 1;
    pid_t child = fork();
    if (child == 0) {
        free(malloc(100000));
        _exit(0);
    }
    if (child < 0 || waitpid(child, &status, 0) != child || status != 0)
        _exit(3);
}

_Noreturn static void live_as_child(int number)
{
    alarm(20); /* waits for a lock that nobody will release */
    for (size_t bytes = 1; bytes < 2000000; bytes = bytes * 3 + 1) {
        char *object = calloc(1, bytes);
        if (object == NULL)
            _exit(1);
        object = realloc(object, bytes * 2);
        free(object);
    }
    for (size_t i = 0; i < 60; i++)
        free(malloc(busy_bytes(i)));
    pthread_t thread;
    void *result = NULL;
    if (pthread_create(&thread, NULL, work_in_thread_of_child, malloc(5000)) != 0)
        _exit(2);
    pthread_join(thread, &result);
    free(result);
    if (number % 3 == 0)
        fork_again();
    if (number % 4 == 0)
        execl("/bin/true", "true", (char *)NULL);
    _exit(0);
}

int main(int count, char **arguments)
{
    alarm(600); /* a deadlock ends */
    pthread_t workers[WORKERS];
    for (size_t i = 0; i < WORKERS; i++)
        pthread_create(&workers[i], NULL, work_until_stopped, (void *)(i * 1000));
    int forks = count == 2 ? atoi(arguments[1]) : USUAL_FORKS;
    size_t failed = 0;
    for (int i = 0; i < forks && failed == 0; i++) {
        pid_t child = fork();
        if (child == 0)
            live_as_child(i);
        int status = 0;
        failed += child < 0 || waitpid(child, &status, 0) != child || status != 0;
    }
    atomic_store(&stop, true);
    for (size_t i = 0; i < WORKERS; i++)
        pthread_join(workers[i], NULL);
    expect(failed == 0, "children of a busy process allocate, start threads, exec");
    expect(fork_handlers_called() >= 2 * (unsigned)forks,
           "and fork handlers of other libraries may allocate");
    return 0;
}

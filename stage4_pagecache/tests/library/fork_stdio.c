/* fork_stdio: forks while one thread waits in getline, which holds its FILE and will need memory, and another in
 * fflush(NULL), which holds the list of all FILEs and waits for that one. fork waits for the list; it must not
 * hold the pool meanwhile. Run with LD_PRELOAD. */
#include <pthread.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "expect.h"

enum { LINE_BYTES = 100001, SETTLED_US = 300000 };

static void *read_line(void *pipe)
{
    char *line = NULL;
    size_t room = 0;
    ssize_t bytes = getline(&line, &room, pipe);
    free(line);
    return (void *)bytes;
}

static void *flush_all(void *unused)
{
    fflush(NULL);
    return unused;
}

int main(void)
{
    alarm(60); /* a deadlock ends */
    pthread_t reader;
    pthread_t flusher;
    void *bytes = NULL;
    FILE *pipe = popen("sleep 2; printf '%100000s\\n' x", "r"); /* does not fork as fork() does */
    if (pipe == NULL)
        return 2;
    pthread_create(&reader, NULL, read_line, pipe);
    usleep(SETTLED_US);
    pthread_create(&flusher, NULL, flush_all, NULL);
    usleep(SETTLED_US);
    int status = 1;
    pid_t child = fork();
    if (child == 0) {
        puts("ok   the child of a fork beside getline and fflush uses stdio");
        exit(0);
    }
    waitpid(child, &status, 0);
    pthread_join(reader, &bytes);
    pthread_join(flusher, NULL);
    expect(status == 0 && (size_t)bytes == LINE_BYTES, "and its parent goes on");
    return 0;
}

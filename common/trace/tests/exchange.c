/* A program for the recorder's tests: threads that hand objects to each other, resize them, take large
 * ones and zeroed ones, and a child that is forked meanwhile and works on. */
#include <pthread.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { THREADS = 4, PLACES = 64, TURNS = 3000 };

static _Atomic(void *) places[PLACES];

static uint64_t next_random(uint64_t *state)
{
    *state = *state * 6364136223846793005u + 1442695040888963407u;
    return *state >> 33;
}

static size_t some_size(uint64_t *state)
{
    uint64_t kind = next_random(state) % 100;
    return next_random(state) % (kind < 80 ? 200 : kind < 98 ? 40000 : 700000) + 1;
}

static void *one_object(uint64_t *state, void *old)
{
    size_t bytes = some_size(state);
    switch (next_random(state) % 6) {
    case 0:
        return realloc(old, bytes);
    case 1:
        free(old);
        return calloc(1, bytes);
    case 2:
        free(old);
        return aligned_alloc(64, (bytes + 63) / 64 * 64);
    case 3:
        free(old);
        return NULL;
    default:
        free(old);
        return malloc(bytes);
    }
}

static void *work(void *argument)
{
    uint64_t state = (uintptr_t)argument;
    for (int turn = 0; turn < TURNS; turn++) {
        void *old = atomic_exchange(&places[next_random(&state) % PLACES], NULL);
        void *object = one_object(&state, old);
        if (object != NULL)
            memset(object, 1, 1);
        free(atomic_exchange(&places[next_random(&state) % PLACES], object));
    }
    return NULL;
}

int main(void)
{
    pthread_t threads[THREADS];
    for (uintptr_t i = 0; i < THREADS; i++)
        if (pthread_create(&threads[i], NULL, work, (void *)(i + 1)) != 0)
            return 1;
    pid_t child = fork();
    if (child == 0) {
        work((void *)99);
        _exit(0);
    }
    for (int i = 0; i < THREADS; i++)
        pthread_join(threads[i], NULL);
    int status = 1;
    if (waitpid(child, &status, 0) != child || status != 0)
        return 1;
    for (int i = 0; i < PLACES; i++)
        free(places[i]);
    puts("done");
    return 0;
}

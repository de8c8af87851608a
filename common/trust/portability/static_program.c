/* A program for C libraries other than glibc: linked statically with the archive, it allocates by every name that C has,
 * and in a child of fork. MEMPOOL_CHECK=1 in its environment must be seen: it does what only that notices. */
#include <errno.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "stage4_pagecache/mempool.h"

static void *(*volatile take)(size_t) = malloc;
static void (*volatile give)(void *) = free;

static void *work(void *unused)
{
    void *objects[200] = {0};
    for (size_t i = 0; i < 50000; i++) {
        give(objects[i % 200]);
        objects[i % 200] = take(i * 13 % 5000);
    }
    for (size_t i = 0; i < 200; i++)
        give(objects[i]);
    return unused;
}

static int fail(const char *what)
{
    printf("FAIL %s\n", what);
    return 1;
}

/* Seen only in the thorough mode: the object is freed twice with others between. */
static void misuse(void)
{
    void *objects[3] = {take(100), take(100), take(100)};
    give(objects[0]);
    give(objects[1]);
    give(objects[0]);
}

int main(int count, char **arguments)
{
    pthread_t threads[4];
    int status = 1;
    char *copy = strdup("a string of the C library's");
    if (mempool_usable_size(copy) < 28)
        return fail("the C library allocates by another malloc");
    if (count == 2 && strcmp(arguments[1], "misuse") == 0)
        misuse();
    copy = realloc(copy, 1000000);
    void *aligned = aligned_alloc(4096, 10000);
    if (copy == NULL || strcmp(copy, "a string of the C library's") != 0 ||
        (uintptr_t)aligned % 4096 != 0)
        return fail("realloc or aligned_alloc");
    give(copy);
    give(aligned);
    for (size_t i = 0; i < 4; i++)
        pthread_create(&threads[i], NULL, work, NULL);
    pid_t child = fork();
    if (child == 0) {
        work(NULL);
        _exit(0);
    }
    for (size_t i = 0; i < 4; i++)
        pthread_join(threads[i], NULL);
    if (child < 0 || waitpid(child, &status, 0) != child || status != 0)
        return fail("a child of fork");
    if (mempool_check() != 0)
        return fail("an invariant is broken");
    return 0;
}

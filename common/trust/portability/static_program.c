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

static int c_library_allocates_here(void)
{
    char *copy = strdup("a string of the C library's");
    int good = mempool_usable_size(copy) >= 28;
    give(copy);
    return good;
}

static int resize_and_align_work(void)
{
    char *contents = strdup("contents");
    char *moved = realloc(contents, 1000000);
    char *aligned = aligned_alloc(4096, 12288);
    int good = moved != NULL && strcmp(moved, "contents") == 0 && aligned != NULL &&
               (uintptr_t)aligned % 4096 == 0;
    give(moved != NULL ? moved : contents);
    give(aligned);
    return good; // cppcheck-suppress memleak ; give() frees
}

int main(int count, char **arguments)
{
    pthread_t threads[4];
    int status = 1;
    if (count == 2 && strcmp(arguments[1], "misuse") == 0)
        misuse();
    if (!c_library_allocates_here())
        return fail("the C library allocates by another malloc");
    if (!resize_and_align_work())
        return fail("realloc or aligned_alloc");
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

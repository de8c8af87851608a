/* attacks PROGRAM LIBRARY: plays each attack on the heap under each allocator, and prints what came of it, as a table that
 * stage4_pagecache/README.md has under "Heap attacks".
 *
 *   stopped    the allocator ended the program with a word, in the attack itself
 *   later      the same, but only when memory was used further
 *   crash      the program was killed by its own access: no word, but no going on either
 *   -          it went on as if nothing had happened
 *   taken      it went on, and malloc handed out the address of the attacker's choice
 *   n/a        there is no such function
 *
 * Where a list of free objects is damaged, chance has a say in how it ends: a promise may name two.
 *
 * What is expected of our own library is in the table of rows: where it does otherwise, the last line
 * counts it and the status is 1. What others do is shown, and nobody's fault. */
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "common/trust/attacks/child.h"

enum { OURS = 0, OURS_CHECKING = 1, ALLOCATORS = 8, NOT_TO_BE_HAD = 77 };

#define LIBRARY_FOLDER "/usr/lib/x86_64-linux-gnu/"

/* The first two are our own; their library is named on the command line. */
static struct allocator {
    const char *name;
    const char *library; /* NULL: none is preloaded */
    const char *setting; /* one more variable, or NULL */
} allocators[ALLOCATORS] = {
    {"pool", NULL, NULL},
    {"+CHECK", NULL, "MEMPOOL_CHECK=1"},
    {"glibc", NULL, NULL},
    {"+check", "libc_malloc_debug.so.0", "GLIBC_TUNABLES=glibc.malloc.check=3"},
    {"jemalloc", LIBRARY_FOLDER "libjemalloc.so.2", NULL},
    {"tcmalloc", LIBRARY_FOLDER "libtcmalloc_minimal.so.4", NULL},
    {"+debug", LIBRARY_FOLDER "libtcmalloc_minimal_debug.so.4", NULL},
    {"mimalloc", LIBRARY_FOLDER "libmimalloc.so.2.0", NULL},
};

/* What our library does: always, and with MEMPOOL_CHECK=1. */
static const struct row {
    const char *name;
    const char *words;
    const char *ours;
    const char *checking;
} rows[] = {
    {"nothing", "no attack", "-", "-"},
    {"double-free-at-once", "double free, at once", "stopped", "stopped"},
    {"double-free-after-one", "double free, another free between", "crash, later", "stopped"},
    {"double-free-after-many", "double free, 32 others between", "crash, later", "stopped"},
    {"double-free-after-reuse", "double free, handed out again between", "crash, later, -",
     "later, -"},
    {"double-free-in-thread", "double free, by another thread", "crash, later", "stopped"},
    {"double-free-of-large", "double free of 1 MiB", "stopped", "stopped"},
    {"free-interior-small", "free of an address inside, small", "later", "stopped"},
    {"free-interior-large", "free of an address inside, 1 MiB", "stopped", "stopped"},
    {"free-misaligned", "free of a misaligned address", "later", "stopped"},
    {"free-stack", "free of a variable on the stack", "stopped", "stopped"},
    {"free-static", "free of a static variable", "stopped", "stopped"},
    {"free-unmapped", "free of an address not mapped", "stopped", "stopped"},
    {"realloc-of-freed", "realloc of what was freed", "crash, later", "stopped"},
    {"size-that-lies", "free_sized with a wrong size", "stopped", "stopped"},
    {"overflow-by-one", "overflow by 1 byte", "-", "-"},
    {"overflow-into-free", "overflow by 48 bytes, into free memory", "crash, later", "later"},
    {"overflow-into-live", "overflow by 48 bytes, into a live object", "-", "-"},
    {"overflow-of-large", "overflow of 1 MiB by 64 bytes", "-", "-"},
    {"underflow", "underflow by 8 bytes", "-", "-"},
    {"write-after-free", "write after free, in the middle", "-", "later"},
    {"write-to-link", "write after free, first 16 bytes", "crash, later", "later"},
    {"aim-link", "link aimed at the attacker's memory", "crash", "later"},
    {"write-after-free-large", "write after free, 1 MiB", "-", "-"},
    {"write-to-emptied-page", "write into a page with no live object", "-", "later"},
    {"read-after-free", "read after free", "-", "-"},
    {"read-uninitialised", "read of uninitialised memory", "-", "-"},
};

enum { ROWS = sizeof rows / sizeof *rows };

/* --- One attack under one allocator --- */

struct call {
    const char *program;
    const char *attack;
    const struct allocator *under;
};

static void become_attacker(const void *context)
{
    const struct call *call = context;
    int nowhere = open("/dev/null", O_WRONLY);
    dup2(nowhere, STDERR_FILENO);
    clearenv();
    if (call->under->library != NULL)
        setenv("LD_PRELOAD", call->under->library, 1);
    if (call->under->setting != NULL)
        putenv((char *)call->under->setting);
    execl(call->program, call->program, call->attack, (char *)NULL);
    _exit(127);
}

static const char *outcome_of(int status, const char *output)
{
    if (WIFEXITED(status) && WEXITSTATUS(status) == NOT_TO_BE_HAD)
        return "n/a";
    if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
        return strstr(output, "exploited") != NULL ? "taken" : "-";
    if (WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT)
        return strstr(output, "done") == NULL ? "stopped" : "later";
    return WIFSIGNALED(status) ? "crash" : "?";
}

static const char *play(const char *program, const char *attack, const struct allocator *under)
{
    char output[64];
    const struct call call = {program, attack, under};
    int status = child_run(STDOUT_FILENO, become_attacker, &call, output, sizeof output);
    return status < 0 ? "?" : outcome_of(status, output);
}

/* --- The table --- */

static bool is_there(const struct allocator *allocator)
{
    return allocator->library == NULL || strchr(allocator->library, '/') == NULL ||
           access(allocator->library, R_OK) == 0;
}

/* Returns how often our own library did not do what it promises. */
static size_t print_row(const char *program, const struct row *row)
{
    size_t broken = 0;
    printf("| %-40s |", row->words);
    for (size_t i = 0; i < ALLOCATORS; i++) {
        const char *promised = i == OURS ? row->ours : i == OURS_CHECKING ? row->checking : NULL;
        const char *outcome =
            is_there(&allocators[i]) ? play(program, row->name, &allocators[i]) : "";
        bool kept = promised == NULL || strstr(promised, outcome) != NULL;
        broken += !kept;
        printf(" %-8s|", outcome);
        if (!kept)
            printf("<- %s was promised|", promised);
        fflush(stdout);
    }
    printf("\n");
    return broken;
}

int main(int count, char **arguments)
{
    if (count < 3) {
        fprintf(stderr, "usage: attacks PROGRAM LIBRARY\n");
        return 2;
    }
    signal(SIGPIPE, SIG_IGN);
    allocators[OURS].library = arguments[2];
    allocators[OURS_CHECKING].library = arguments[2];
    printf("| %-40s |", "the program");
    for (size_t i = 0; i < ALLOCATORS; i++)
        printf(" %-8s|", allocators[i].name);
    printf("\n|------------------------------------------|");
    for (size_t i = 0; i < ALLOCATORS; i++)
        printf("---------|");
    printf("\n");
    size_t broken = 0;
    for (size_t i = 0; i < ROWS; i++)
        broken += print_row(arguments[1], &rows[i]);
    printf("attacks: %d on each of %d allocators: %zu promises passed, %zu failed\n", ROWS,
           ALLOCATORS, (size_t)2 * ROWS - broken, broken);
    return broken == 0 ? 0 : 1;
}

/* soak SECONDS THREADS SEED FOLDER [check]: random work of all kinds for as long as you like, every result checked.
 *
 *   keeper 1..n   each runs workers, one after the other: a worker takes over the shadow that the one before
 *                 it left, works on it for a while, and ends. Now and then the keeper forks: a child
 *                 works on with a copy of the memory.
 *   mailbox       where workers leave objects for others to free
 *   main          every second: walks all invariants, notes memory against live objects in FOLDER/soak.csv
 *
 * "check" turns the pool's thorough mode on. Once it is warm (after a third of the time) resident memory
 * may not grow; runs of less than a minute are not judged by that. Mapped addresses grow whenever more is
 * in use than ever before, for a moment that the samples seldom meet; at the end all of them are free again
 * or in records. The last line counts the operations; the status is 0 if nothing was found. What is found ends the process at once, and the last
 * line before says what. Read next: ../shadow.h. */
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "common/trust/shadow.h"
#include "stage4_pagecache/mempool.h"

enum {
    MOST_KEEPERS = 16,
    MAILBOX_PLACES = 256,
    STEPS_A_LIFE = 200000,
    STEPS_A_ROUND = 1000,
    LIVES_A_FORK = 5,
    CHILD_STEPS = 2000,
    LEAST_SECONDS_TO_JUDGE = 60,
    MIB = 1024 * 1024,
};

static struct keeper {
    pthread_t thread;
    struct shadow shadow; /* of the worker under way */
    atomic_size_t operations;
    atomic_size_t live_bytes;
} keepers[MOST_KEEPERS];

static size_t keeper_count;
static atomic_bool stop;
static atomic_size_t threads_started;
static atomic_size_t forks;

/* --- The mailbox --- */

static struct {
    pthread_mutex_t mutex;
    struct shadow_object objects[MAILBOX_PLACES];
    size_t bytes;
} mailbox = {.mutex = PTHREAD_MUTEX_INITIALIZER};

/* Leave an object, take another's. */
static void exchange(struct shadow *shadow)
{
    size_t slot = shadow_random(shadow, MAILBOX_PLACES);
    size_t place = shadow_random(shadow, SHADOW_PLACES);
    struct shadow_object mine = shadow_hand_over(shadow, place);
    pthread_mutex_lock(&mailbox.mutex);
    struct shadow_object theirs = mailbox.objects[slot];
    mailbox.objects[slot] = mine;
    mailbox.bytes += (mine.start == NULL ? 0 : mine.bytes);
    mailbox.bytes -= (theirs.start == NULL ? 0 : theirs.bytes);
    pthread_mutex_unlock(&mailbox.mutex);
    shadow_take_over(shadow, place, theirs);
}

static size_t mailbox_bytes(void)
{
    pthread_mutex_lock(&mailbox.mutex);
    size_t bytes = mailbox.bytes;
    pthread_mutex_unlock(&mailbox.mutex);
    return bytes;
}

/* --- Workers and their keepers --- */

static void *work(void *argument)
{
    struct keeper *keeper = argument;
    struct shadow *shadow = &keeper->shadow;
    for (size_t i = 0; i < STEPS_A_LIFE && !stop; i++) {
        if (i % 32 == 0)
            exchange(shadow);
        shadow_step(shadow);
        if (i % STEPS_A_ROUND == 0) {
            atomic_store_explicit(&keeper->operations, shadow->operations, memory_order_relaxed);
            atomic_store_explicit(&keeper->live_bytes, shadow->live_bytes, memory_order_relaxed);
        }
    }
    return NULL;
}

static _Noreturn void live_as_child(struct shadow *shadow)
{
    alarm(100); /* a deadlock ends */
    for (size_t i = 0; i < CHILD_STEPS; i++)
        shadow_step(shadow);
    shadow_verify_all(shadow);
    shadow_free_all(shadow);
    _exit(0);
}

static void fork_one(struct keeper *keeper)
{
    int status = 1;
    pid_t child = fork();
    if (child == 0)
        live_as_child(&keeper->shadow);
    if (child < 0 || waitpid(child, &status, 0) != child || status != 0)
        shadow_fail(&keeper->shadow, "a child of fork did not end well", NULL);
    keeper->shadow.operations += CHILD_STEPS;
    forks++;
}

static void *keep(void *argument)
{
    struct keeper *keeper = argument;
    for (size_t life = 1; !stop; life++) {
        pthread_t worker;
        if (pthread_create(&worker, NULL, work, keeper) != 0)
            shadow_fail(&keeper->shadow, "a thread could not be started", NULL);
        pthread_join(worker, NULL);
        threads_started++;
        if (life % LIVES_A_FORK == 0)
            fork_one(keeper);
    }
    keeper->operations = keeper->shadow.operations;
    return NULL;
}

static void start_keepers(uint64_t seed)
{
    for (size_t i = 0; i < keeper_count; i++) {
        struct keeper *keeper = &keepers[i];
        keeper->shadow = (struct shadow){.random = seed * 1000 + i + 1,
                                         .most_bytes = (i % 2 == 0 ? 2 * MIB : 64 * 1024),
                                         .most_live = 16 * MIB};
        if (pthread_create(&keeper->thread, NULL, keep, keeper) != 0)
            shadow_fail(&keeper->shadow, "a thread could not be started", NULL);
    }
}

/* --- What main sees every second --- */

struct sample {
    size_t operations;
    size_t live_bytes; /* asked for and in use */
    size_t resident_bytes;
    size_t mapped_bytes;
};

static size_t resident_bytes(void)
{
    size_t pages = 0;
    size_t resident = 0;
    FILE *file = fopen("/proc/self/statm", "r");
    if (file != NULL && fscanf(file, "%zu %zu", &pages, &resident) != 2)
        resident = 0;
    if (file != NULL)
        fclose(file);
    return resident * (size_t)sysconf(_SC_PAGESIZE);
}

static struct sample take_sample(void)
{
    struct sample sample = {.live_bytes = mailbox_bytes(), .resident_bytes = resident_bytes()};
    struct mempool_stats stats;
    mempool_stats(&stats);
    sample.mapped_bytes = stats.mapped_bytes;
    for (size_t i = 0; i < keeper_count; i++) {
        sample.operations += atomic_load_explicit(&keepers[i].operations, memory_order_relaxed);
        sample.live_bytes += atomic_load_explicit(&keepers[i].live_bytes, memory_order_relaxed);
    }
    return sample;
}

static void walk_invariants(void)
{
    unsigned broken = mempool_check();
    if (broken == 0)
        return;
    fprintf(stderr, "soak: invariant I%u of stage %u is broken\n", broken % 100, broken / 100);
    abort();
}

static void write_sample(FILE *csv, size_t second, const struct sample *sample)
{
    fprintf(csv, "%zu,%zu,%.3f,%.3f,%.3f\n", second, sample->operations,
            (double)sample->live_bytes / MIB, (double)sample->resident_bytes / MIB,
            (double)sample->mapped_bytes / MIB);
    fflush(csv);
}

static size_t larger(size_t one, size_t other)
{
    return one > other ? one : other;
}

/* The most resident memory in the middle third of the time, and in the last. What is mapped is not judged:
 * addresses are kept, so it is the most that was ever needed at one moment, and that may come late. */
struct growth {
    size_t warm_bytes;
    size_t last_bytes;
};

static struct growth watch(size_t seconds, FILE *csv)
{
    struct growth growth = {0};
    fprintf(csv, "second,operations,live MiB,resident MiB,mapped MiB\n");
    for (size_t second = 1; second <= seconds; second++) {
        sleep(1);
        walk_invariants();
        struct sample sample = take_sample();
        write_sample(csv, second, &sample);
        if (second > seconds * 2 / 3)
            growth.last_bytes = larger(growth.last_bytes, sample.resident_bytes);
        else if (second > seconds / 3)
            growth.warm_bytes = larger(growth.warm_bytes, sample.resident_bytes);
    }
    return growth;
}

/* --- The end --- */

static size_t end_all(void)
{
    size_t operations = 0;
    stop = true;
    for (size_t i = 0; i < keeper_count; i++) {
        pthread_join(keepers[i].thread, NULL);
        operations += keepers[i].shadow.operations;
    }
    for (size_t i = 0; i < MAILBOX_PLACES; i++)
        shadow_take_over(&keepers[0].shadow, i, mailbox.objects[i]);
    for (size_t i = 0; i < keeper_count; i++)
        shadow_free_all(&keepers[i].shadow);
    return operations;
}

/* Returns the exit status. */
static int report(size_t seconds, size_t operations, const struct growth *growth)
{
    struct mempool_stats stats;
    (void)mempool_purge();
    mempool_stats(&stats);
    walk_invariants();
    bool grows = seconds >= LEAST_SECONDS_TO_JUDGE &&
                 growth->last_bytes > growth->warm_bytes + growth->warm_bytes / 10 + 8 * MIB;
    bool loses = stats.large_bytes != 0 || stats.handed_bytes > MIB / 4;
    if (grows)
        printf("soak: memory grows: resident %.1f MiB when warm, %.1f MiB at the end\n",
               (double)growth->warm_bytes / MIB, (double)growth->last_bytes / MIB);
    if (loses)
        printf("soak: lost: %zu bytes small, %zu bytes large after all was freed\n",
               stats.handed_bytes, stats.large_bytes);
    printf(
        "soak: %zu operations checked in %zu s, %zu threads, %zu forks, %zu walks of all "
        "invariants; resident %.1f MiB warm, %.1f MiB last; mapped %.1f MiB, of these free again "
        "%.1f MiB, records %.1f MiB: %s\n",
        operations, seconds, (size_t)threads_started, (size_t)forks, seconds + 1,
        (double)growth->warm_bytes / MIB, (double)growth->last_bytes / MIB,
        (double)stats.mapped_bytes / MIB, (double)stats.page_free_bytes / MIB,
        (double)stats.metadata_bytes / MIB, grows || loses ? "FAILED" : "nothing found");
    return grows || loses ? 1 : 0;
}

int main(int count, char **arguments)
{
    char path[4096];
    if (count < 5) {
        fprintf(stderr, "usage: soak SECONDS THREADS SEED FOLDER [check]\n");
        return 2;
    }
    size_t seconds = strtoul(arguments[1], NULL, 10);
    keeper_count = strtoul(arguments[2], NULL, 10);
    if (seconds == 0 || keeper_count == 0 || keeper_count > MOST_KEEPERS) {
        fprintf(stderr, "soak: 1 second or more, 1 to %d threads\n", MOST_KEEPERS);
        return 2;
    }
    mempool_set_checking(count == 6 && strcmp(arguments[5], "check") == 0);
    snprintf(path, sizeof path, "%s/soak.csv", arguments[4]);
    FILE *csv = fopen(path, "w");
    if (csv == NULL) {
        perror(path);
        return 2;
    }
    start_keepers(strtoul(arguments[3], NULL, 10));
    struct growth growth = watch(seconds, csv);
    fclose(csv);
    size_t operations = end_all();
    return report(seconds, operations, &growth);
}

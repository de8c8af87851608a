/* trace: see trace.h. */
#include "common/trust/faults/trace.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "common/trust/shadow.h"
#include "stage4_pagecache/mempool.h"

enum { KIB = 1024, MIB = 1024 * KIB, MOST_CHILD_SECONDS = 60 };

struct trace_result *trace_result;

static struct shadow shadow;

void trace_prepare(void)
{
    trace_result =
        mmap(NULL, sizeof *trace_result, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    setvbuf(stdout, NULL, _IOLBF, 0);
    if (trace_result == MAP_FAILED)
        exit(2);
}

static void check_invariants(const char *when)
{
    unsigned broken = mempool_check();
    if (broken == 0)
        return;
    fprintf(stderr, "invariant I%u of stage %u is broken %s\n", broken % 100, broken / 100, when);
    abort();
}

static size_t bytes_out(void)
{
    struct mempool_stats stats;
    (void)mempool_purge();
    mempool_stats(&stats);
    return stats.handed_bytes + stats.large_bytes;
}

static void check_nothing_lost(size_t bytes_before)
{
    struct mempool_stats stats;
    size_t bytes = bytes_out();
    mempool_stats(&stats);
    if (bytes == bytes_before && stats.ready_bytes == 0 &&
        stats.mapped_bytes >= stats.metadata_bytes + stats.page_free_bytes)
        return;
    fprintf(stderr, "lost: %zu bytes were out at the start, %zu are at the end\n", bytes_before,
            bytes);
    abort();
}

/* Now and then a large object, which needs a region of its own, and a purge. */
static void do_one_step(size_t step)
{
    if (step % 100 == 99)
        shadow_apply(&shadow, SHADOW_PURGE, 0, 0, 0);
    else if (step % 10 == 0)
        shadow_apply(&shadow, SHADOW_ZEROED, step % SHADOW_PLACES,
                     shadow_random(&shadow, shadow.most_bytes), 0);
    else
        shadow_step(&shadow);
}

static void note_refusal(void)
{
    shadow.refused++;
    if (shadow.may_refuse)
        return;
    fprintf(stderr, "no memory for a small object, though there is memory\n");
    abort();
}

/* Small objects until the records of their spans fill another chunk, a region between guards; each of
 * them holds the address of the one before. */
static void fill_a_chunk_of_records(void)
{
    struct mempool_stats stats;
    mempool_stats(&stats);
    size_t bytes_before = stats.metadata_bytes;
    void **last = NULL;
    for (size_t i = 0; i < 32 * MIB / KIB && stats.metadata_bytes == bytes_before; i++) {
        void **object = mempool_alloc(KIB);
        if (object == NULL) {
            note_refusal();
            break;
        }
        *object = last;
        last = object;
        if (i % 8 == 0)
            mempool_stats(&stats);
    }
    while (last != NULL) {
        void **object = last;
        last = *object;
        mempool_free(object);
    }
}

static void work(const struct fault *fault, size_t nth)
{
    for (size_t step = 0; step < TRACE_STEPS; step++) {
        if (fault != NULL && fault->step != NULL)
            fault->step(nth, step);
        do_one_step(step);
        if (step == TRACE_STEPS / 2)
            fill_a_chunk_of_records();
        if (step % 300 == 0)
            check_invariants("while memory is out");
    }
}

void trace_run(const struct fault *fault, size_t nth)
{
    alarm(MOST_CHILD_SECONDS);
    size_t bytes_before = bytes_out();
    shadow = (struct shadow){.random = 7, .most_bytes = 4 * MIB, .most_live = 200 * MIB};
    shadow.may_refuse = true;
    fault->start(nth);
    work(fault, nth);
    fault->end();
    trace_result->refused += shadow.refused;
    shadow.may_refuse = false;
    check_invariants("after memory was out");
    work(NULL, 0);
    shadow_verify_all(&shadow);
    shadow_free_all(&shadow);
    check_invariants("at the end");
    check_nothing_lost(bytes_before);
}

bool trace_child_ended_well(int child, size_t nth)
{
    int status = 1;
    bool good = child > 0 && waitpid(child, &status, 0) == child && status == 0;
    if (!good)
        printf("FAIL fault at %zu: child ended with status 0x%x\n", nth, status);
    return good;
}

bool trace_run_in_child(const struct fault *fault, size_t nth)
{
    pid_t child = fork();
    if (child == 0) {
        trace_run(fault, nth);
        _exit(0);
    }
    return trace_child_ended_well(child, nth);
}

void trace_report(const char *what, size_t runs, size_t failed, size_t refused)
{
    printf("%s %s: %zu runs, %zu operations refused\n",
           failed == 0 && refused != 0 ? "ok  " : "FAIL", what, runs, refused);
}

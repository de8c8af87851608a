/* workload: what the benchmark programs share: random numbers, threads, arguments.
 *
 * A program takes one optional argument, how many hundredths of its usual work to do, and prints
 * how many operations (calls of malloc and its relatives that hand out an object) that was, where
 * BENCH_COUNT is set. What it does depends on nothing else, so that its CPU time can be compared
 * from run to run and from allocator to allocator.
 *
 * Only malloc.h's functions allocate here, and only what the program is about: arrays that it needs
 * for itself are static or mapped. */
#ifndef COMMON_BENCH_WORKLOAD_H
#define COMMON_BENCH_WORKLOAD_H

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

/* --- Random numbers: SplitMix64, a few instructions each, so that they weigh little --- */

struct random {
    uint64_t state;
};

static inline struct random random_start(uint64_t stream)
{
    return (struct random){(stream + 1) * 0xd1342543de82ef95u};
}

static inline uint64_t random_next(struct random *random)
{
    uint64_t z = random->state += 0x9e3779b97f4a7c15u;
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
    z = (z ^ z >> 27) * 0x94d049bb133111ebu;
    return z ^ z >> 31;
}

/* A number below `limit`, itself below 2^32; by multiplication, which is cheaper than division. */
static inline size_t random_below(struct random *random, size_t limit)
{
    return (size_t)((random_next(random) >> 32) * limit >> 32);
}

/* A size from `least` to `most`, small ones more often: each doubling is as likely as the next. */
static inline size_t random_size(struct random *random, size_t least, size_t most)
{
    unsigned doublings = 0;
    while (least << (doublings + 1) <= most)
        doublings++;
    size_t base = least << random_below(random, doublings + 1);
    size_t bytes = base + random_below(random, base);
    return bytes < most ? bytes : most;
}

#endif

/* machine: what the figures were measured on, and the versions of what was compared. */
#ifndef COMMON_BENCH_MACHINE_H
#define COMMON_BENCH_MACHINE_H

#include "common/bench/allocators.h"

enum { MACHINE_TEXT_BYTES = 128, MACHINE_FACTS = 5 };

struct fact {
    const char *name; /* processor, processors, memory, system, compiler */
    char text[MACHINE_TEXT_BYTES];
};

/* Fill in what this machine says of itself; empty texts where it does not. */
void machine_describe(struct fact facts[MACHINE_FACTS]);

/* The version of an allocator as the packages of the system know it, or "". Ours: the commit. */
void machine_version(const struct allocator *allocator, char text[MACHINE_TEXT_BYTES]);

#endif

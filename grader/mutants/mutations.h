/* mutations: all the ways in which this program makes a reference file a little wrong.
 *
 *   comparison   < becomes <=, == becomes !=, …       constant   one more, or one less; true becomes false
 *   arithmetic   + becomes -                          logic      && becomes ||
 *   branch       if (x) becomes if (!(x))             statement  it is left out
 *   lock         acquire or release is left out       order      becomes memory_order_relaxed
 *
 * Left alone are functions that are not scored (those that check and count), asserts, and tables. */
#ifndef GRADER_MUTANTS_MUTATIONS_H
#define GRADER_MUTANTS_MUTATIONS_H

#include <stddef.h>
#include <stdint.h>

#include "common/course/source.h"

enum mutation_kind {
    MUTATE_COMPARISON,
    MUTATE_CONSTANT,
    MUTATE_ARITHMETIC,
    MUTATE_LOGIC,
    MUTATE_BRANCH,
    MUTATE_STATEMENT,
    MUTATE_LOCK,
    MUTATE_ORDER,
    MUTATION_KINDS,
};

struct mutant {
    const struct source *source;
    size_t first; /* tokens that are replaced */
    size_t last;
    const char *replacement;
    enum mutation_kind kind;
    const char *function; /* "" at the top level */
    const char *before;   /* the line of code, white space made one blank */
    const char *after;    /* the same, mutated */
    unsigned ordinal;     /* 1, or more where a function has the same line with the same change */
    uint64_t hash;        /* of what does not change when lines move */
};

const char *mutation_name(enum mutation_kind kind);

/* Append all mutants of a source; returns the new array. */
struct mutant *mutations_of(const struct source *source, struct mutant *mutants, size_t *count);

#endif

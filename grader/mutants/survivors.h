/* survivors: mutants that no test can or need notice, each with the reason: grader/mutants/survivors.txt.
 *
 *   object_pool.c object_pool_alloc
 *     - if (!tail_has_object(pool) && !add_chunk(pool))
 *     + if (!tail_has_object(pool) || !add_chunk(pool))
 *     equivalent: …            or   performance: …
 *
 * An entry is found by its content: the file's and the function's name and the two lines, white space
 * aside. So it holds while lines move, and falls when they change. " (2)" behind the function's name
 * means the second place in it where the same line is changed in the same way. */
#ifndef GRADER_MUTANTS_SURVIVORS_H
#define GRADER_MUTANTS_SURVIVORS_H

#include "grader/mutants/mutations.h"

struct survivor {
    const char *place; /* "object_pool.c object_pool_alloc" */
    const char *before;
    const char *after;
    const char *reason;
    unsigned line; /* of survivors.txt */
    bool is_used;  /* a mutant is what it speaks of */
};

struct survivors {
    struct survivor *list;
    size_t count;
};

/* Ends the program where the file is not as described above. */
struct survivors survivors_read(const char *path);

/* The entry for a mutant, marked as used; or NULL. */
struct survivor *survivors_find(struct survivors *survivors, const struct mutant *mutant);

/* "object_pool.c object_pool_alloc", as in an entry. */
const char *survivor_place(const struct mutant *mutant);

#endif

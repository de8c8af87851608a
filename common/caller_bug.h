/* caller_bug: the program that uses the pool did what it must not do.
 *
 * Where the world fails (no memory), functions return NULL or 0 and set errno. Where the caller is
 * wrong there is nothing sound to return: one line on stderr says what and where, then the process
 * stops. In tests a stand-in takes its place, which checks that this very bug was expected. */
#ifndef COMMON_CALLER_BUG_H
#define COMMON_CALLER_BUG_H

enum caller_bug_kind {
    CALLER_BUG_DOUBLE_FREE,     /* freed, and not handed out again since */
    CALLER_BUG_NOT_OURS,        /* an address that the pool never handed out, or took back whole */
    CALLER_BUG_INTERIOR,        /* inside an object, not its start */
    CALLER_BUG_WRONG_CLASS,     /* the object belongs to another size class or pool */
    CALLER_BUG_WRONG_SIZE,      /* free_sized with a size or alignment the object does not have */
    CALLER_BUG_CORRUPT_LINK,    /* a free object's link was overwritten: written after free */
    CALLER_BUG_USE_AFTER_FREE,  /* a free object's contents changed (seen with MEMPOOL_CHECK=1) */
    CALLER_BUG_BROKEN_INVARIANT /* a check function found the pool's own state damaged */
};

/* Say what is wrong with `address` in one line on stderr, then abort(). Any thread; allocates
 * nothing, takes no lock. */
_Noreturn void caller_bug(enum caller_bug_kind kind, const void *address);

/* The words for a kind, as caller_bug prints them. */
const char *caller_bug_text(enum caller_bug_kind kind);

#endif

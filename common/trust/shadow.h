/* shadow: random work on the pool, each result held against a table of what must be so.
 *
 *   action ─▶ mempool_alloc, _realloc, …        the pool under test
 *        └──▶ objects[place] = start, bytes, stamp     the shadow: who owns what, and what is in it
 *
 * Each object is filled with words made of its stamp, wholly where it is small, else at its start, in
 * each page and at its end; they are verified before it is resized or freed. So an object that
 * overlaps another, moves without its contents, is misaligned, shorter than asked for or not zero
 * where calloc gave it is found, and the process stops with one line that says which and in what step.
 *
 * One thread works on a shadow at a time. Read next: shadow.c; users: faults/, soak/, fuzz/. */
#ifndef COMMON_TRUST_SHADOW_H
#define COMMON_TRUST_SHADOW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { SHADOW_PLACES = 1024 };

enum shadow_action {
    SHADOW_ALLOC, /* on a place that holds an object, the first four free it instead */
    SHADOW_ZEROED,
    SHADOW_ALIGNED,
    SHADOW_FREE,
    SHADOW_FREE_SIZED,
    SHADOW_RESIZE,
    SHADOW_VERIFY,
    SHADOW_PURGE,
    SHADOW_ACTIONS
};

struct shadow_object {
    unsigned char *start; /* NULL: the place is empty */
    size_t bytes;
    size_t alignment; /* 0: of no aligned request */
    uint64_t stamp;
};

struct shadow {
    struct shadow_object objects[SHADOW_PLACES];
    uint64_t random;   /* state of the number generator: set it to the seed */
    bool may_refuse;   /* whether NULL with ENOMEM is an answer, or a failure */
    size_t most_bytes; /* of one object that shadow_step asks for */
    size_t most_live;  /* bytes: beyond this shadow_step frees more than it takes */
    size_t live_bytes; /* asked for, and in use */
    size_t operations; /* calls of the pool so far */
    size_t refused;    /* of these, answered with NULL and ENOMEM */
};

/* A number below `limit`, which is not 0. */
size_t shadow_random(struct shadow *shadow, size_t limit);

/* Do one thing; `place` below SHADOW_PLACES, `alignment_shift` below 64. */
void shadow_apply(struct shadow *shadow, enum shadow_action action, size_t place, size_t bytes,
                  unsigned alignment_shift);

/* Do something at random: mostly small objects, now and then one up to most_bytes. */
void shadow_step(struct shadow *shadow);

/* Verify all objects; free all. */
void shadow_verify_all(struct shadow *shadow);
void shadow_free_all(struct shadow *shadow);

/* Take the object out of a place, verified, to be given to another thread's shadow. */
struct shadow_object shadow_hand_over(struct shadow *shadow, size_t place);

/* Put it into the place of another shadow; what was there is freed. */
void shadow_take_over(struct shadow *shadow, size_t place, struct shadow_object object);

/* Stop: say what does not hold. */
_Noreturn void shadow_fail(const struct shadow *shadow, const char *what, const void *address)
    __attribute__((cold));

#endif

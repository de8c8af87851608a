/* property: tests that say what must hold for *every* sequence of calls, and look for one that
 * breaks it.
 *
 *     random calls ──▶ run in a forked child ──▶ passed? the next ones
 *                                  │ failed, crashed, or hung
 *                                  ▼
 *     leave calls out, make numbers smaller, as long as it still fails ──▶ the shortest script
 *
 * A test declares its operations in a table. Arguments are drawn before anything runs, so an
 * operation must make sense of whatever it is given: most name a *slot*, a place for an object, and
 * do nothing (property_skip) where the slot is not as they need it. Then each part of a sequence is
 * a sequence too, and shrinking is leaving out.
 *
 *     static void run_alloc(const uint64_t *arguments)
 *     {
 *         if (slots[arguments[0]] != NULL)
 *             property_skip();
 *         ...
 *     }
 *     static const struct property_operation operations[] = {
 *         {"alloc", 3, {{"slot", 20, NULL}, {"bytes", 4096, draw_bytes}}, run_alloc},
 *         {"free", 2, {{"slot", 20, NULL}}, run_free},
 *     };
 *     static const struct property pool = {operations, 2, .sequences = 50, .calls = 200,
 *                                          .finish = check_all_is_back};
 *     TEST(object_pool_property, holds_for_random_calls, ...) { property_check(&pool); }
 *
 * Layers have no reset: each sequence runs in a child of its own, in a process in which the layer
 * was never used. Under Valgrind one sequence runs in the test's own process, so that errors are
 * reported for the test. Where it fails, the script is printed and kept in build/last-failure/;
 * run that with `program --replay FILE`. Read next: script.h, shadow.h. */
#ifndef COMMON_TESTING_PROPERTY_PROPERTY_H
#define COMMON_TESTING_PROPERTY_PROPERTY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/testing/test.h"

enum {
    PROPERTY_MOST_ARGUMENTS = 4,
    PROPERTY_MOST_CALLS = 600,
    PROPERTY_MOST_THREADS = 4,
};

struct property_argument {
    const char *name;
    uint64_t limit;                               /* drawn evenly from 0 to limit - 1, … */
    uint64_t (*draw)(struct test_random *random); /* … unless this draws it */
};

struct property_operation {
    const char *name; /* one word, as scripts have it */
    unsigned weight;  /* how often it is drawn, beside the others; 0: only where scripts name it */
    struct property_argument arguments[PROPERTY_MOST_ARGUMENTS]; /* those with a name */
    void (*run)(const uint64_t *arguments);
    bool ends_thread; /* the calling thread ends after it, and the next call there is a new one's */
};

struct property {
    const struct property_operation *operations;
    size_t operation_count;
    size_t sequences;      /* how many are tried */
    size_t calls;          /* in each */
    unsigned thread_count; /* calls are made on so many threads, one after the other; 0 is 1 */
    void (*start)(void);   /* before the first call; may be NULL */
    void (*finish)(void);  /* after the last, all other threads ended; may be NULL */

    /* For property_check_failures: let the n-th call of the layer below from now on fail, once, and
     * how many calls of it there were, of the kind that can fail. */
    void (*fail_below)(size_t nth);
    size_t (*calls_below)(void);
};

/* Look for a sequence that fails; end the test as FAILED with the shortest one found. */
void property_check(const struct property *property);

/* Take a few sequences, and let in each the 1st, the 2nd, … the last call of the layer below fail, in
 * a run of its own. Operations must see for themselves that a failure is answered rightly. */
void property_check_failures(const struct property *property, size_t sequences);

/* --- For operations --- */

/* What the call returned, for the script. */
void property_result(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* The call makes no sense now: leave it out. Returns to the engine, not to the caller. */
_Noreturn void property_skip(void);

/* The thread that this call is made on, as scripts number it. */
unsigned property_thread(void);

/* End the test as FAILED where the shadow (or anything else that returns a complaint) has one. */
#define PROPERTY_CHECK(complaint_)                                                                 \
    do {                                                                                           \
        const char *what_is_wrong = (complaint_);                                                  \
        if (what_is_wrong != NULL)                                                                 \
            test_fail(__FILE__, __LINE__, "%s", what_is_wrong);                                    \
    } while (0)

#endif

/* A program that uses the central cache, for the tests: it checks all that it is handed, stamps
 * it, and looks whether the stamp is still there when it gives it back. */
#ifndef STAGE3_CENTRALCACHE_TESTS_PROGRAM_H
#define STAGE3_CENTRALCACHE_TESTS_PROGRAM_H

#include <stddef.h>
#include <stdint.h>

#include "common/free_list.h"
#include "common/testing/test.h"

/* Fetch into `out`, an empty list, which must succeed: as many objects as it says and not more
 * than `want`, in a chain that ends, each whole inside a span of its class. Returns the count. */
size_t take(unsigned class_id, size_t want, struct free_list *out);

/* Fetch until there are `count` more objects in `out`. */
void take_exactly(unsigned class_id, size_t count, struct free_list *out);

/* Fetch one. */
char *take_one(unsigned class_id);

/* Release the list, which must come back empty. */
void give(unsigned class_id, struct free_list *objects);
void give_one(unsigned class_id, void *object);

/* Release `count` objects from `from` in lists of at most `at_once`; it holds that many. */
void give_some(unsigned class_id, struct free_list *from, size_t count, size_t at_once);

/* No span may be out any more, and nothing been written behind any. */
void expect_all_spans_back(void);

/* Objects of one class in one thread's hands. */
enum { BAG_PLACES = 256 };

struct bag {
    unsigned class_id;
    uint64_t owner; /* no two bags have the same one */
    uint64_t serial;
    size_t count;
    struct {
        char *start;
        uint64_t stamp;
    } objects[BAG_PLACES];
};

/* Take up to `want`, as far as there is room, and stamp them. */
void bag_take(struct bag *bag, size_t want);

/* Check and release `count` objects picked at random, in one list; fewer if there are fewer. */
void bag_give(struct bag *bag, size_t count, struct test_random *random);

/* The same, but hand them to the caller instead. */
struct free_list bag_pick(struct bag *bag, size_t count, struct test_random *random);

/* Stamp the first and the last bytes of an object, and check them. */
void stamp_object(char *start, unsigned class_id, uint64_t stamp);
void check_stamp(const char *start, unsigned class_id, uint64_t stamp);

#endif

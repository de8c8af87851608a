/* guard: a table of live objects, hashed by address, marked and restored by Valgrind requests.
 *
 * Marking costs time for each live object and call, so at most MOST_MARKED of the objects handed
 * out last are marked, of a long one its two ends, and after the first MOST_ALWAYS calls only one
 * call in SAMPLE: bugs of this kind do not wait for the thousandth object, and links, marks and
 * headers are written at an object's ends. */
#include "common/testing/guard.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include <valgrind/memcheck.h>

enum { MOST_MARKED = 128, MOST_ALWAYS = 500, SAMPLE = 16, END_BYTES = 512 };

struct live_object {
    char *start;
    size_t bytes;
};

/* A ring: the oldest object is forgotten where a new one comes. */
static struct live_object ring[MOST_MARKED];
static size_t next_place;
static unsigned depth;
static unsigned call_count; /* of the outermost ones */
static bool is_marked;

static void for_each_live(void (*mark)(char *start, size_t bytes))
{
    for (size_t i = 0; i < MOST_MARKED; i++) {
        const struct live_object *object = &ring[i];
        if (object->start == NULL)
            continue;
        bool is_long = object->bytes > 2 * (size_t)END_BYTES;
        mark(object->start, is_long ? END_BYTES : object->bytes);
        if (is_long)
            mark(object->start + object->bytes - END_BYTES, END_BYTES);
    }
}

static void hide(char *start, size_t bytes)
{
    (void)VALGRIND_MAKE_MEM_NOACCESS(start, bytes);
}

/* Defined, not undefined: what the program had written there is still there. */
static void show(char *start, size_t bytes)
{
    (void)VALGRIND_MAKE_MEM_DEFINED(start, bytes);
}

void guard_enter(void)
{
    if (depth++ != 0)
        return;
    call_count++;
    is_marked = call_count <= MOST_ALWAYS || call_count % SAMPLE == 0;
    if (is_marked)
        for_each_live(hide);
}

void guard_leave(void)
{
    if (--depth == 0 && is_marked)
        for_each_live(show);
}

void guard_add_live(void *object, size_t bytes)
{
    if (object == NULL)
        return;
    ring[next_place] = (struct live_object){object, bytes};
    next_place = (next_place + 1) % MOST_MARKED;
}

size_t guard_remove_live(void *object)
{
    size_t bytes = 0;
    for (size_t i = 0; i < MOST_MARKED && object != NULL; i++)
        if (ring[i].start == object) {
            bytes = ring[i].bytes;
            ring[i].start = NULL;
        }
    return bytes;
}

void guard_forget_all(void)
{
    memset(ring, 0, sizeof ring);
}

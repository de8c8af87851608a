/* shadow: what a correct allocator must look like from outside: a map of the live objects.
 *
 *   addresses ──▶  ··▓▓▓▓▓····▓▓··▓▓▓▓▓▓▓▓····▓▓▓▓···       each ▓ one live object: start, bytes, stamp
 *
 * A test tells the shadow of each object that it is handed and of each that it gives back. The
 * shadow notices at that moment
 *
 *   - an object that overlaps a live one, or is one handed out twice;
 *   - an object at an address that is no multiple of its alignment;
 *   - contents that changed while the object was live: it writes a pattern into each object and
 *     looks for it again when the object goes back.
 *
 * Objects up to 4 KiB are filled, larger ones marked at the start, in each 4 KiB and at the end: wherever two
 * objects overlap by a page, one lies over a mark of the other.
 *
 * It links with nothing: no test.h, no allocation, so fuzzers and programs may use it too. All zero
 * is an empty shadow. No lock: threads that share one guard it.
 *
 * Functions that look return NULL where all is well, else one line of what is wrong, good until the
 * next call. Read next: property.h, which runs random calls against it. */
#ifndef COMMON_TESTING_PROPERTY_SHADOW_H
#define COMMON_TESTING_PROPERTY_SHADOW_H

#include <stddef.h>
#include <stdint.h>

enum { SHADOW_MOST_OBJECTS = 4096 };

struct shadow_object {
    unsigned char *start;
    size_t bytes;
    uint64_t stamp; /* what its pattern depends on; no two objects have the same */
};

struct shadow {
    struct shadow_object objects[SHADOW_MOST_OBJECTS]; /* in order of address */
    size_t count;
    size_t bytes; /* of all live objects together */
    uint64_t last_stamp;
    char complaint[200];
};

/* An object was handed out: look at it, note it, and fill it. Bytes from `start` on that may be
 * used: 0 is counted as 1, since each object has an address of its own. */
const char *shadow_add(struct shadow *shadow, void *start, size_t bytes, size_t alignment);

/* An object is about to be given back: its contents must be as they were; then it is forgotten. */
const char *shadow_remove(struct shadow *shadow, const void *start);

/* An object was resized, perhaps moved: the first `kept_bytes` of it must be as they were. Notes its
 * new place and fills it anew. */
const char *shadow_resize(struct shadow *shadow, const void *old_start, size_t kept_bytes,
                          void *start, size_t bytes, size_t alignment);

/* All live objects must be as they were. */
const char *shadow_check(struct shadow *shadow);

/* The live object that starts at `start`, or NULL. */
const struct shadow_object *shadow_find(const struct shadow *shadow, const void *start);

#endif

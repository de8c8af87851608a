/* shadow: see shadow.h. The objects lie in one array, in order of address: to find an object or its
 * neighbours is a binary search, to add one moves those behind it. */
#include "common/testing/property/shadow.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

enum { MARK_BYTES = 32, STRIDE_BYTES = 4096 };

static const char *complain(struct shadow *shadow, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

static const char *complain(struct shadow *shadow, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(shadow->complaint, sizeof shadow->complaint, format, arguments);
    va_end(arguments);
    return shadow->complaint;
}

/* --- Patterns --- */

static unsigned char pattern_byte(uint64_t stamp, size_t at)
{
    return (unsigned char)(stamp * 0x9e3779b97f4a7c15u >> 56 ^ at * 0x3b);
}

/* An object of up to one stride is one mark. */
static size_t mark_bytes(size_t object_bytes)
{
    return object_bytes <= STRIDE_BYTES ? STRIDE_BYTES : MARK_BYTES;
}

/* Where the next mark starts after the one at `at`: each stride, and last the end of the object. */
static size_t next_mark(size_t at, size_t bytes)
{
    size_t last = bytes - mark_bytes(bytes);
    size_t next = at + STRIDE_BYTES;
    return bytes <= STRIDE_BYTES || next < last || at >= last ? next : last;
}

static void fill(const struct shadow_object *object)
{
    for (size_t at = 0; at < object->bytes; at = next_mark(at, object->bytes))
        for (size_t i = at; i < at + mark_bytes(object->bytes) && i < object->bytes; i++)
            object->start[i] = pattern_byte(object->stamp, i);
}

/* The first `kept` bytes hold what fill left; returns the first place that does not, or `kept`. */
static size_t first_change(const struct shadow_object *object, const unsigned char *start,
                           size_t kept)
{
    for (size_t at = 0; at < kept; at = next_mark(at, object->bytes))
        for (size_t i = at; i < at + mark_bytes(object->bytes) && i < kept; i++)
            if (start[i] != pattern_byte(object->stamp, i))
                return i;
    return kept;
}

static const char *check_contents(struct shadow *shadow, const struct shadow_object *object)
{
    size_t at = first_change(object, object->start, object->bytes);
    if (at == object->bytes)
        return NULL;
    return complain(shadow, "byte %zu of the live object %p (%zu bytes) was overwritten", at,
                    (void *)object->start, object->bytes);
}

/* --- The array --- */

/* The place of the first object that starts at or above `start`. */
static size_t place_of(const struct shadow *shadow, const void *start)
{
    size_t low = 0;
    size_t high = shadow->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if ((uintptr_t)shadow->objects[middle].start < (uintptr_t)start)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

const struct shadow_object *shadow_find(const struct shadow *shadow, const void *start)
{
    size_t place = place_of(shadow, start);
    bool is_found = place < shadow->count && shadow->objects[place].start == start;
    return is_found ? &shadow->objects[place] : NULL;
}

static void forget(struct shadow *shadow, size_t place)
{
    struct shadow_object *object = &shadow->objects[place];
    shadow->bytes -= object->bytes;
    shadow->count--;
    memmove(object, object + 1, (shadow->count - place) * sizeof *object);
}

static const char *check_place(struct shadow *shadow, const struct shadow_object *object,
                               size_t place, size_t alignment)
{
    const struct shadow_object *above = &shadow->objects[place];
    const struct shadow_object *below = above - 1;
    if (object->start == NULL)
        return complain(shadow, "got NULL");
    if ((uintptr_t)object->start % alignment != 0)
        return complain(shadow, "the object %p of %zu bytes is no multiple of %zu",
                        (void *)object->start, object->bytes, alignment);
    if (shadow->count == SHADOW_MOST_OBJECTS)
        return complain(shadow, "more than %d objects are live", SHADOW_MOST_OBJECTS);
    if (place < shadow->count && above->start == object->start)
        return complain(shadow, "the object %p was handed out twice", (void *)object->start);
    if (place < shadow->count && (size_t)(above->start - object->start) < object->bytes)
        return complain(shadow, "the object %p of %zu bytes overlaps the live object %p",
                        (void *)object->start, object->bytes, (void *)above->start);
    if (place > 0 && (size_t)(object->start - below->start) < below->bytes)
        return complain(shadow, "the object %p lies inside the live object %p of %zu bytes",
                        (void *)object->start, (void *)below->start, below->bytes);
    return NULL;
}

const char *shadow_add(struct shadow *shadow, void *start, size_t bytes, size_t alignment)
{
    struct shadow_object object = {start, bytes == 0 ? 1 : bytes, shadow->last_stamp + 1};
    size_t place = place_of(shadow, start);
    const char *complaint = check_place(shadow, &object, place, alignment);
    if (complaint != NULL)
        return complaint;
    struct shadow_object *at = &shadow->objects[place];
    memmove(at + 1, at, (shadow->count - place) * sizeof *at);
    *at = object;
    shadow->count++;
    shadow->bytes += object.bytes;
    shadow->last_stamp++;
    fill(at);
    return NULL;
}

const char *shadow_remove(struct shadow *shadow, const void *start)
{
    const struct shadow_object *object = shadow_find(shadow, start);
    if (object == NULL)
        return complain(shadow, "the object %p is not live", start);
    const char *complaint = check_contents(shadow, object);
    forget(shadow, (size_t)(object - shadow->objects));
    return complaint;
}

const char *shadow_resize(struct shadow *shadow, const void *old_start, size_t kept_bytes,
                          void *start, size_t bytes, size_t alignment)
{
    const struct shadow_object *found = shadow_find(shadow, old_start);
    if (found == NULL || start == NULL)
        return complain(shadow, "the object %p is not live", start);
    struct shadow_object old = *found;
    forget(shadow, (size_t)(found - shadow->objects));
    size_t at = first_change(&old, start, kept_bytes);
    if (at != kept_bytes)
        return complain(shadow, "byte %zu was lost when %p (%zu bytes) became %p (%zu bytes)", at,
                        old_start, old.bytes, start, bytes);
    return shadow_add(shadow, start, bytes, alignment);
}

const char *shadow_check(struct shadow *shadow)
{
    for (size_t i = 0; i < shadow->count; i++) {
        const char *complaint = check_contents(shadow, &shadow->objects[i]);
        if (complaint != NULL)
            return complaint;
    }
    return NULL;
}

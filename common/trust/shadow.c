/* shadow: see shadow.h. Read order: shadow_step, shadow_apply, then fill and verify. */
#include "common/trust/shadow.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "stage4_pagecache/mempool.h"

enum { WORD = sizeof(uint64_t), WHOLE_BYTES = 512, EDGE_BYTES = 64 };

_Noreturn void shadow_fail(const struct shadow *shadow, const char *what, const void *address)
{
    fprintf(stderr, "shadow: operation %zu, object %p: %s\n", shadow->operations, address, what);
    abort();
}

/* xorshift64*, S. Vigna 2016. */
static uint64_t next_random(struct shadow *shadow)
{
    uint64_t x = shadow->random | (shadow->random == 0);
    x ^= x >> 12;
    x ^= x << 25;
    x ^= x >> 27;
    shadow->random = x;
    return x * 0x2545f4914f6cdd1du;
}

size_t shadow_random(struct shadow *shadow, size_t limit)
{
    return (size_t)(next_random(shadow) >> 20) % limit;
}

/* --- Contents --- */

/* The next offset to write to, after `offset`: all words of a small object and of the edges, then one
 * a step. */
static size_t next_offset(size_t offset, size_t bytes)
{
    size_t next = offset + WORD;
    if (bytes <= WHOLE_BYTES || next < EDGE_BYTES)
        return next;
    size_t last = (bytes - WORD) / WORD * WORD;
    size_t step =
        bytes <= 65536 ? 4096 : 32768; /* to touch each page of large objects takes long */
    size_t far = offset + step - offset % step;
    return offset >= last ? bytes : far < last ? far : last;
}

static uint64_t word_at(uint64_t stamp, size_t offset)
{
    return stamp + offset;
}

static size_t word_length(size_t offset, size_t bytes)
{
    return bytes - offset < WORD ? bytes - offset : WORD;
}

static void fill(const struct shadow_object *object)
{
    for (size_t at = 0; at < object->bytes; at = next_offset(at, object->bytes)) {
        uint64_t word = word_at(object->stamp, at);
        memcpy(object->start + at, &word, word_length(at, object->bytes));
    }
}

/* The first `bytes` of it: after it was resized, no more was kept. */
static void verify(const struct shadow *shadow, const struct shadow_object *object, size_t bytes)
{
    for (size_t at = 0; at < object->bytes; at = next_offset(at, object->bytes)) {
        if (at >= bytes)
            break;
        uint64_t word = word_at(object->stamp, at);
        if (memcmp(object->start + at, &word, word_length(at, bytes)) != 0)
            shadow_fail(shadow, "its contents were overwritten or lost", object->start + at);
    }
}

static void verify_zero(const struct shadow *shadow, const struct shadow_object *object)
{
    size_t bytes = object->bytes;
    size_t whole = bytes < 64 * WHOLE_BYTES ? bytes : WHOLE_BYTES;
    for (size_t i = 0; i < whole; i++)
        if (object->start[i] != 0)
            shadow_fail(shadow, "calloc left it dirty", object->start + i);
    for (size_t at = whole; at < bytes; at = next_offset(at, bytes))
        if (object->start[at] != 0)
            shadow_fail(shadow, "calloc left it dirty", object->start + at);
}

/* --- Actions --- */

static void note_refusal(struct shadow *shadow, int error)
{
    if (error != ENOMEM)
        shadow_fail(shadow, "NULL, but errno is not ENOMEM", NULL);
    if (!shadow->may_refuse)
        shadow_fail(shadow, "NULL, though there is memory", NULL);
    shadow->refused++;
}

static void check_place(const struct shadow *shadow, const struct shadow_object *object)
{
    size_t alignment = object->alignment != 0 ? object->alignment : object->bytes <= 8 ? 8 : 16;
    if ((uintptr_t)object->start % alignment != 0)
        shadow_fail(shadow, "misaligned", object->start);
    if (mempool_usable_size(object->start) < object->bytes)
        shadow_fail(shadow, "shorter than was asked for", object->start);
}

static void take(struct shadow *shadow, enum shadow_action action, struct shadow_object *object,
                 size_t bytes, unsigned alignment_shift)
{
    size_t alignment = action == SHADOW_ALIGNED ? (size_t)1 << alignment_shift : 0;
    errno = 0;
    object->start = action == SHADOW_ZEROED    ? mempool_calloc(1, bytes)
                    : action == SHADOW_ALIGNED ? mempool_aligned_alloc(alignment, bytes)
                                               : mempool_alloc(bytes);
    if (object->start == NULL) {
        note_refusal(shadow, errno);
        return;
    }
    object->bytes = bytes;
    object->alignment = alignment;
    object->stamp = next_random(shadow);
    shadow->live_bytes += bytes;
    check_place(shadow, object);
    if (action == SHADOW_ZEROED)
        verify_zero(shadow, object);
    fill(object);
}

static void give_back(struct shadow *shadow, struct shadow_object *object, bool sized)
{
    verify(shadow, object, object->bytes);
    errno = 77;
    if (sized)
        mempool_free_sized(object->start, object->bytes, object->alignment);
    else
        mempool_free(object->start);
    if (errno != 77)
        shadow_fail(shadow, "free changed errno", object->start);
    shadow->live_bytes -= object->bytes;
    object->start = NULL;
}

/* Contents up to the smaller size are kept; where it fails the object is as it was. */
static void resize(struct shadow *shadow, struct shadow_object *object, size_t bytes)
{
    size_t kept = bytes < object->bytes ? bytes : object->bytes;
    verify(shadow, object, object->bytes);
    errno = 0;
    unsigned char *moved = mempool_realloc(object->start, bytes);
    if (moved == NULL) {
        note_refusal(shadow, errno);
        verify(shadow, object, object->bytes);
        return;
    }
    object->start = moved;
    verify(shadow, object, kept);
    shadow->live_bytes += bytes - object->bytes;
    object->bytes = bytes;
    object->alignment = 0;
    check_place(shadow, object);
    fill(object);
}

void shadow_apply(struct shadow *shadow, enum shadow_action action, size_t place, size_t bytes,
                  unsigned alignment_shift)
{
    struct shadow_object *object = &shadow->objects[place];
    shadow->operations++;
    if (action == SHADOW_PURGE)
        (void)mempool_purge();
    else if (object->start == NULL)
        take(shadow, action <= SHADOW_ALIGNED ? action : SHADOW_ALLOC, object, bytes,
             alignment_shift);
    else if (action == SHADOW_RESIZE)
        resize(shadow, object, bytes);
    else if (action == SHADOW_VERIFY)
        verify(shadow, object, object->bytes);
    else
        give_back(shadow, object, action == SHADOW_FREE_SIZED);
}

/* --- At random --- */

/* Most are small; each doubling above is rarer. */
static size_t random_bytes(struct shadow *shadow)
{
    size_t limit = 128;
    while (limit < shadow->most_bytes && shadow_random(shadow, 3) == 0)
        limit *= 4;
    return shadow_random(shadow, limit < shadow->most_bytes ? limit : shadow->most_bytes + 1);
}

void shadow_step(struct shadow *shadow)
{
    size_t place = shadow_random(shadow, SHADOW_PLACES);
    enum shadow_action action = (enum shadow_action)shadow_random(shadow, SHADOW_PURGE);
    unsigned shift = (unsigned)shadow_random(shadow, shadow_random(shadow, 100) == 0 ? 17 : 8);
    bool is_full = shadow->live_bytes > shadow->most_live;
    if (shadow_random(shadow, 200000) == 0)
        action = SHADOW_PURGE;
    else if (is_full && shadow->objects[place].start == NULL)
        return;
    else if (is_full)
        action = SHADOW_FREE;
    shadow_apply(shadow, action, place, random_bytes(shadow), shift);
}

void shadow_verify_all(struct shadow *shadow)
{
    for (size_t i = 0; i < SHADOW_PLACES; i++)
        if (shadow->objects[i].start != NULL)
            verify(shadow, &shadow->objects[i], shadow->objects[i].bytes);
}

void shadow_free_all(struct shadow *shadow)
{
    for (size_t i = 0; i < SHADOW_PLACES; i++)
        if (shadow->objects[i].start != NULL)
            give_back(shadow, &shadow->objects[i], i % 2 == 0);
}

/* --- Between threads --- */

struct shadow_object shadow_hand_over(struct shadow *shadow, size_t place)
{
    struct shadow_object object = shadow->objects[place];
    shadow->objects[place].start = NULL;
    if (object.start != NULL) {
        verify(shadow, &object, object.bytes);
        shadow->live_bytes -= object.bytes;
    }
    return object;
}

void shadow_take_over(struct shadow *shadow, size_t place, struct shadow_object object)
{
    if (shadow->objects[place].start != NULL)
        give_back(shadow, &shadow->objects[place], false);
    if (object.start == NULL)
        return;
    verify(shadow, &object, object.bytes);
    shadow->objects[place] = object;
    shadow->live_bytes += object.bytes;
}

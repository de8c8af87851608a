/* poison: see poison.h for the layout. */
#include "common/poison.h"

#include <stdatomic.h>
#include <stdint.h>
#include <string.h>

#include "common/caller_bug.h"

enum { FILL_START = 2 * sizeof(void *) };

static bool is_on;
static uintptr_t times_on; /* how often it was switched on; part of each stamp */

void poison_switch(bool on)
{
    if (on && !is_on)
        times_on++;
    is_on = on;
}

bool poison_is_on(void)
{
    return is_on;
}

static uintptr_t *stamp_of(const void *object, size_t bytes)
{
    return (uintptr_t *)((char *)object + bytes - sizeof(uintptr_t));
}

/* Depends on the address, so that an object cut anew over an old one is not taken for it; and on when it
 * was made: while the switch is off nobody takes a stamp off the object that is handed out. */
static uintptr_t stamp_for(const void *object, size_t bytes)
{
    return ((uintptr_t)object ^ bytes ^ times_on << 48) * 0x9e3779b97f4a7c15u;
}

void poison_fill(void *object, size_t bytes)
{
    if (!is_on || bytes < POISON_LEAST_BYTES)
        return;
    memset((char *)object + FILL_START, POISON_BYTE, bytes - FILL_START - sizeof(uintptr_t));
    *stamp_of(object, bytes) = stamp_for(object, bytes);
}

bool poison_is_stamped(const void *object, size_t bytes)
{
    return is_on && bytes >= POISON_LEAST_BYTES &&
           *stamp_of(object, bytes) == stamp_for(object, bytes);
}

void poison_verify(void *object, size_t bytes)
{
    if (!poison_is_stamped(object, bytes))
        return;
    const unsigned char *end = (const unsigned char *)stamp_of(object, bytes);
    for (const unsigned char *byte = (const unsigned char *)object + FILL_START; byte < end; byte++)
        if (*byte != POISON_BYTE)
            caller_bug(CALLER_BUG_USE_AFTER_FREE, byte);
    *stamp_of(object, bytes) = 0;
}

void poison_forget(void *object, size_t bytes)
{
    if (poison_is_stamped(object, bytes))
        *stamp_of(object, bytes) = 0;
}

/* A ring. Acquire and release: who takes a span out must see what another thread wrote into it before it
 * was put in. The place is only a number, so relaxed. */
void *poison_wait(void *emptied)
{
    static _Atomic(void *) waiting[POISON_WAITING_SPANS];
    static atomic_size_t next;
    size_t place = atomic_fetch_add_explicit(&next, 1, memory_order_relaxed) % POISON_WAITING_SPANS;
    return atomic_exchange_explicit(&waiting[place], emptied, memory_order_acq_rel);
}

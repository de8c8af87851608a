/* races: see races.h. */
#include "common/testing/interleave/races.h"

#include <stdint.h>

#include "common/testing/test.h"

static struct {
    bool is_pending;
    enum point_kind kind;
    uintptr_t start;
    size_t bytes;
} pending[SCHEDULE_MOST_THREADS + 1];

void races_pending(unsigned thread, enum point_kind kind, const void *address, size_t bytes,
                   const void *pc)
{
    (void)pc;
    pending[thread].is_pending = kind != POINT_MUTEX && kind != POINT_RELEASED;
    pending[thread].kind = kind;
    pending[thread].start = (uintptr_t)address;
    pending[thread].bytes = bytes;
}

void races_done(unsigned thread)
{
    pending[thread].is_pending = false;
}

static bool is_write(enum point_kind kind)
{
    return kind == POINT_WRITE || kind == POINT_ATOMIC_WRITE;
}

static bool is_atomic(enum point_kind kind)
{
    return kind == POINT_ATOMIC_READ || kind == POINT_ATOMIC_WRITE;
}

static const char *verb(enum point_kind kind)
{
    return is_write(kind) ? "write" : "read";
}

void races_check(unsigned thread, enum point_kind kind, const void *address, size_t bytes,
                 const void *pc)
{
    if (kind == POINT_MUTEX || kind == POINT_RELEASED)
        return;
    for (unsigned other = 1; other <= SCHEDULE_MOST_THREADS; other++) {
        if (other == thread || !pending[other].is_pending)
            continue;
        bool is_same = (uintptr_t)address < pending[other].start + pending[other].bytes &&
                       pending[other].start < (uintptr_t)address + bytes;
        if (!is_same || (!is_write(kind) && !is_write(pending[other].kind)) ||
            (is_atomic(kind) && is_atomic(pending[other].kind)))
            continue;
        record_event(EVENT_PREEMPT, thread, pc, address, "is about to do");
        test_fail(__FILE__, __LINE__,
                  "data race: T%u is about to %s the %zu bytes at %p that T%u is about to %s, and "
                  "no lock keeps them apart",
                  thread, verb(kind), bytes, address, other, verb(pending[other].kind));
    }
}

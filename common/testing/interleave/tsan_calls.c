/* tsan_calls: the functions that gcc and clang call from code compiled with -fsanitize=thread, before
 * each access of memory that others can see. The sanitizer's own runtime looks for races with them;
 * here each is a point at which the scheduler may let another thread go on.
 *
 *     span->live_count--;     becomes     __tsan_read4(&span->live_count);
 *                                         __tsan_write4(&span->live_count);
 *                                         span->live_count--;
 *
 * Only one thread runs at a time, so the atomic operations need be no more than plain ones, and
 * interleavings are sequentially consistent: what a weaker memory order allows beyond that is for
 * ThreadSanitizer to see. The names are the compilers' choice, not ours, hence the macros. */
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "common/testing/interleave/scheduler.h"

#define HERE __builtin_return_address(0)

/* --- Plain accesses --- */

#define ACCESS(name_, kind_, bytes_)                                                               \
    void __tsan_##name_(void *address);                                                            \
    void __tsan_##name_(void *address)                                                             \
    {                                                                                              \
        scheduler_point(kind_, address, bytes_, HERE);                                             \
    }

#define ACCESSES(bytes_)                                                                           \
    ACCESS(read##bytes_, POINT_READ, bytes_)                                                       \
    ACCESS(write##bytes_, POINT_WRITE, bytes_)                                                     \
    ACCESS(unaligned_read##bytes_, POINT_READ, bytes_)                                             \
    ACCESS(unaligned_write##bytes_, POINT_WRITE, bytes_)                                           \
    ACCESS(volatile_read##bytes_, POINT_READ, bytes_)                                              \
    ACCESS(volatile_write##bytes_, POINT_WRITE, bytes_)

ACCESSES(1)
ACCESSES(2)
ACCESSES(4)
ACCESSES(8)
ACCESSES(16)

#define RANGE(name_, kind_)                                                                        \
    void __tsan_##name_(void *address, size_t bytes);                                              \
    void __tsan_##name_(void *address, size_t bytes)                                               \
    {                                                                                              \
        scheduler_point(kind_, address, bytes, HERE);                                              \
    }

RANGE(read_range, POINT_READ)
RANGE(write_range, POINT_WRITE)

/* --- Atomic operations --- */

#define UPDATE(bits_, name_, expression_)                                                          \
    uint##bits_##_t __tsan_atomic##bits_##_##name_(volatile uint##bits_##_t *at,                   \
                                                   uint##bits_##_t value, int order);              \
    uint##bits_##_t __tsan_atomic##bits_##_##name_(volatile uint##bits_##_t *at,                   \
                                                   uint##bits_##_t value, int order)               \
    {                                                                                              \
        (void)order;                                                                               \
        scheduler_point(POINT_ATOMIC_WRITE, (const void *)(uintptr_t)at, (bits_) / 8, HERE);       \
        uint##bits_##_t old = *at;                                                                 \
        *at = (uint##bits_##_t)(expression_);                                                      \
        return old;                                                                                \
    }

/* Weak ones fail only where strong ones do: a loop round them would hide nothing. */
#define COMPARE(bits_, name_)                                                                      \
    int __tsan_atomic##bits_##_##name_(volatile uint##bits_##_t *at, uint##bits_##_t *expected,    \
                                       uint##bits_##_t value, int order, int failure_order);       \
    int __tsan_atomic##bits_##_##name_(volatile uint##bits_##_t *at, uint##bits_##_t *expected,    \
                                       uint##bits_##_t value, int order, int failure_order)        \
    {                                                                                              \
        (void)order;                                                                               \
        (void)failure_order;                                                                       \
        scheduler_point(POINT_ATOMIC_WRITE, (const void *)(uintptr_t)at, (bits_) / 8, HERE);       \
        if (*at == *expected) {                                                                    \
            *at = value;                                                                           \
            return 1;                                                                              \
        }                                                                                          \
        *expected = *at;                                                                           \
        return 0;                                                                                  \
    }

#define ATOMICS(bits_)                                                                             \
    uint##bits_##_t __tsan_atomic##bits_##_load(const volatile uint##bits_##_t *at, int order);    \
    uint##bits_##_t __tsan_atomic##bits_##_load(const volatile uint##bits_##_t *at, int order)     \
    {                                                                                              \
        (void)order;                                                                               \
        scheduler_point(POINT_ATOMIC_READ, (const void *)(uintptr_t)at, (bits_) / 8, HERE);        \
        return *at;                                                                                \
    }                                                                                              \
    void __tsan_atomic##bits_##_store(volatile uint##bits_##_t *at, uint##bits_##_t value,         \
                                      int order);                                                  \
    void __tsan_atomic##bits_##_store(volatile uint##bits_##_t *at, uint##bits_##_t value,         \
                                      int order)                                                   \
    {                                                                                              \
        (void)order;                                                                               \
        scheduler_point(POINT_ATOMIC_WRITE, (const void *)(uintptr_t)at, (bits_) / 8, HERE);       \
        *at = value;                                                                               \
    }                                                                                              \
    UPDATE(bits_, exchange, value)                                                                 \
    UPDATE(bits_, fetch_add, old + value)                                                          \
    UPDATE(bits_, fetch_sub, old - value)                                                          \
    UPDATE(bits_, fetch_and, old &value)                                                           \
    UPDATE(bits_, fetch_or, old | value)                                                           \
    UPDATE(bits_, fetch_xor, old ^ value)                                                          \
    UPDATE(bits_, fetch_nand, ~(old & value))                                                      \
    COMPARE(bits_, compare_exchange_strong)                                                        \
    COMPARE(bits_, compare_exchange_weak)

ATOMICS(8)
ATOMICS(16)
ATOMICS(32)
ATOMICS(64)

/* --- The rest --- */

void __tsan_init(void);
void __tsan_func_entry(void *caller);
void __tsan_func_exit(void);
void __tsan_atomic_thread_fence(int order);
void __tsan_atomic_signal_fence(int order);

static _Thread_local unsigned depth; /* of instrumented functions */

void __tsan_init(void)
{
}

/* A call from the test, or from a stand-in. */
void __tsan_func_entry(void *caller)
{
    (void)caller;
    if (depth++ == 0)
        record_event(EVENT_CALL, scheduler_thread(), HERE, NULL, "");
}

void __tsan_func_exit(void)
{
    depth--;
}

void __tsan_atomic_thread_fence(int order)
{
    (void)order;
}

void __tsan_atomic_signal_fence(int order)
{
    (void)order;
}

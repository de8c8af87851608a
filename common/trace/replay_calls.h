/* replay_calls: the calls of a trace's program, ready to be made again.
 *
 * Addresses of the trace mean nothing in another process: each object gets a place, and calls name
 * places. The memory for all this is mapped, so that it is none of the allocator's that is measured. */
#ifndef COMMON_TRACE_REPLAY_CALLS_H
#define COMMON_TRACE_REPLAY_CALLS_H

#include "common/trace/trace_file.h"

enum { MOST_REPLAY_THREADS = 256 };

struct replay_call {
    uint32_t place; /* where the object comes to, or is taken from by _FREE */
    uint32_t
        old_place; /* of TRACE_RESIZE: another, or a free that comes later could come before it */
    uint8_t call;  /* TRACE_ALLOC, _CALLOC, _ALIGNED_ALLOC, _RESIZE or _FREE */
    uint64_t bytes;
    uint64_t alignment;
};

struct replay_thread {
    struct replay_call *calls;
    size_t count;
};

struct replay_calls {
    struct replay_thread threads[MOST_REPLAY_THREADS];
    size_t thread_count;
    size_t call_count;
    void **places;
    size_t place_count;
};

void replay_calls_read(struct replay_calls *calls, const struct trace_file *trace);

#endif

/* trace_format: the file that the recorder writes and trace-reader reads.
 *
 *   0                4096
 *   ├────────────────┼────────┬────────┬────────┬────────┬─────
 *   │ struct         │ record │ record │ more   │ record │ …       each TRACE_RECORD_BYTES long,
 *   │ trace_header   │   0    │   1    │  of 1  │   3    │         in the order in which it happened
 *   └────────────────┴────────┴────────┴────────┴────────┴─────
 *
 * All numbers are little endian. The order of records is one global count: what an object, batch or
 * span goes through is in the order in which it went through it. A call that hands something out is
 * recorded after it returned, one that takes something back before it begins: so the memory is never
 * in two places at once in a trace, whatever threads do.
 *
 * A file is written in place while the program runs: of a program that crashed, all is there up to the
 * crash. A record whose call is TRACE_UNFINISHED was claimed by a thread and never written.
 *
 * Read next: recorder.h, which writes it; trace_file.h, which reads it. */
#ifndef COMMON_TRACE_TRACE_FORMAT_H
#define COMMON_TRACE_TRACE_FORMAT_H

#include <assert.h>
#include <stdint.h>

#define TRACE_MAGIC "MEMTRACE"

enum {
    TRACE_VERSION = 1,
    TRACE_BYTE_ORDER = 0x01020304,
    TRACE_HEADER_BYTES = 4096,
    TRACE_RECORD_BYTES = 48,
    TRACE_ADDRESSES_A_RECORD = 5,
    TRACE_COMMAND_BYTES = 1024,
};

struct trace_header {
    char magic[8];
    uint32_t version;
    uint32_t byte_order;
    uint32_t header_bytes;
    uint32_t record_bytes;
    uint64_t capacity; /* records that the file has room for */
    uint64_t claimed;  /* records that there were; what is above `capacity` was dropped */
    uint32_t process;
    uint32_t page_shift;
    char
        command[TRACE_COMMAND_BYTES]; /* the program and its arguments, 0 between and behind them */
};

/* What was called. The comments say what the fields mean; what is not named is 0.
 * `address` is the subject always: what is handed out (NULL: the call failed) or taken back. */
enum trace_call {
    TRACE_UNFINISHED = 0,
    TRACE_MORE = 1, /* goes with the record before it: addresses of a batch, or text of a note */
    TRACE_NOTE = 2, /* a remark of the program; its text is in the records that follow */
    TRACE_CALLER_BUG = 3, /* address; count: enum caller_bug_kind */
    TRACE_TEST_FAILS = 4, /* what the test says, as in a note */

    /* Program and pool. */
    TRACE_ALLOC = 10,    /* bytes: as asked for */
    TRACE_CALLOC,        /* bytes: the whole product */
    TRACE_ALIGNED_ALLOC, /* bytes, count: alignment */
    TRACE_RESIZE_BEGINS, /* address: the old object; bytes: the new size */
    TRACE_RESIZE,        /* address: where it is now; bytes: the new size; other: the old object */
    TRACE_FREE,          /* also NULL */
    TRACE_FREE_SIZED,    /* bytes, count: alignment */
    TRACE_POOL_PURGE,    /* count: bytes given back */

    /* Program and thread cache, where no mempool function lies between. */
    TRACE_THREAD_ALLOC = 20, /* class */
    TRACE_THREAD_FREE,       /* class */
    TRACE_THREAD_FLUSH,

    /* Thread cache and central cache. Records with the objects' addresses follow. */
    TRACE_FETCH = 30, /* class; address: the first object; count: objects; other: wanted */
    TRACE_RELEASE,    /* class; address: the first object; count: objects */
    TRACE_CENTRAL_FLUSH,

    /* Central cache, or program, and page cache. */
    TRACE_SPAN_ALLOC = 40, /* class; address: first page; count: pages; bytes: page alignment */
    TRACE_SPAN_FREE,       /* class; address: first page; count: pages; bytes: below the tail */
    TRACE_SPAN_RESIZE, /* address: first page; count: new pages; bytes: old pages; other: 0 where
                              that could not be done */
    TRACE_PAGE_PURGE,  /* bytes: to keep; count: bytes given back */

    /* Page cache and page map. */
    TRACE_MAP_RESERVE = 50, /* address: first page; count: pages; other: whether it worked */
    TRACE_MAP_SET,          /* class; address: first page; count: pages; other: the span's record */

    /* Any layer and the operating system. `within` says what for. */
    TRACE_OS_MAP = 60, /* address, bytes; count: alignment */
    TRACE_OS_UNMAP,    /* address, bytes */
    TRACE_OS_PURGE,    /* address, bytes */

    /* A layer and its object pool. */
    TRACE_RECORD_INIT = 70, /* other: the pool; bytes: of an object; count: alignment */
    TRACE_RECORD_ALLOC,     /* address: the object; other: the pool */
    TRACE_RECORD_FREE,      /* address: the object; other: the pool */
    TRACE_RECORD_DESTROY,   /* other: the pool */
};

struct trace_record {
    uint8_t call;     /* enum trace_call */
    uint8_t class_id; /* of a TRACE_MORE: how many addresses it has */
    uint8_t within;   /* the recorded call during which this one was made, or 0 */
    uint8_t unused;
    uint32_t thread; /* 1, 2, … in the order of their first record */
    union {
        struct {
            uint32_t more; /* records of TRACE_MORE that follow */
            uint32_t reserved;
            uint64_t address;
            uint64_t bytes;
            uint64_t count;
            uint64_t other;
        };
        uint64_t addresses[TRACE_ADDRESSES_A_RECORD];
        char text[TRACE_ADDRESSES_A_RECORD * 8]; /* not ended by a 0 where it fills the record */
    };
};

static_assert(sizeof(struct trace_record) == TRACE_RECORD_BYTES, "records are written as they are");
static_assert(sizeof(struct trace_header) <= TRACE_HEADER_BYTES, "the first record follows it");

#endif

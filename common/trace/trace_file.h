/* trace_file: a trace as trace-reader sees it: events in order, each with what belongs to it.
 *
 * An event is a record that is no TRACE_MORE; events are numbered from 1, and state 0 is before the first.
 * Records that were claimed and never written are skipped and counted.
 *
 * Read next: model.h. */
#ifndef COMMON_TRACE_TRACE_FILE_H
#define COMMON_TRACE_TRACE_FILE_H

#include <stddef.h>

#include "common/trace/trace_format.h"

struct trace_file {
    const struct trace_header *header;
    const struct trace_record *records;
    size_t record_count; /* in the file */
    size_t *events;      /* events[i]: the record of event i + 1 */
    size_t event_count;
    size_t unfinished; /* records claimed and never written */
    size_t dropped;    /* records for which there was no room */
};

/* Map and verify a file; ends the program with one line where it is no trace or not whole. */
struct trace_file trace_open(const char *path);

/* Event 1 to event_count. */
const struct trace_record *trace_event(const struct trace_file *trace, size_t event);

/* The addresses that belong to a record of a batch: how many, and each. */
size_t trace_address_count(const struct trace_file *trace, const struct trace_record *record);
uint64_t trace_address(const struct trace_record *record, size_t index);

/* Copy the text of a note; returns `text`. */
const char *trace_note_text(const struct trace_record *record, char *text, size_t bytes);

/* "alloc", "fetch", …; and the layers that the call lies between, for people. */
const char *trace_call_name(unsigned call);
const char *trace_call_boundary(unsigned call);

/* Print one line on stderr, after the program's name, and end with status 1. */
_Noreturn void trace_die(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* calloc that does not fail. */
void *trace_zeroed(size_t count, size_t bytes);

#endif

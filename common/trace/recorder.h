/* recorder: writes what crosses the boundaries between the layers into a file (trace_format.h).
 *
 *   caller ──▶ mempool_alloc ──▶ __real_mempool_alloc
 *              (record_*.c)       (the layer's own function, renamed by rename.sh after compiling)
 *
 * No layer knows about it: the functions of the contract headers are renamed in the compiled objects,
 * and functions of the old names, here, call them and record. That is the same for the reference, for
 * a student's code and for the stand-ins of the tests, and the release library has none of it.
 *
 *   MEMPOOL_TRACE=file         where to write; %p in the name stands for the process id. While one process
 *                              writes to a file no other does: programs that it starts are not recorded,
 *                              unless %p gives each a file of its own
 *   MEMPOOL_TRACE_EVENTS=n     room for so many records (a million if not set); what comes after them
 *                              is counted and dropped
 *
 * The file is mapped, and grown to its full size, before the first record; recording itself allocates
 * nothing, takes no lock and makes no system call. After fork the child records nothing: the page that
 * knows the file is wiped there by the kernel.
 *
 * Any thread may record at any time, also before main. Read next: record_program.c. */
#ifndef COMMON_TRACE_RECORDER_H
#define COMMON_TRACE_RECORDER_H

#include "common/free_list.h"
#include "common/trace/trace_format.h"

/* Write one record; `thread` and `within` are filled in. Keeps errno. */
void recorder_put(struct trace_record record);

/* The same, and the addresses of the objects in `list`, as far as its links and its count agree. */
void recorder_put_list(struct trace_record record, const struct free_list *list);

/* Between these two the calling thread is inside `call`. Enter returns what leave needs. */
enum trace_call recorder_enter(enum trace_call call);
void recorder_leave(enum trace_call before);

/* What the calling thread is inside of; 0 where the caller is the program. */
enum trace_call recorder_within(void);

/* The same, and a text; for a note and its like. */
void recorder_put_text(enum trace_call call, const char *text);

/* For programs that tell a story: write a remark into the trace. */
void trace_note(const char *text);

#endif

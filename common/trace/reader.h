/* reader: the commands of trace-reader, one file each. */
#ifndef COMMON_TRACE_READER_H
#define COMMON_TRACE_READER_H

#include <stdio.h>

#include "common/trace/model.h"

/* Each returns the exit status. */
int reader_summary(const struct trace_file *trace);
int reader_dump(const struct trace_file *trace);
int reader_check(const struct trace_file *trace);
int reader_state(const struct trace_file *trace, size_t event);
int reader_replay(const struct trace_file *trace, const char *path, char *const *libraries);
int reader_html(const struct trace_file *trace, const char *template, const char *out,
                const char *window);

/* One event in words, as dump prints it, without the line's end. */
void reader_print_event(FILE *out, const struct trace_file *trace, size_t event);

#endif

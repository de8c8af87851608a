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
struct html_options {
    const char *page;   /* folder of the page's parts */
    const char *out;    /* the file to write */
    const char *window; /* FIRST..LAST, or NULL */
    const char *title;  /* or NULL: the command */
    const char *stage;  /* of a scenario; or NULL */
};
int reader_html(const struct trace_file *trace, const struct html_options *options);

/* The state that the model is in, as JSON. */
void reader_print_state(FILE *to, const struct model *model);

/* One event in words, as dump prints it, without the line's end. */
void reader_print_event(FILE *out, const struct trace_file *trace, size_t event);

#endif

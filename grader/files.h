/* files: reading, writing, finding and removing files. */
#ifndef GRADER_FILES_H
#define GRADER_FILES_H

#include <stdbool.h>
#include <stddef.h>

/* The first `most_bytes` of a file, with a NUL behind them; NULL with errno where it cannot be
 * read. The memory is kept (keep.h). `length` may be NULL. */
char *file_read(const char *path, size_t most_bytes, size_t *length);

/* The same of a file that code of a student's could have written, or put something else in its place:
 * where it is a link, a pipe or a device it is not opened (errno is EINVAL, or ELOOP). */
char *file_read_regular(const char *path, size_t most_bytes, size_t *length);

/* Write a file whole or not at all: beside it first, then renamed. Returns false with errno. */
bool file_write(const char *path, const char *bytes, size_t length);

/* Copy a file with its permissions and its time, by which it is known (calibration.h), unless the copy is
 * as new. Returns false with errno. */
bool file_copy(const char *from, const char *to);

bool file_exists(const char *path);

/* Make a folder and those above it. Dies where it cannot. */
void folder_make(const char *path);

/* Remove a file, or a folder and all that is in it; no link is followed. */
void folder_remove(const char *path);

/* Whether a program of that name is in PATH. */
bool file_in_path(const char *program);

#endif

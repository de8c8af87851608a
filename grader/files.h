/* files: reading, writing and finding files; and the scratch folder, which holds all that a grading
 * makes and goes when the grader ends. */
#ifndef GRADER_FILES_H
#define GRADER_FILES_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/* The first `most_bytes` of a file, with a NUL behind them; NULL with errno where it cannot be
 * read. The memory is kept (keep.h). `length` may be NULL. */
char *file_read(const char *path, size_t most_bytes, size_t *length);

/* Write a file whole or not at all: beside it first, then renamed. Returns false with errno. */
bool file_write(const char *path, const char *bytes, size_t length);

/* Copy a file with its permissions, unless the copy is as new. Returns false with errno. */
bool file_copy(const char *from, const char *to);

bool file_exists(const char *path);

/* Make a folder and those above it. Dies where it cannot. */
void folder_make(const char *path);

/* Remove a file, or a folder and all that is in it; no link is followed. */
void folder_remove(const char *path);

/* Whether a program of that name is in PATH. */
bool file_in_path(const char *program);

/* Make the scratch folder, under TMPDIR or /tmp, with a name of its own, unless there is one;
 * removed at exit. */
void scratch_make(void);

/* Processes of that group may reach what is in it by name; nobody else but its owner may. */
void scratch_share(gid_t group);

/* A path in it. */
const char *scratch_path(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* `text` without the scratch folder's name, for what is shown: compilers and tools print it. */
char *scratch_hide(const char *text);

#endif

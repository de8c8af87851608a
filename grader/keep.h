/* keep: memory that lives until the grader ends.
 *
 * What the grader learns (names, messages, findings) is small and is all needed for the report at
 * the end. So nothing of it is freed piece by piece: it is kept, and given back in one go. */
#ifndef GRADER_KEEP_H
#define GRADER_KEEP_H

#include <stdarg.h>
#include <stddef.h>

/* Zeroed. Never NULL: without memory the grader dies. */
void *keep_bytes(size_t bytes);

/* A copy of `length` bytes, or of the whole text, with a NUL behind it. */
char *keep_part(const char *start, size_t length);
char *keep_text(const char *text);

/* A text made as by printf. */
char *keep_format(const char *format, ...) __attribute__((format(printf, 1, 2)));
char *keep_vformat(const char *format, va_list arguments) __attribute__((format(printf, 1, 0)));

/* `array` of `count` items with room for one more, zeroed; start with NULL and 0. Always take what
 * it returns: the array may have moved. */
void *keep_room(void *array, size_t count, size_t item_bytes);

void keep_free_all(void);

#endif

/* keep: see keep.h. Every piece is chained to the one before it. */
#include "grader/keep.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "grader/die.h"

struct piece {
    struct piece *older;
    max_align_t bytes[];
};

static struct piece *newest;

void *keep_bytes(size_t bytes)
{
    struct piece *piece = calloc(1, sizeof *piece + bytes);
    if (piece == NULL)
        die_broken("out of memory");
    piece->older = newest;
    newest = piece;
    return piece->bytes;
}

char *keep_part(const char *start, size_t length)
{
    char *copy = keep_bytes(length + 1);
    memcpy(copy, start, length);
    return copy;
}

char *keep_text(const char *text)
{
    return keep_part(text, strlen(text));
}

char *keep_vformat(const char *format, va_list arguments)
{
    va_list again;
    va_copy(again, arguments);
    int length = vsnprintf(NULL, 0, format, again);
    va_end(again);
    if (length < 0)
        die_broken("a text cannot be formatted");
    char *text = keep_bytes((size_t)length + 1);
    vsnprintf(text, (size_t)length + 1, format, arguments);
    return text;
}

char *keep_format(const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    char *text = keep_vformat(format, arguments);
    va_end(arguments);
    return text;
}

/* The array is full at 0 items and at each power of two, and doubles there. */
void *keep_room(void *array, size_t count, size_t item_bytes)
{
    if ((count & (count - 1)) != 0)
        return array;
    char *larger = keep_bytes((count == 0 ? 1 : 2 * count) * item_bytes);
    if (count != 0)
        memcpy(larger, array, count * item_bytes);
    return larger;
}

void keep_free_all(void)
{
    while (newest != NULL) {
        struct piece *older = newest->older;
        free(newest);
        newest = older;
    }
}

/* text: see text.h. */
#include "grader/text.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "grader/keep.h"

enum { COLUMNS = 80, MOST_HANG = 20 };

char *text_printable(const char *text)
{
    static const char digits[] = "0123456789abcdef";
    char *printable = keep_bytes(4 * strlen(text) + 1);
    char *to = printable;
    for (; *text != '\0'; text++) {
        unsigned char byte = (unsigned char)*text;
        if (byte >= ' ' && byte <= '~') {
            *to++ = *text;
        } else if (byte == '\n' || byte == '\t') {
            *to++ = ' ';
        } else {
            *to++ = '\\';
            *to++ = 'x';
            *to++ = digits[byte >> 4];
            *to++ = digits[byte & 15];
        }
    }
    return printable;
}

/* How much of `text` goes on a line with `room` columns: up to its last space, if it has one. */
static size_t line_length(const char *text, size_t room)
{
    size_t length = strlen(text);
    if (length <= room)
        return length;
    for (size_t at = room; at > 0; at--)
        if (text[at] == ' ')
            return at;
    return room;
}

void text_wrap(FILE *out, unsigned indent, const char *label, const char *text)
{
    size_t label_length = strlen(label);
    size_t hang = indent + (label_length <= MOST_HANG ? label_length : MOST_HANG);
    size_t room = COLUMNS - indent - label_length;
    fprintf(out, "%*s%s", (int)indent, "", label);
    do {
        size_t length = line_length(text, room);
        fprintf(out, "%.*s\n", (int)length, text);
        text += length;
        text += strspn(text, " ");
        room = COLUMNS - hang;
        if (*text != '\0')
            fprintf(out, "%*s", (int)hang, "");
    } while (*text != '\0');
}

const char *text_color(FILE *out, enum text_color color)
{
    static const char *const codes[] = {
        [TEXT_PLAIN] = "\033[0m",   [TEXT_GOOD] = "\033[32m",  [TEXT_BAD] = "\033[31m",
        [TEXT_UNDONE] = "\033[33m", [TEXT_STRONG] = "\033[1m",
    };
    const char *no_color = getenv("NO_COLOR");
    bool wanted = isatty(fileno(out)) == 1 && (no_color == NULL || *no_color == '\0');
    return wanted ? codes[color] : "";
}

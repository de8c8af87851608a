/* text: see text.h. */
#include "grader/text.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "grader/keep.h"

enum { COLUMNS = 80, MOST_HANG = 20 };

static char *put_escaped(char *to, unsigned char byte)
{
    static const char digits[] = "0123456789abcdef";
    *to++ = '\\';
    *to++ = 'x';
    *to++ = digits[byte >> 4];
    *to++ = digits[byte & 15];
    return to;
}

char *text_printable(const char *text)
{
    char *printable = keep_bytes(4 * strlen(text) + 1);
    char *to = printable;
    for (; *text != '\0'; text++) {
        unsigned char byte = (unsigned char)*text;
        if (byte >= ' ' && byte <= '~') {
            *to++ = *text;
        } else if (byte == '\n' || byte == '\t') {
            *to++ = ' ';
        } else {
            to = put_escaped(to, byte);
        }
    }
    return printable;
}

/* The length in bytes of the valid UTF-8 sequence at `text`, and its `code`; 0 if it is none. */
static size_t decode(const char *text, unsigned long *code)
{
    static const unsigned long least[] = {0, 0, 0x80, 0x800, 0x10000};
    unsigned char first = (unsigned char)*text;
    size_t length = first < 0x80 ? 1 : first < 0xc0 ? 0 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
    if (length == 0 || first > 0xf4)
        return 0;
    *code = length == 1 ? first : first & (0x7fu >> length);
    for (size_t i = 1; i < length; i++) {
        if (((unsigned char)text[i] & 0xc0) != 0x80)
            return 0;
        *code = *code << 6 | ((unsigned char)text[i] & 0x3f);
    }
    return *code < least[length] || *code > 0x10ffff ? 0 : length;
}

/* Controls, surrogates, marks that are not seen but turn or hide what is, and what XML forbids. */
static bool is_harmless(unsigned long code)
{
    bool control = code < ' ' || (code >= 0x7f && code < 0xa0);
    bool mark = code == 0xad || code == 0x61c || (code >= 0x200b && code <= 0x200f) ||
                (code >= 0x2028 && code <= 0x202e) || (code >= 0x2060 && code <= 0x206f) ||
                code == 0xfeff || (code >= 0xe0000 && code <= 0xe0fff);
    bool none = (code >= 0xd800 && code < 0xe000) || (code & 0xfffe) == 0xfffe ||
                (code >= 0xfdd0 && code <= 0xfdef);
    return code == '\n' || code == '\t' || !(control || mark || none);
}

char *text_clean(const char *text)
{
    char *clean = keep_bytes(4 * strlen(text) + 1);
    char *to = clean;
    while (*text != '\0') {
        unsigned long code = 0;
        size_t length = decode(text, &code);
        bool good = length != 0 && is_harmless(code);
        for (size_t i = 0; i < (length == 0 ? 1 : length); i++, text++) {
            if (good)
                *to++ = *text;
            else
                to = put_escaped(to, (unsigned char)*text);
        }
    }
    return clean;
}

const char *text_behind_mark(const char *text)
{
    static const char mark[] = "\xef\xbb\xbf";
    return strncmp(text, mark, strlen(mark)) == 0 ? text + strlen(mark) : text;
}

char *text_cut(const char *text, size_t most_bytes)
{
    size_t length = strlen(text);
    if (length > most_bytes)
        for (length = most_bytes; length > 0 && ((unsigned char)text[length] & 0xc0) == 0x80;)
            length--;
    return keep_part(text, length);
}

const char *text_start(const char *text, size_t most_bytes)
{
    size_t length = strlen(text);
    if (length <= most_bytes)
        return text;
    const char *start = text_cut(text, most_bytes);
    return keep_format("%s... (and %zu bytes more)", start, length - strlen(start));
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

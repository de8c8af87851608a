/* text: makes text fit to print. */
#ifndef GRADER_TEXT_H
#define GRADER_TEXT_H

#include <stdio.h>

/* A copy in printable ASCII, whatever a tested program put in: other bytes as \xNN, tabs and line
 * ends as a space. So nothing steers a terminal, and any report format takes it. */
char *text_printable(const char *text);

/* A copy in which letters of all languages stay as they are, for what is shown where UTF-8 is: only
 * what is not valid UTF-8, controls, and marks that turn the direction of writing are written as
 * \xNN; line ends and tabs stay. */
char *text_clean(const char *text);

/* `text` behind the mark of UTF-8 (a byte order mark), which some programs put at the start of a file and
 * which is no part of what it says. */
const char *text_behind_mark(const char *text);

/* The first `most_bytes` at most, and no part of a letter. */
char *text_cut(const char *text, size_t most_bytes);

/* `text` itself, or where it is longer than `most_bytes` its start, and how much more there is. For
 * what a submission may make as long as it likes: names, and messages with names in them. */
const char *text_start(const char *text, size_t most_bytes);

/* Print `label` and then `text` in lines of at most 80 columns, broken at spaces; each line is
 * indented by `indent`, and all but the first by the label's length too, or by 20 columns. */
void text_wrap(FILE *out, unsigned indent, const char *label, const char *text);

/* Colours: "" unless `out` is a terminal and NO_COLOR is not set. */
enum text_color { TEXT_PLAIN, TEXT_GOOD, TEXT_BAD, TEXT_UNDONE, TEXT_STRONG };
const char *text_color(FILE *out, enum text_color color);

#endif

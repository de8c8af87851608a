/* c_text: cuts C source, or what the preprocessor made of it, into tokens, as far as the gate needs:
 * comments are gone, trigraphs and lines that go on after a backslash are what they stand for, so that
 * a word cannot hide in either. */
#ifndef GRADER_C_TEXT_H
#define GRADER_C_TEXT_H

#include <stdbool.h>
#include <stddef.h>

enum c_kind { C_END, C_WORD, C_NUMBER, C_STRING, C_CHARACTER, C_SIGN };

struct c_token {
    enum c_kind kind;
    const char *start; /* of a string, behind its quote */
    size_t length;
    unsigned line;
    bool begins_line;
};

struct c_text {
    const char *at;
    unsigned line;
    bool in_line; /* some token of this line has been read */
};

/* `source` is copied (kept) and made plain. */
struct c_text c_text_start(const char *source);

struct c_token c_text_next(struct c_text *text);

/* What is left of the line, from the token on; the next token is the first of the next line. */
char *c_text_rest_of_line(struct c_text *text, const struct c_token *from);

bool c_token_is(const struct c_token *token, const char *word);

#endif

/* source: a C file as tokens and functions: enough to move a function or to change a token, without
 * a compiler. Comments and white space are no tokens; a preprocessor line is one.
 *
 *   static size_t round_up(size_t value, size_t multiple)      <- definition starts
 *   {                                                          <- body starts
 *       return (value + multiple - 1) & ~(multiple - 1);
 *   }                                                          <- both end */
#ifndef COMMON_COURSE_SOURCE_H
#define COMMON_COURSE_SOURCE_H

#include <stdbool.h>
#include <stddef.h>

enum token_kind { TOKEN_NAME, TOKEN_NUMBER, TOKEN_TEXT, TOKEN_MARK, TOKEN_DIRECTIVE };

struct token {
    const char *start; /* in the text of the source */
    size_t length;
    enum token_kind kind;
    unsigned line;
};

struct function {
    const char *name;
    size_t first_token; /* of its definition */
    size_t body_token;  /* the '{' */
    size_t last_token;  /* the '}' */
};

struct source {
    const char *path;
    const char *text;
    struct token *tokens;
    size_t token_count;
    struct function *functions;
    size_t function_count;
};

/* Read and take apart a file; ends the program where it cannot be read. */
struct source source_read(const char *path);

/* The same of a text; `path` is what it is called. */
struct source source_of_text(const char *path, const char *text);

bool token_is(const struct token *token, const char *text);

/* The token that closes the bracket at `open`, or the last token. */
size_t source_match(const struct source *source, size_t open);

/* The function of that name, or NULL; the function that a token lies in, or NULL. */
const struct function *source_function(const struct source *source, const char *name);
const struct function *source_function_at(const struct source *source, size_t token);

/* The text from the start of one token to the end of another. */
const char *source_text(const struct source *source, size_t first, size_t last);

/* The whole text with [first, last] (tokens) replaced. */
const char *source_replace(const struct source *source, size_t first, size_t last,
                           const char *replacement);

/* The number in the first todo("1.2") of a function, or NULL. */
const char *source_todo(const struct source *source, const struct function *function);

#endif

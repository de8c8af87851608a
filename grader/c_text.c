/* c_text: see c_text.h. */
#include "grader/c_text.h"

#include <ctype.h>
#include <string.h>

#include "grader/keep.h"
#include "grader/text.h"

/* ??= and so on: the third character, and what all three stand for. */
static char trigraph(const char *at)
{
    static const char thirds[] = "=/'()!<>-";
    static const char meanings[] = "#\\^[]|{}~";
    const char *third =
        at[0] == '?' && at[1] == '?' && at[2] != '\0' ? strchr(thirds, at[2]) : NULL;
    if (third == NULL)
        return '\0';
    return meanings[third - thirds];
}

/* Lines that were joined are missing: they are put back behind the whole line, to keep count. */
static char *join_lines(const char *source)
{
    char *plain = keep_bytes(strlen(source) + 1);
    char *to = plain;
    size_t joined = 0;
    while (*source != '\0') {
        char meant = trigraph(source);
        char character = *source;
        if (meant != '\0')
            character = meant;
        source += meant == '\0' ? 1 : 3;
        size_t blanks = strspn(source, " \t\r");
        if (character == '\\' && source[blanks] == '\n') {
            joined++;
            source += blanks + 1;
            continue;
        }
        *to++ = character;
        for (; character == '\n' && joined > 0; joined--)
            *to++ = '\n';
    }
    return plain;
}

struct c_text c_text_start(const char *source)
{
    return (struct c_text){join_lines(text_behind_mark(source)), 1, false};
}

/* Passes over a comment at `at`, if there is one; a newline in it counts. */
static bool skip_comment(struct c_text *text)
{
    if (strncmp(text->at, "//", 2) == 0) {
        text->at += strcspn(text->at, "\n");
        return true;
    }
    if (strncmp(text->at, "/*", 2) != 0)
        return false;
    for (text->at += 2; *text->at != '\0' && strncmp(text->at, "*/", 2) != 0; text->at++)
        text->line += *text->at == '\n';
    text->at += *text->at == '\0' ? 0 : 2;
    return true;
}

static void skip_blanks(struct c_text *text)
{
    while (*text->at != '\0') {
        if (*text->at == '\n') {
            text->line++;
            text->in_line = false;
        } else if (!isspace((unsigned char)*text->at)) {
            if (!skip_comment(text))
                return;
            continue;
        }
        text->at++;
    }
}

static bool is_word_part(char character)
{
    return isalnum((unsigned char)character) || character == '_' || character == '$' ||
           (unsigned char)character >= 128;
}

/* Ends at its quote, or with its line where that is missing. */
static void read_quoted(struct c_text *text, struct c_token *token)
{
    char quote = *text->at++;
    token->kind = quote == '"' ? C_STRING : C_CHARACTER;
    token->start = text->at;
    while (*text->at != '\0' && *text->at != '\n' && *text->at != quote)
        text->at += text->at[0] == '\\' && text->at[1] != '\0' && text->at[1] != '\n' ? 2 : 1;
    token->length = (size_t)(text->at - token->start);
    text->at += *text->at == quote;
}

/* 0x1e+2 is one number to the preprocessor; to the gate, it may be three tokens. */
static void read_word(struct c_text *text, struct c_token *token)
{
    token->kind = isdigit((unsigned char)*text->at) ? C_NUMBER : C_WORD;
    while (is_word_part(*text->at))
        text->at++;
    token->length = (size_t)(text->at - token->start);
}

struct c_token c_text_next(struct c_text *text)
{
    skip_blanks(text);
    struct c_token token = {C_END, text->at, 0, text->line, !text->in_line};
    if (*text->at == '\0')
        return token;
    text->in_line = true;
    if (*text->at == '"' || *text->at == '\'') {
        read_quoted(text, &token);
    } else if (is_word_part(*text->at)) {
        read_word(text, &token);
    } else {
        token.kind = C_SIGN;
        token.length = strncmp(text->at, "%:", 2) == 0 ? 2 : 1;
        if (token.length == 2)
            token.start = "#"; /* the same, in other letters */
        text->at += token.length;
        token.length = 1;
    }
    return token;
}

char *c_text_rest_of_line(struct c_text *text, const struct c_token *from)
{
    const char *start = from->kind == C_STRING ? from->start - 1 : from->start;
    const char *end = start + strcspn(start, "\n");
    if (text->at < end)
        text->at = end;
    return keep_part(start, (size_t)(end - start));
}

bool c_token_is(const struct c_token *token, const char *word)
{
    return token->kind != C_STRING && token->kind != C_CHARACTER && strlen(word) == token->length &&
           strncmp(token->start, word, token->length) == 0;
}

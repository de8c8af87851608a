/* source: see source.h. */
#include "common/course/source.h"

#include <ctype.h>
#include <string.h>

#include "grader/die.h"
#include "grader/files.h"
#include "grader/keep.h"

enum { MOST_TEXT = 4 * 1024 * 1024 };

/* --- Tokens --- */

static bool is_name_byte(char byte)
{
    return isalnum((unsigned char)byte) || byte == '_';
}

/* Up to the closing quote; a backslash takes the next byte along. */
static size_t quoted_length(const char *at)
{
    size_t length = 1;
    while (at[length] != '\0' && at[length] != at[0])
        length += at[length] == '\\' && at[length + 1] != '\0' ? 2 : 1;
    return length + (at[length] != '\0');
}

/* A preprocessor line, with those that a backslash joins to it. */
static size_t directive_length(const char *at)
{
    size_t length = 0;
    while (at[length] != '\0' && (at[length] != '\n' || at[length - 1] == '\\'))
        length++;
    return length;
}

static size_t mark_length(const char *at)
{
    static const char *const longer[] = {"<<=", ">>=", "...", "->", "++", "--", "<<", ">>",
                                         "<=",  ">=",  "==",  "!=", "&&", "||", "+=", "-=",
                                         "*=",  "/=",  "%=",  "&=", "|=", "^="};
    for (size_t i = 0; i < sizeof longer / sizeof *longer; i++)
        if (strncmp(at, longer[i], strlen(longer[i])) == 0)
            return strlen(longer[i]);
    return 1;
}

static size_t skip_blank(const char *text, size_t at)
{
    for (;;) {
        size_t start = at;
        at += strspn(text + at, " \t\n\f\\");
        if (strncmp(text + at, "/*", 2) == 0) {
            const char *end = strstr(text + at + 2, "*/");
            at = end == NULL ? strlen(text) : (size_t)(end + 2 - text);
        } else if (strncmp(text + at, "//", 2) == 0) {
            at += strcspn(text + at, "\n");
        }
        if (at == start)
            return at;
    }
}

static struct token token_at(const char *at)
{
    struct token token = {.start = at};
    if (*at == '#') {
        token.kind = TOKEN_DIRECTIVE;
        token.length = directive_length(at);
    } else if (*at == '"' || *at == '\'') {
        token.kind = TOKEN_TEXT;
        token.length = quoted_length(at);
    } else if (is_name_byte(*at)) {
        token.kind = isdigit((unsigned char)*at) ? TOKEN_NUMBER : TOKEN_NAME;
        while (is_name_byte(at[token.length]))
            token.length++;
    } else {
        token.kind = TOKEN_MARK;
        token.length = mark_length(at);
    }
    return token;
}

static void cut_tokens(struct source *source)
{
    unsigned line = 1;
    const char *counted = source->text;
    for (size_t at = skip_blank(source->text, 0); source->text[at] != '\0';
         at = skip_blank(source->text, at)) {
        struct token token = token_at(source->text + at);
        for (; counted < token.start; counted++)
            line += *counted == '\n';
        token.line = line;
        source->tokens = keep_room(source->tokens, source->token_count, sizeof token);
        source->tokens[source->token_count++] = token;
        at += token.length;
    }
}

bool token_is(const struct token *token, const char *text)
{
    return token->length == strlen(text) && memcmp(token->start, text, token->length) == 0;
}

size_t source_match(const struct source *source, size_t open)
{
    size_t depth = 0;
    for (size_t i = open; i < source->token_count; i++) {
        const struct token *token = &source->tokens[i];
        if (token->kind != TOKEN_MARK || token->length != 1)
            continue;
        depth += strchr("([{", *token->start) != NULL;
        depth -= strchr(")]}", *token->start) != NULL;
        if (depth == 0)
            return i;
    }
    return source->token_count - 1;
}

/* --- Functions --- */

/* Of "static void *refill(unsigned class_id)": refill. Attributes have brackets as well. */
static size_t find_name(const struct source *source, size_t first, size_t body)
{
    for (size_t i = first + 1; i < body; i++) {
        if (!token_is(&source->tokens[i], "("))
            continue;
        const struct token *before = &source->tokens[i - 1];
        if (before->kind == TOKEN_NAME && !token_is(before, "__attribute__") &&
            !token_is(before, "_Alignas"))
            return i - 1;
        i = source_match(source, i);
    }
    return body;
}

static void add_function(struct source *source, size_t first, size_t body, size_t last)
{
    size_t name = find_name(source, first, body);
    if (name == body)
        return;
    struct function function = {.first_token = first, .body_token = body, .last_token = last};
    function.name = keep_part(source->tokens[name].start, source->tokens[name].length);
    source->functions = keep_room(source->functions, source->function_count, sizeof function);
    source->functions[source->function_count++] = function;
}

/* At the top level a '{' after ')' starts a body; any other belongs to a type or a variable. */
static void find_functions(struct source *source)
{
    size_t first = 0;
    for (size_t i = 0; i < source->token_count; i++) {
        const struct token *token = &source->tokens[i];
        if (token->kind == TOKEN_DIRECTIVE || token_is(token, ";")) {
            first = i + 1;
        } else if (token_is(token, "(") || token_is(token, "[")) {
            i = source_match(source, i);
        } else if (token_is(token, "{")) {
            size_t last = source_match(source, i);
            bool is_body = i > 0 && token_is(&source->tokens[i - 1], ")");
            if (is_body)
                add_function(source, first, i, last);
            i = last;
            if (is_body)
                first = i + 1;
        }
    }
}

struct source source_of_text(const char *path, const char *text)
{
    struct source source = {.path = path, .text = text};
    cut_tokens(&source);
    find_functions(&source);
    return source;
}

struct source source_read(const char *path)
{
    const char *text = file_read(path, MOST_TEXT, NULL);
    if (text == NULL)
        die_broken("cannot read %s", path);
    return source_of_text(path, text);
}

const struct function *source_function(const struct source *source, const char *name)
{
    for (size_t i = 0; i < source->function_count; i++)
        if (strcmp(source->functions[i].name, name) == 0)
            return &source->functions[i];
    return NULL;
}

const struct function *source_function_at(const struct source *source, size_t token)
{
    for (size_t i = 0; i < source->function_count; i++)
        if (token >= source->functions[i].first_token && token <= source->functions[i].last_token)
            return &source->functions[i];
    return NULL;
}

/* --- Text --- */

static const char *token_end(const struct token *token)
{
    return token->start + token->length;
}

const char *source_text(const struct source *source, size_t first, size_t last)
{
    const char *start = source->tokens[first].start;
    return keep_part(start, (size_t)(token_end(&source->tokens[last]) - start));
}

const char *source_replace(const struct source *source, size_t first, size_t last,
                           const char *replacement)
{
    return keep_format("%.*s%s%s", (int)(source->tokens[first].start - source->text), source->text,
                       replacement, token_end(&source->tokens[last]));
}

const char *source_todo(const struct source *source, const struct function *function)
{
    for (size_t i = function->body_token; i + 2 < function->last_token; i++) {
        const struct token *text = &source->tokens[i + 2];
        if (token_is(&source->tokens[i], "todo") && text->kind == TOKEN_TEXT)
            return keep_part(text->start + 1, text->length - 2);
    }
    return NULL;
}

/* left_alone: see left_alone.h. */
#include "grader/mutants/left_alone.h"

#include <string.h>

static bool ends_in(const char *name, const char *ending)
{
    size_t length = strlen(name);
    size_t ending_length = strlen(ending);
    return length >= ending_length && strcmp(name + length - ending_length, ending) == 0;
}

/* A function that asks for cache lines ahead of time changes nothing that could be noticed. */
static bool is_prefetch(const struct source *source, const struct function *function)
{
    for (size_t i = function->body_token; i < function->last_token; i++)
        if (token_is(&source->tokens[i], "__builtin_prefetch"))
            return true;
    return false;
}

static bool is_scored(const struct function *function)
{
    return strncmp(function->name, "check_", 6) != 0 && strncmp(function->name, "count_", 6) != 0 &&
           !ends_in(function->name, "_check") && !ends_in(function->name, "_stats");
}

bool left_alone_function(const struct source *source, const struct function *function)
{
    return !is_scored(function) || is_prefetch(source, function);
}

bool left_alone_call(const struct source *source, size_t at)
{
    for (size_t i = 0; i < source->function_count; i++)
        if (token_is(&source->tokens[at], source->functions[i].name))
            return is_prefetch(source, &source->functions[i]);
    return false;
}

bool left_alone_assertion(const struct token *token)
{
    static const char *const starts[] = {"assert", "static_assert", "_Static_assert",
                                         "lock_assert_"};
    for (size_t i = 0; i < sizeof starts / sizeof *starts; i++)
        if (token->kind == TOKEN_NAME && token->length >= strlen(starts[i]) &&
            memcmp(token->start, starts[i], strlen(starts[i])) == 0)
            return true;
    return false;
}

/* Whether the last argument of a call, at `token`, is one of __builtin_expect. */
static bool is_hint(const struct token *token)
{
    size_t depth = 1;
    if (!token_is(token - 1, ",") || !token_is(token + 1, ")"))
        return false;
    for (token--; depth != 0 && token->kind != TOKEN_DIRECTIVE; token--) {
        depth += token_is(token, ")");
        depth -= token_is(token, "(");
    }
    return token_is(token, "__builtin_expect");
}

/* "size_t sum = 0; if (__builtin_add_overflow(a, b, &sum))": it is written before it is read. */
static bool is_written_next(const struct token *token)
{
    static const char prefix[] = "__builtin_";
    if (!token_is(token - 1, "=") || !token_is(token + 1, ";"))
        return false;
    for (token += 2; !token_is(token, ";") && !token_is(token, "{"); token++)
        if (token->kind == TOKEN_DIRECTIVE)
            return false;
        else if (token->length > sizeof prefix && token[-1].kind == TOKEN_MARK &&
                 memcmp(token->start, prefix, sizeof prefix - 1) == 0 &&
                 memcmp(token->start + token->length - 9, "_overflow", 9) == 0)
            return true;
    return false;
}

bool left_alone_number(const struct token *token)
{
    bool is_all_zero = token_is(token - 1, "{") && token_is(token + 1, "}");
    return is_all_zero || is_hint(token) || is_written_next(token);
}

bool left_alone_in_for(const struct source *source, size_t at)
{
    for (size_t depth = 0; at > 0; at--) {
        const struct token *token = &source->tokens[at - 1];
        if (token_is(token, "(") && depth == 0)
            return token_is(token - 1, "for");
        if (token_is(token, "{") || token_is(token, "}"))
            return false;
        depth += token_is(token, ")");
        depth -= token_is(token, "(");
    }
    return false;
}

/* mutations: see mutations.h. One pass over the tokens; each kind is asked whether it applies. */
#include "grader/mutants/mutations.h"

#include <ctype.h>
#include <string.h>

#include "grader/keep.h"
#include "grader/mutants/left_alone.h"

const char *mutation_name(enum mutation_kind kind)
{
    static const char *const names[MUTATION_KINDS] = {
        "comparison", "constant", "arithmetic", "logic", "branch", "statement", "lock", "order"};
    return names[kind];
}

/* --- Lines, and what identifies a mutant --- */

/* The lines of code from `first` to `last`, white space made one blank, in two halves round them. */
static const char *squeeze(const char *text)
{
    char *squeezed = keep_text(text);
    char *to = squeezed;
    for (const char *from = squeezed; *from != '\0'; from++) {
        bool is_blank = isspace((unsigned char)*from) != 0;
        if (!is_blank || (to > squeezed && to[-1] != ' '))
            *to++ = (char)(is_blank ? ' ' : *from);
    }
    while (to > squeezed && to[-1] == ' ')
        to--;
    *to = '\0';
    return squeezed;
}

static const char *line_with(const struct mutant *mutant, const char *middle)
{
    const char *start = mutant->source->tokens[mutant->first].start;
    const struct token *last = &mutant->source->tokens[mutant->last];
    const char *end = last->start + last->length;
    const char *line = start;
    while (line > mutant->source->text && line[-1] != '\n')
        line--;
    return squeeze(
        keep_format("%.*s%s%.*s", (int)(start - line), line, middle, (int)strcspn(end, "\n"), end));
}

static uint64_t add_to_hash(uint64_t hash, const char *text)
{
    for (; *text != '\0'; text++)
        hash = (hash ^ (unsigned char)*text) * 0x100000001b3u;
    return (hash ^ '|') * 0x100000001b3u;
}

static void identify(struct mutant *mutant, const struct mutant *others, size_t count)
{
    const char *original = source_text(mutant->source, mutant->first, mutant->last);
    mutant->before = line_with(mutant, original);
    mutant->after = line_with(mutant, mutant->replacement);
    mutant->ordinal = 1;
    for (size_t i = 0; i < count; i++)
        mutant->ordinal += others[i].source == mutant->source &&
                           strcmp(others[i].function, mutant->function) == 0 &&
                           strcmp(others[i].before, mutant->before) == 0 &&
                           strcmp(others[i].after, mutant->after) == 0;
    uint64_t hash = 0xcbf29ce484222325u + mutant->ordinal;
    hash = add_to_hash(hash, mutant->source->path);
    hash = add_to_hash(hash, mutant->function);
    hash = add_to_hash(hash, mutant->before);
    hash = add_to_hash(hash, mutant->after);
    mutant->hash = hash ^ hash >> 29;
}

/* --- The kinds: each returns whether it applies, and fills in last and replacement --- */

static bool swap_mark(const struct token *token, struct mutant *mutant)
{
    static const struct {
        const char *from;
        const char *to;
        enum mutation_kind kind;
    } swaps[] = {
        {"<", "<=", MUTATE_COMPARISON},  {"<=", "<", MUTATE_COMPARISON},
        {">", ">=", MUTATE_COMPARISON},  {">=", ">", MUTATE_COMPARISON},
        {"==", "!=", MUTATE_COMPARISON}, {"!=", "==", MUTATE_COMPARISON},
        {"&&", "||", MUTATE_LOGIC},      {"||", "&&", MUTATE_LOGIC},
        {"+", "-", MUTATE_ARITHMETIC},   {"-", "+", MUTATE_ARITHMETIC},
        {"+=", "-=", MUTATE_ARITHMETIC}, {"-=", "+=", MUTATE_ARITHMETIC},
        {"++", "--", MUTATE_ARITHMETIC}, {"--", "++", MUTATE_ARITHMETIC},
    };
    for (size_t i = 0; i < sizeof swaps / sizeof *swaps; i++)
        if (token->kind == TOKEN_MARK && token_is(token, swaps[i].from)) {
            mutant->kind = swaps[i].kind;
            mutant->replacement = swaps[i].to;
            return true;
        }
    return false;
}

static bool flip_truth(const struct token *token, struct mutant *mutant)
{
    if (!token_is(token, "true") && !token_is(token, "false"))
        return false;
    mutant->kind = MUTATE_CONSTANT;
    mutant->replacement = token_is(token, "true") ? "false" : "true";
    return true;
}

static bool take_one(const struct token *token, struct mutant *mutant)
{
    if (token->kind != TOKEN_NUMBER || *token->start == '0' || left_alone_number(token))
        return false;
    mutant->kind = MUTATE_CONSTANT;
    mutant->replacement = keep_format("(%.*s - 1)", (int)token->length, token->start);
    return true;
}

static bool add_one(const struct token *token, struct mutant *mutant)
{
    if (token->kind != TOKEN_NUMBER || left_alone_number(token))
        return false;
    mutant->kind = MUTATE_CONSTANT;
    mutant->replacement = keep_format("(%.*s + 1)", (int)token->length, token->start);
    return true;
}

static bool weaken_order(const struct token *token, struct mutant *mutant)
{
    static const char *const orders[] = {"memory_order_acquire", "memory_order_release",
                                         "memory_order_acq_rel", "memory_order_seq_cst"};
    for (size_t i = 0; i < sizeof orders / sizeof *orders; i++)
        if (token_is(token, orders[i])) {
            mutant->kind = MUTATE_ORDER;
            mutant->replacement = "memory_order_relaxed";
            return true;
        }
    return false;
}

static bool negate_branch(const struct source *source, struct mutant *mutant)
{
    size_t at = mutant->first;
    if (!token_is(&source->tokens[at], "if"))
        return false;
    size_t close = source_match(source, at + 1);
    mutant->kind = MUTATE_BRANCH;
    mutant->last = close;
    mutant->replacement = keep_format("if (!%s)", source_text(source, at + 1, close));
    return true;
}

static bool starts_statement(const struct source *source, size_t at)
{
    const struct token *before = &source->tokens[at - 1];
    if (token_is(before, ")")) /* of if (…), for (…), while (…), not of a cast */
        return source->tokens[at].kind == TOKEN_NAME && source->tokens[at].line > before->line;
    return token_is(before, ";") || token_is(before, "{") || token_is(before, "}") ||
           token_is(before, "else") || token_is(before, ":");
}

/* A declaration starts with two names, or a name, a star and a name: leaving it out does not compile. */
static bool is_expression(const struct source *source, size_t at)
{
    static const char *const keywords[] = {
        "return", "if",     "for",  "while", "do",   "switch",  "case",          "else",
        "struct", "static", "enum", "const", "goto", "default", "_Thread_local", "sizeof"};
    const struct token *token = &source->tokens[at];
    for (size_t i = 0; i < sizeof keywords / sizeof *keywords; i++)
        if (token_is(token, keywords[i]))
            return false;
    if (token_is(token, "break") || token_is(token, "continue") || token_is(token, "*"))
        return true;
    return token->kind == TOKEN_NAME && token[1].kind == TOKEN_MARK && !token_is(token + 1, "*") &&
           !token_is(token + 1, ":") && !token_is(token + 1, ";");
}

static size_t statement_end(const struct source *source, size_t at)
{
    while (!token_is(&source->tokens[at], ";") && at + 1 < source->token_count) {
        bool opens = source->tokens[at].kind == TOKEN_MARK && source->tokens[at].length == 1 &&
                     strchr("([{", *source->tokens[at].start) != NULL;
        at = opens ? source_match(source, at) + 1 : at + 1;
    }
    return at;
}

static bool leave_out(const struct source *source, struct mutant *mutant)
{
    size_t at = mutant->first;
    if (!starts_statement(source, at) || !is_expression(source, at) ||
        left_alone_in_for(source, at) || left_alone_call(source, at))
        return false;
    size_t end = statement_end(source, at);
    mutant->last = end - 1;
    bool is_lock =
        source->tokens[at].length > 5 && memcmp(source->tokens[at].start, "lock_", 5) == 0;
    mutant->kind = is_lock ? MUTATE_LOCK : MUTATE_STATEMENT;
    mutant->replacement = "";
    return true;
}

/* --- All of them --- */

static bool is_binary(const struct source *source, size_t at)
{
    const struct token *before = &source->tokens[at - 1];
    return before->kind == TOKEN_NUMBER || token_is(before, ")") || token_is(before, "]") ||
           (before->kind == TOKEN_NAME && !token_is(before, "return"));
}

static bool applies(const struct source *source, struct mutant *mutant, unsigned kind)
{
    const struct token *token = &source->tokens[mutant->first];
    switch (kind) {
    case 0: {
        bool is_sum = token_is(token, "+") || token_is(token, "-");
        return swap_mark(token, mutant) && (!is_sum || is_binary(source, mutant->first));
    }
    case 1:
        return add_one(token, mutant) || weaken_order(token, mutant) || flip_truth(token, mutant);
    case 2:
        return take_one(token, mutant);
    case 3:
        return negate_branch(source, mutant);
    default:
        return leave_out(source, mutant);
    }
}

/* Of what is at the top level, only constants of enums. */
static bool is_enum_value(const struct source *source, size_t at)
{
    return source->tokens[at].kind == TOKEN_NUMBER && at > 0 &&
           token_is(&source->tokens[at - 1], "=") &&
           (token_is(&source->tokens[at + 1], ",") || token_is(&source->tokens[at + 1], "}"));
}

struct mutant *mutations_of(const struct source *source, struct mutant *mutants, size_t *count)
{
    enum { WAYS = 5 };
    for (size_t at = 1; at + 1 < source->token_count; at++) {
        const struct function *function = source_function_at(source, at);
        if (function == NULL ? !is_enum_value(source, at)
                             : at < function->body_token || left_alone_function(source, function))
            continue;
        if (left_alone_assertion(&source->tokens[at])) {
            at = source_match(source, at + 1);
            continue;
        }
        for (unsigned way = 0; way < WAYS; way++) {
            struct mutant mutant = {.source = source,
                                    .first = at,
                                    .last = at,
                                    .function = function == NULL ? "" : function->name};
            if (!applies(source, &mutant, way))
                continue;
            identify(&mutant, mutants, *count);
            mutants = keep_room(mutants, *count, sizeof *mutants);
            mutants[(*count)++] = mutant;
        }
    }
    return mutants;
}

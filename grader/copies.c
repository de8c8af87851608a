/* copies: see copies.h. */
#include "grader/copies.h"

#include <string.h>

#include "grader/c_text.h"
#include "grader/files.h"
#include "grader/keep.h"

enum { MOST_SOURCE = 1024 * 1024 };

/* Names in the order in which they came up. */
struct names {
    struct c_token *items;
    size_t count;
};

static bool is_word_of_c(const struct c_token *token)
{
    static const char *const words[] = {
        "auto",     "break",   "case",     "char",   "const",    "continue", "default",  "do",
        "double",   "else",    "enum",     "extern", "float",    "for",      "goto",     "if",
        "inline",   "int",     "long",     "return", "short",    "signed",   "sizeof",   "static",
        "struct",   "switch",  "typedef",  "union",  "unsigned", "void",     "volatile", "while",
        "restrict", "_Atomic", "_Alignas", "_Bool",  "include",  "define",   "NULL",     "bool"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (c_token_is(token, words[i]))
            return true;
    return false;
}

static bool same_text(const struct c_token *a, const struct c_token *b)
{
    return a->length == b->length && memcmp(a->start, b->start, a->length) == 0;
}

static size_t number_of(struct names *names, const struct c_token *token)
{
    for (size_t i = 0; i < names->count; i++)
        if (same_text(&names->items[i], token))
            return i;
    names->items = keep_room(names->items, names->count, sizeof *names->items);
    names->items[names->count] = *token;
    return names->count++;
}

bool copies_are_equal(const char *source, const char *reference)
{
    struct c_text text = c_text_start(source);
    struct c_text other_text = c_text_start(reference);
    struct names names = {NULL, 0};
    struct names other_names = {NULL, 0};
    for (;;) {
        struct c_token token = c_text_next(&text);
        struct c_token other = c_text_next(&other_text);
        if (token.kind != other.kind)
            return false;
        if (token.kind == C_END)
            return names.count > 0;
        bool named = token.kind == C_WORD && !is_word_of_c(&token) && !is_word_of_c(&other);
        if (named ? number_of(&names, &token) != number_of(&other_names, &other)
                  : !same_text(&token, &other))
            return false;
    }
}

void copies_flag(const char *student_root, struct stage_result *results, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const struct stage *stage = results[i].stage;
        for (const char *const *file = stage->handin; *file != NULL; file++) {
            const char *source =
                file_read(keep_format("%s/%s/student/%s", student_root, stage->folder, *file),
                          MOST_SOURCE, NULL);
            const char *reference =
                file_read(keep_format("%s/solution/%s", stage->folder, *file), MOST_SOURCE, NULL);
            if (source == NULL || reference == NULL || !copies_are_equal(source, reference))
                continue;
            results[i].flags =
                keep_room(results[i].flags, results[i].flag_count, sizeof *results[i].flags);
            results[i].flags[results[i].flag_count++] =
                keep_format("%s is the reference, comments, names and layout aside", *file);
        }
    }
}

/* gate_words: reads what the preprocessor made of a hand-in file.
 *
 *     # 7 "/scratch/stage1_objectpool/student/object_pool.c"      the next line is line 7 of that file
 *
 * Only the preprocessor writes such lines: gate_directives refuses files that have their own. So it is
 * certain which tokens are the file's and which a header's, whatever macros they went through. */
#include <stdlib.h>
#include <string.h>

#include "grader/c_text.h"
#include "grader/files.h"
#include "grader/gate.h"
#include "grader/keep.h"

enum { MOST_TEXT_MIB = 16 };

struct word {
    const char *word; /* one that ends with * stands for all that start so */
    const char *why;
};

static const char no_assembly[] =
    "inline assembly: write it in C; <stdatomic.h> and the compiler's "
    "builtins do what a pool needs";
static const char no_steering[] = "this keeps a tool from seeing the code: leave it out";
static const char no_string[] =
    "its string reaches the assembler as it is: a comment says the same";
static const char no_stack[] = "the frames of callers are none of the pool's business";

/* Anywhere. */
static const struct word words[] = {
    {"asm", no_assembly},
    {"__asm", no_assembly},
    {"__asm__", no_assembly},
    {"__builtin_frame_address", no_stack},
    {"__builtin_return_address", no_stack},
    {"__builtin_extract_return_addr", no_stack},
    {"__builtin_apply*", no_stack},
    {"__builtin_setjmp", no_stack},
    {"__builtin_longjmp", no_stack},
    {"_GLOBAL_OFFSET_TABLE_", "the linker's tables are none of the pool's business"},
};

/* In __attribute__((...)) and #pragma. */
static const struct word attributes[] = {
    {"constructor", "code that runs before main: all-zero state is valid, and first use sets up"},
    {"destructor", "code that runs after main: nothing of the pool needs it"},
    {"no_sanitize*", no_steering},
    {"no_instrument*", no_steering},
    {"no_profile*", no_steering},
    {"disable_sanitizer*", no_steering},
    {"section", "code and data stay where the compiler puts them"},
    {"ifunc", "which function is called is not for load time to decide"},
    {"alias", "a function has one name"},
    {"weakref", "a function has one name"},
    {"symver", "a function has one name"},
    {"redefine_extname", "a function has one name"},
    {"naked", no_assembly},
    {"target*", "the grader chooses what the code is compiled for"},
    {"optimize", "the grader chooses how the code is compiled"},
};

/* Behind # and in #pragma, for what the preprocessor leaves there. */
static const struct word directives[] = {
    {"ident", no_string},
    {"sccs", no_string},
};

/* What TEST is made of. A test's code runs as a process of its own: before main it can do no more than after. */
static const struct word *const registers_tests = &attributes[0];

/* __word__ is word. */
static bool matches(const struct c_token *token, const char *word)
{
    const char *start = token->start;
    size_t length = token->length;
    size_t wanted = strlen(word);
    if (length > 4 && strncmp(start, "__", 2) == 0 && strncmp(start + length - 2, "__", 2) == 0 &&
        word[0] != '_') {
        start += 2;
        length -= 4;
    }
    if (word[wanted - 1] == '*')
        return length >= wanted - 1 && strncmp(start, word, wanted - 1) == 0;
    return length == wanted && strncmp(start, word, wanted) == 0;
}

static const struct word *find(const struct word *list, size_t count, const struct c_token *token)
{
    for (size_t i = 0; i < count; i++)
        if (token->kind == C_WORD && matches(token, list[i].word))
            return &list[i];
    return NULL;
}

/* Where the reader is. */
struct reader {
    const struct gate_file *file;
    unsigned first; /* line in the text that line_there is about */
    unsigned line_there;
    bool is_own;
    bool in_pragma;
    unsigned pragma_line;
    unsigned depth; /* of parentheses, from an __attribute__ on; 0 outside */
    bool attribute_begins;
    char *own;
    size_t own_length;
};

static bool starts_with(const char *text, const char *start)
{
    return strncmp(text, start, strlen(start)) == 0;
}

/* The course's headers, the system's and the compiler's. */
static bool may_be_included(const struct gate_file *file, const char *path)
{
    static const char *const folders[] = {"/usr/include/",   "/usr/lib/gcc/",       "/usr/lib/llvm",
                                          "/usr/lib/clang/", "/usr/local/include/", "<"};
    size_t length = strlen(path);
    bool is_folder = length >= 2 && strcmp(path + length - 2, "//") == 0; /* the one it runs in */
    if (strcmp(path, file->path) == 0 || is_folder)
        return true;
    if (strstr(path, "..") != NULL || strstr(path, "/sanitizer/") != NULL ||
        strstr(path, "/valgrind/") != NULL)
        return false;
    for (size_t i = 0; i < sizeof folders / sizeof *folders; i++)
        if (starts_with(path, folders[i]))
            return true;
    return starts_with(path, file->headers);
}

/* The rest of a line after "# ". Returns NULL, or what is wrong with the file that follows. */
static char *enter_file(struct reader *reader, const struct c_token *number, const char *rest)
{
    const char *quote = strchr(rest, '"');
    const char *path = quote == NULL ? "" : keep_part(quote + 1, strcspn(quote + 1, "\""));
    unsigned came_from = reader->line_there;
    reader->line_there = (unsigned)strtoul(rest, NULL, 10);
    reader->first = number->line + 1;
    bool was_own = reader->is_own;
    reader->is_own = strcmp(path, reader->file->path) == 0;
    if (quote == NULL || may_be_included(reader->file, path))
        return NULL;
    return keep_format("%s:%u: it includes %s, which lies outside of the course",
                       reader->file->name, was_own ? came_from : 1, path);
}

static unsigned line_of(const struct reader *reader, const struct c_token *token)
{
    return reader->line_there + token->line - reader->first;
}

static void keep_own(struct reader *reader, const struct c_token *token)
{
    memcpy(reader->own + reader->own_length, token->start, token->length);
    reader->own_length += token->length;
    reader->own[reader->own_length++] = ' ';
}

/* Follows the parentheses of an __attribute__. */
static void follow(struct reader *reader, const struct c_token *token)
{
    if (c_token_is(token, "__attribute__") || c_token_is(token, "__attribute"))
        reader->attribute_begins = true;
    else if (c_token_is(token, "(") && (reader->attribute_begins || reader->depth > 0)) {
        reader->depth++;
        reader->attribute_begins = false;
    } else if (c_token_is(token, ")") && reader->depth > 0)
        reader->depth--;
}

static char *check(struct reader *reader, const struct c_token *token)
{
    const struct word *found = find(words, sizeof words / sizeof *words, token);
    reader->in_pragma &= token->line == reader->pragma_line;
    follow(reader, token);
    if (found == NULL && (reader->depth > 0 || reader->in_pragma))
        found = find(attributes, sizeof attributes / sizeof *attributes, token);
    if (found == NULL && reader->in_pragma)
        found = find(directives, sizeof directives / sizeof *directives, token);
    if (found == registers_tests && reader->file->is_test)
        return NULL;
    if (found == NULL)
        return NULL;
    return keep_format("%s:%u: \"%.*s\": %s", reader->file->name, line_of(reader, token),
                       (int)token->length, token->start, found->why);
}

static char *take(struct reader *reader, struct c_text *text, const struct c_token *token)
{
    if (token->begins_line && c_token_is(token, "#")) {
        struct c_token next = c_text_next(text);
        if (next.kind == C_NUMBER)
            return enter_file(reader, &next, c_text_rest_of_line(text, &next));
        reader->in_pragma = true;
        reader->pragma_line = next.line;
        return reader->is_own ? check(reader, &next) : NULL;
    }
    if (!reader->is_own)
        return NULL;
    keep_own(reader, token);
    return check(reader, token);
}

char *gate_words(const struct gate_file *file, const char *source, char **own)
{
    struct c_text text = c_text_start(source);
    struct reader reader = {.file = file, .own = keep_bytes(2 * strlen(source) + 2)};
    char *wrong = NULL;
    struct c_token token = c_text_next(&text);
    for (; token.kind != C_END && wrong == NULL; token = c_text_next(&text))
        wrong = take(&reader, &text, &token);
    *own = reader.own;
    return wrong;
}

/* A few macros make any amount of text. What is behind the part that was read would have been seen by
 * nobody, here and in gate_same. */
char *gate_text(const struct gate_file *file, const char *path, char **own)
{
    const size_t most = (size_t)MOST_TEXT_MIB * 1024 * 1024;
    size_t length = 0;
    const char *text = file_read(path, most + 1, &length);
    *own = NULL;
    if (text == NULL || strlen(text) != length)
        return keep_format("%s: what the preprocessor made of it cannot be read", file->name);
    if (length > most)
        return keep_format("%s: its macros and headers make more than %d MiB of text, and more is "
                           "not read: no pool needs as much",
                           file->name, MOST_TEXT_MIB);
    return gate_words(file, text, own);
}

char *gate_same(const struct gate_file *file, const char *own, const char *own_elsewhere)
{
    if (strcmp(own, own_elsewhere) == 0)
        return NULL;
    return keep_format(
        "%s: it asks by which tool it is built (#if __SANITIZE_..., __OPTIMIZE__) and is "
        "not the same code for each: leave the question out",
        file->name);
}

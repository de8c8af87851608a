/* gate_directives: see gate.h. */
#include <ctype.h>
#include <string.h>

#include "grader/c_text.h"
#include "grader/gate.h"
#include "grader/keep.h"

/* Headers by which code tells a tool to look away. */
static const char *const tool_headers[] = {"valgrind/",  "valgrind.h", "memcheck.h",
                                           "helgrind.h", "drd.h",      "sanitizer/"};

/* With these alone in it, a header's name is cut the same as any tokens: a quote, a backslash or the
 * start of a comment in it would not be. */
static const char of_names[] =
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-+./";

/* `rest` is what follows #include: "...", <...> or a macro, whose meaning gate_words sees. */
static char *check_include(const struct gate_file *file, unsigned line, const char *rest)
{
    bool is_name = rest[0] == '"' || rest[0] == '<';
    const char *name = keep_part(rest + is_name, is_name ? strcspn(rest + 1, "\">") : 0);
    if (name[0] == '/' || strstr(name, "..") != NULL)
        return keep_format("%s:%u: #include of %s, which lies outside of the course: include its "
                           "headers by their names, such as \"common/lock.h\"",
                           file->name, line, name);
    if (name[strspn(name, of_names)] != '\0' || strstr(name, "//") != NULL)
        return keep_format("%s:%u: #include of an odd name: only letters, digits and _-+./ are "
                           "in those of the course",
                           file->name, line);
    for (size_t i = 0; i < sizeof tool_headers / sizeof *tool_headers; i++)
        if (strncmp(name, tool_headers[i], strlen(tool_headers[i])) == 0)
            return keep_format(
                "%s:%u: #include of %s: code under test may not steer the tools that "
                "watch it",
                file->name, line, name);
    return NULL;
}

static bool is_one_of(const struct c_token *token, const char *const *words, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (c_token_is(token, words[i]))
            return true;
    return false;
}

/* With #line, what comes from a file could pass for what comes from a header. Looks ahead in a copy
 * of `text`: what stands behind a lone # is a line of its own. */
static char *check_directive(const struct gate_file *file, struct c_text text)
{
    static const char *const includes[] = {"include", "include_next", "import"};
    struct c_token name = c_text_next(&text);
    struct c_token first = c_text_next(&text);
    if (name.begins_line)
        return NULL; /* a lone # */
    if (name.kind == C_NUMBER || c_token_is(&name, "line"))
        return keep_format("%s:%u: #line would hide where the code is: leave it out", file->name,
                           name.line);
    if (first.begins_line || first.kind == C_END)
        return NULL;
    if (is_one_of(&name, includes, sizeof includes / sizeof *includes))
        return check_include(file, first.line, c_text_rest_of_line(&text, &first));
    struct c_token second = c_text_next(&text);
    bool depends = !second.begins_line && c_token_is(&second, "dependency");
    if (c_token_is(&name, "embed") || (c_token_is(&name, "pragma") && depends))
        return keep_format("%s:%u: other files are none of the pool's business", file->name,
                           name.line);
    return NULL;
}

/* What compilers and readers cut into lines in different ways: a return, a form feed. */
static char *check_characters(const struct gate_file *file)
{
    unsigned line = 1;
    for (const char *at = file->source; *at != '\0'; at++) {
        bool ends_line = at[0] == '\n' || (at[0] == '\r' && at[1] == '\n');
        if (iscntrl((unsigned char)*at) && *at != '\t' && !ends_line)
            return keep_format("%s:%u: a control character (code %u): delete it", file->name, line,
                               (unsigned char)*at);
        line += *at == '\n';
    }
    return NULL;
}

char *gate_directives(const struct gate_file *file)
{
    struct c_text text = c_text_start(file->source);
    char *wrong = check_characters(file);
    struct c_token token = c_text_next(&text);
    for (; token.kind != C_END && wrong == NULL; token = c_text_next(&text))
        if (token.begins_line && c_token_is(&token, "#"))
            wrong = check_directive(file, text);
    return wrong;
}

/* gate_directives: see gate.h. */
#include <string.h>

#include "grader/c_text.h"
#include "grader/gate.h"
#include "grader/keep.h"

/* Headers by which code tells a tool to look away. */
static const char *const tool_headers[] = {"valgrind/",  "valgrind.h", "memcheck.h",
                                           "helgrind.h", "drd.h",      "sanitizer/"};

/* `rest` is what follows #include: "...", <...> or a macro, whose meaning gate_words sees. */
static char *check_include(const struct gate_file *file, unsigned line, const char *rest)
{
    bool is_name = rest[0] == '"' || rest[0] == '<';
    const char *name = keep_part(rest + is_name, is_name ? strcspn(rest + 1, "\">") : 0);
    if (name[0] == '/' || strstr(name, "..") != NULL)
        return keep_format("%s:%u: #include of %s, which lies outside of the course: include its "
                           "headers by their names, such as \"common/lock.h\"",
                           file->name, line, name);
    for (size_t i = 0; i < sizeof tool_headers / sizeof *tool_headers; i++)
        if (strncmp(name, tool_headers[i], strlen(tool_headers[i])) == 0)
            return keep_format(
                "%s:%u: #include of %s: code under test may not steer the tools that "
                "watch it",
                file->name, line, name);
    return NULL;
}

/* With #line, what comes from a file could pass for what comes from a header. */
static char *check_directive(const struct gate_file *file, struct c_text *text)
{
    struct c_token name = c_text_next(text);
    if (name.begins_line)
        return NULL; /* a lone # */
    if (name.kind == C_NUMBER || c_token_is(&name, "line"))
        return keep_format("%s:%u: #line would hide where the code is: leave it out", file->name,
                           name.line);
    if (!c_token_is(&name, "include") && !c_token_is(&name, "include_next") &&
        !c_token_is(&name, "import"))
        return NULL;
    struct c_token first = c_text_next(text);
    if (first.begins_line || first.kind == C_END)
        return NULL;
    return check_include(file, first.line, c_text_rest_of_line(text, &first));
}

char *gate_directives(const struct gate_file *file)
{
    struct c_text text = c_text_start(file->source);
    char *wrong = NULL;
    struct c_token token = c_text_next(&text);
    for (; token.kind != C_END && wrong == NULL; token = c_text_next(&text))
        if (token.begins_line && c_token_is(&token, "#"))
            wrong = check_directive(file, &text);
    return wrong;
}

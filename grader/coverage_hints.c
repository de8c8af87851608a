/* coverage_hints: see coverage_hints.h. Works on lines of text: good enough for a hint, and no parser. */
#include "grader/coverage_hints.h"

#include <ctype.h>
#include <string.h>

#include "grader/keep.h"

enum { MOST_QUOTED = 60 };

/* Lines from 1 on; `count` + 2 items, the first and last empty. */
static const char **split_lines(const char *source, size_t count)
{
    const char **lines = keep_bytes((count + 2) * sizeof *lines);
    lines[0] = lines[count + 1] = "";
    for (size_t line = 1; line <= count; line++) {
        size_t length = strcspn(source, "\n");
        lines[line] = keep_part(source, length);
        source += length + (source[length] == '\n');
    }
    return lines;
}

static const char *skip_blanks(const char *text)
{
    return text + strspn(text, " \t");
}

static char *quote(const char *start, size_t length)
{
    while (length != 0 && isspace((unsigned char)start[length - 1]))
        length--;
    if (length > MOST_QUOTED)
        return keep_format("%.*s...", MOST_QUOTED - 3, start);
    return keep_part(start, length);
}

/* The comment that ends a line, or is all of it; NULL for none. */
static char *comment_of(const char *line)
{
    const char *start = strstr(line, "/*");
    const char *end = start == NULL ? NULL : strstr(start, "*/");
    if (start == NULL && (start = strstr(line, "//")) != NULL)
        end = start + strlen(start);
    if (start == NULL || end == NULL)
        return NULL;
    start = skip_blanks(start + 2);
    return start >= end ? NULL : quote(start, (size_t)(end - start));
}

/* "if (a && b) {": a && b. NULL where no condition starts on this line; one that goes on is cut. */
static char *condition_of(const char *line)
{
    static const char *const words[] = {"if (", "while (", "for (", "switch ("};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        const char *start = strstr(line, words[i]);
        if (start == NULL)
            continue;
        start += strlen(words[i]);
        size_t depth = 1;
        const char *at = start;
        for (; *at != '\0' && depth != 0; at++)
            depth += (*at == '(') - (size_t)(*at == ')');
        return quote(start, (size_t)(at - start) - (depth == 0));
    }
    return strstr(line, "else") == NULL ? NULL : keep_text("else");
}

/* The line that decides whether `line` runs: the nearest one above that is not empty. */
static const char *decider_of(const char **lines, size_t line)
{
    while (line > 1 && *skip_blanks(lines[line - 1]) == '\0')
        line--;
    return lines[line - 1];
}

static char *words_for_branch(const char **lines, size_t line)
{
    const char *decider = decider_of(lines, line);
    char *words = comment_of(lines[line]);
    if (words == NULL)
        words = comment_of(decider);
    if (words == NULL)
        words = condition_of(decider);
    if (words == NULL)
        words = quote(skip_blanks(lines[line]), strlen(skip_blanks(lines[line])));
    return words;
}

static const char *base_of(const char *name)
{
    const char *slash = strrchr(name, '/');
    return slash == NULL ? name : slash + 1;
}

static void add(struct coverage *coverage, char *hint)
{
    if (coverage->hint_count == MOST_COVERAGE_HINTS)
        return;
    coverage->hints = keep_room(coverage->hints, coverage->hint_count, sizeof *coverage->hints);
    coverage->hints[coverage->hint_count++] = hint;
}

/* A function starts in the first column, with its name before the first parenthesis. */
static char *function_on(const char *line)
{
    const char *open = strchr(line, '(');
    const char *start = open;
    if (open == NULL || !(isalpha((unsigned char)*line) || *line == '_'))
        return NULL;
    while (start > line && (isalnum((unsigned char)start[-1]) || start[-1] == '_'))
        start--;
    return keep_part(start, (size_t)(open - start));
}

static void hint_never(const struct covered_file *file, const char **lines, size_t line,
                       struct coverage *coverage)
{
    char *function = function_on(lines[line]);
    if (function != NULL)
        add(coverage, keep_format("the function %s at %s:%zu never ran in any test", function,
                                  base_of(file->name), line));
    else
        add(coverage, keep_format("the branch at %s:%zu (%s) never ran in any test",
                                  base_of(file->name), line, words_for_branch(lines, line)));
}

static bool never_ran(const struct covered_file *file, size_t line)
{
    return line >= 1 && line <= file->line_count && file->marks[line] == LINE_NEVER;
}

/* The next line of code after `line`; 0 at the end. */
static size_t next_code(const struct covered_file *file, size_t line)
{
    for (line++; line <= file->line_count; line++)
        if (file->marks[line] != LINE_NOT_CODE)
            return line;
    return 0;
}

void coverage_hint(const struct covered_file *file, const char *source, struct coverage *coverage)
{
    const char **lines = split_lines(source, file->line_count);
    bool in_block = false;
    for (size_t line = 1; line <= file->line_count; line++) {
        if (never_ran(file, line) && !in_block)
            hint_never(file, lines, line, coverage);
        if (file->marks[line] != LINE_NOT_CODE)
            in_block = never_ran(file, line);
    }
    for (size_t line = 1; line <= file->line_count; line++) {
        char *condition = condition_of(lines[line]);
        if (file->marks[line] == LINE_PARTLY && condition != NULL &&
            !never_ran(file, next_code(file, line)))
            add(coverage, keep_format("the condition at %s:%zu (%s) always went the same way",
                                      base_of(file->name), line, condition));
    }
}

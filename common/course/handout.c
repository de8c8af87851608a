/* handout: see handout.h. */
#include "common/course/handout.h"

#include <ctype.h>
#include <glob.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "grader/files.h"
#include "grader/keep.h"

enum { MOST_TEXT = 1024 * 1024 };

const char *handin_path(const struct stage *stage, enum subject subject, const char *file)
{
    return keep_format("%s/%s/%s", stage->folder, subject_name(subject), file);
}

static const char *next_line(const char *at)
{
    const char *end = strchr(at, '\n');
    return end == NULL ? at + strlen(at) : end + 1;
}

/* --- Tasks in the README --- */

/* A task starts on a line of its own: "**1.2 `object_pool_alloc`.**" or "### 1.2 …". Returns what
 * follows the number, or NULL. */
static const char *task_on_line(const char *line, const char *section)
{
    const char *at = line + strspn(line, "#* ");
    size_t length = strlen(section);
    if (at == line || strncmp(at, section, length) != 0)
        return NULL;
    return at[length] == ' ' ? at + length + 1 : NULL;
}

static bool is_any_task(const char *line)
{
    const char *at = line + strspn(line, "#* ");
    return at != line && isdigit((unsigned char)at[0]) && at[1] == '.' &&
           isdigit((unsigned char)at[2]);
}

/* The line of the README where the task starts, or NULL. */
static const char *find_task(const struct stage *stage, const char *section, unsigned *number)
{
    const char *text = file_read(keep_format("%s/README.md", stage->folder), MOST_TEXT, NULL);
    *number = 1;
    for (const char *line = text; line != NULL && *line != '\0'; line = next_line(line)) {
        if (task_on_line(line, section) != NULL)
            return line;
        ++*number;
    }
    return NULL;
}

/* Up to the end of the line or of the bold text, without marks and the last point or comma. */
static char *plain_title(const char *start)
{
    size_t length = strcspn(start, "\n");
    const char *bold = strstr(start, "**");
    if (bold != NULL && (size_t)(bold - start) < length)
        length = (size_t)(bold - start);
    char *title = keep_part(start, length);
    char *to = title;
    for (const char *from = title; *from != '\0'; from++)
        if (*from != '`' && *from != '*')
            *to++ = *from;
    while (to > title && strchr(" .,:", to[-1]) != NULL)
        to--;
    *to = '\0';
    return title;
}

const char *handout_task_title(const struct stage *stage, const char *section, unsigned *line)
{
    const char *found = find_task(stage, section, line);
    return found == NULL ? NULL : plain_title(task_on_line(found, section));
}

const char *handout_task_text(const struct stage *stage, const char *section)
{
    unsigned number = 0;
    const char *start = find_task(stage, section, &number);
    if (start == NULL)
        return NULL;
    const char *end = next_line(start);
    while (*end != '\0' && *end != '#' && !is_any_task(end))
        end = next_line(end);
    while (end > start && isspace((unsigned char)end[-1]))
        end--;
    return keep_part(start, (size_t)(end - start));
}

/* --- Invariants in the headers --- */

/* Lines of a header's comment: " *   I3  the object freed last is handed out first; no new" and
 * what is indented deeper below it. */
static const char *invariant_on_line(const char *line, const char *invariant)
{
    const char *at = line + strspn(line, " *");
    size_t length = strlen(invariant);
    return strncmp(at, invariant, length) == 0 && strncmp(at + length, "  ", 2) == 0 ? at : NULL;
}

static const char *gather_sentence(const char *start, size_t skip)
{
    const char *sentence = "";
    size_t column = 0;
    for (const char *line = start; *line != '\0'; line = next_line(line)) {
        const char *from = line == start ? start + skip : line + strspn(line, " *");
        if (line != start && ((size_t)(from - line) <= column || *from == '\n' || *from == '/'))
            break;
        if (line == start)
            column = 5; /* " *   ": what starts there is the next invariant */
        from += strspn(from, " ");
        sentence = keep_format("%s%s%.*s", sentence, *sentence == '\0' ? "" : " ",
                               (int)strcspn(from, "\n"), from);
    }
    return sentence;
}

static const char *invariant_in_file(const char *path, const char *invariant)
{
    const char *text = file_read(path, MOST_TEXT, NULL);
    for (const char *line = text; line != NULL && *line != '\0'; line = next_line(line)) {
        const char *at = invariant_on_line(line, invariant);
        if (at != NULL)
            return gather_sentence(at, strlen(invariant));
    }
    return NULL;
}

const char *handout_invariant(const struct stage *stage, const char *invariant)
{
    const char *pattern =
        *invariant == 'L' ? "common/lock.h" : keep_format("%s/*.h", stage->folder);
    const char *sentence = NULL;
    glob_t found;
    if (glob(pattern, 0, NULL, &found) != 0)
        return NULL;
    for (size_t i = 0; sentence == NULL && i < found.gl_pathc; i++)
        sentence = invariant_in_file(found.gl_pathv[i], invariant);
    globfree(&found);
    return sentence;
}

/* --- What is left to do in the student's files --- */

/* The name before the first '(' of a line that starts a function. */
static const char *function_on_line(const char *line)
{
    size_t length = strcspn(line, "(\n");
    if (!isalpha((unsigned char)*line) || line[length] != '(')
        return NULL;
    const char *start = line + length;
    while (start > line && (isalnum((unsigned char)start[-1]) || start[-1] == '_'))
        start--;
    return keep_part(start, (size_t)(line + length - start));
}

const char *handout_find_todo(const struct stage *stage, const char *section, unsigned *line,
                              const char **function)
{
    const char *mark = keep_format(" todo(\"%s\")", section);
    for (const char *const *file = stage->handin; *file != NULL; file++) {
        const char *path = handin_path(stage, SUBJECT_STUDENT, *file);
        const char *text = file_read(path, MOST_TEXT, NULL);
        *line = 1;
        for (const char *at = text; at != NULL && *at != '\0'; at = next_line(at), ++*line) {
            const char *named = function_on_line(at);
            if (named != NULL)
                *function = named;
            const char *found = strstr(at, mark);
            if (found != NULL && found < next_line(at))
                return path;
        }
    }
    return NULL;
}

/* coverage_lines: see coverage_lines.h. */
#include "grader/coverage_lines.h"

#include <ctype.h>
#include <jansson.h>
#include <string.h>

#include "grader/keep.h"

/* --- Lines that are left out --- */

static bool is_name_part(char c)
{
    return isalnum((unsigned char)c) || c == '_';
}

/* "static bool check_in_chunk(const ..." in column 0 defines check_in_chunk. */
static char *defined_name(const char *line, size_t length)
{
    const char *open = memchr(line, '(', length);
    if (open == NULL || !(isalpha((unsigned char)*line) || *line == '_'))
        return NULL;
    const char *name = open;
    while (name > line && is_name_part(name[-1]))
        name--;
    return keep_part(name, (size_t)(open - name));
}

static bool is_check_name(const char *name)
{
    size_t length = strlen(name);
    return strncmp(name, "check_", 6) == 0 ||
           (length > 6 && strcmp(name + length - 6, "_check") == 0);
}

/* An assert and not a static_assert: these are no code. */
static bool starts_assert(const char *line, size_t length)
{
    const char *text = line;
    while (text < line + length && isspace((unsigned char)*text))
        text++;
    size_t left = length - (size_t)(text - line);
    return left >= 7 && strncmp(text, "assert(", 7) == 0;
}

static size_t count_lines(const char *source)
{
    size_t count = 0;
    for (; *source != '\0'; source++)
        count += *source == '\n' || source[1] == '\0';
    return count;
}

/* Where in the source a walk over its lines is. */
struct place {
    bool in_check;  /* in a function that is left out */
    bool in_assert; /* in an assert that goes on over several lines */
};

static bool line_is_left_out(const char *line, size_t length, struct place *place)
{
    char *name = defined_name(line, length);
    bool is_prototype = length > 0 && line[length - 1] == ';';
    if (name != NULL && !is_prototype)
        place->in_check = is_check_name(name);
    if (starts_assert(line, length))
        place->in_assert = true;
    bool left_out = place->in_check || place->in_assert;
    if (length > 0 && line[0] == '}')
        place->in_check = false;
    if (length > 0 && line[length - 1] == ';')
        place->in_assert = false;
    return left_out;
}

bool *coverage_left_out(const char *source, size_t *line_count)
{
    struct place place = {false, false};
    *line_count = count_lines(source);
    bool *left_out = keep_bytes((*line_count + 1) * sizeof *left_out);
    for (size_t line = 1; line <= *line_count; line++) {
        size_t length = strcspn(source, "\n");
        left_out[line] = line_is_left_out(source, length, &place);
        source += length + (source[length] == '\n');
    }
    return left_out;
}

/* --- gcovr's JSON: {"files": [{"file", "lines": [{"line_number", "count", "gcovr/noncode",
 *     "branches": [{"count"}]}]}]} --- */

static enum line_mark add_line(const json_t *line, struct coverage *coverage)
{
    size_t index = 0;
    json_t *branch = NULL;
    bool run = json_integer_value(json_object_get(line, "count")) > 0;
    enum line_mark mark = run ? LINE_RUN : LINE_NEVER;
    coverage->lines++;
    coverage->lines_run += run;
    json_array_foreach(json_object_get(line, "branches"), index, branch)
    {
        bool taken = json_integer_value(json_object_get(branch, "count")) > 0;
        coverage->branches++;
        coverage->branches_run += taken;
        if (run && !taken)
            mark = LINE_PARTLY;
    }
    return mark;
}

/* The marks of one more file, all LINE_NOT_CODE. */
static unsigned char *add_file(const char *name, size_t line_count, struct coverage *coverage)
{
    unsigned char *marks = keep_bytes(line_count + 1);
    coverage->files = keep_room(coverage->files, coverage->file_count, sizeof *coverage->files);
    coverage->files[coverage->file_count++] =
        (struct covered_file){keep_text(name), marks, line_count};
    return marks;
}

static void add_lines(const json_t *lines, const bool *left_out, size_t line_count,
                      unsigned char *marks, struct coverage *coverage)
{
    size_t index = 0;
    json_t *line = NULL;
    json_array_foreach(lines, index, line)
    {
        json_int_t number = json_integer_value(json_object_get(line, "line_number"));
        bool is_known = number >= 1 && (size_t)number <= line_count;
        if (json_is_true(json_object_get(line, "gcovr/noncode")) || !is_known || left_out[number])
            continue;
        marks[number] = (unsigned char)add_line(line, coverage);
    }
}

static bool ends_in(const char *path, const char *ending)
{
    if (path == NULL)
        return false;
    size_t length = strlen(path);
    size_t ending_length = strlen(ending);
    return length >= ending_length && strcmp(path + length - ending_length, ending) == 0;
}

const char *coverage_add(const char *json, size_t length, const char *file, const bool *left_out,
                         size_t line_count, struct coverage *coverage)
{
    json_error_t error;
    json_t *root = json_loadb(json, length, 0, &error);
    if (root == NULL)
        return keep_text(error.text);
    json_t *files = json_object_get(root, "files");
    unsigned char *marks = add_file(file, line_count, coverage);
    const char *wrong = json_is_array(files) ? NULL : "it has no list of files";
    size_t index = 0;
    json_t *entry = NULL;
    json_array_foreach(files, index, entry)
    {
        if (ends_in(json_string_value(json_object_get(entry, "file")), file))
            add_lines(json_object_get(entry, "lines"), left_out, line_count, marks, coverage);
    }
    json_decref(root);
    return wrong;
}

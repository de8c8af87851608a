/* test_list: see test_list.h. */
#include "grader/test_list.h"

#include <stdlib.h>
#include <string.h>

#include "grader/keep.h"

enum { FIELDS = 9 };

/* Cuts `line` at its tabs. Returns the count of fields. */
static size_t cut(char *line, char *fields[FIELDS])
{
    size_t count = 0;
    fields[count++] = line;
    while (count < FIELDS && (line = strchr(line, '\t')) != NULL) {
        *line++ = '\0';
        fields[count++] = line;
    }
    return count;
}

static bool is_number(const char *text)
{
    return *text != '\0' && strlen(text) < 8 && text[strspn(text, "0123456789")] == '\0';
}

static bool parse_line(char *line, struct test_facts *facts)
{
    char *fields[FIELDS];
    if (cut(line, fields) != FIELDS || strchr(fields[0], '/') == NULL || !is_number(fields[1]) ||
        !is_number(fields[2]) || !is_number(fields[6]))
        return false;
    *facts = (struct test_facts){
        .name = fields[0],
        .points = (unsigned)strtoul(fields[1], NULL, 10),
        .threads = strcmp(fields[2], "0") != 0,
        .invariant = fields[3],
        .section = fields[4],
        .file = fields[5],
        .line = (unsigned)strtoul(fields[6], NULL, 10),
        .hint = fields[7],
        .needs = *fields[8] == '\0' ? NULL : fields[8],
    };
    return true;
}

size_t test_list_parse(const char *text, struct test_result **tests)
{
    size_t count = 0;
    *tests = NULL;
    while (*text != '\0') {
        size_t length = strcspn(text, "\n");
        struct test_result test = {.status = STATUS_UNKNOWN};
        if (text[length] != '\n' || !parse_line(keep_part(text, length), &test.facts))
            return 0;
        *tests = keep_room(*tests, count, sizeof **tests);
        (*tests)[count++] = test;
        text += length + 1;
    }
    return count;
}

/* make_output: see make_output.h. */
#include "grader/make_output.h"

#include <stdbool.h>
#include <string.h>

#include "grader/keep.h"

static bool starts_with(const char *line, const char *start)
{
    return strncmp(line, start, strlen(start)) == 0;
}

static bool is_from_make(const char *line)
{
    return starts_with(line, "  CC ") || starts_with(line, "  LINK ") || starts_with(line, "make");
}

char *build_diagnostics(const char *output)
{
    char *kept = keep_bytes(strlen(output) + 1);
    size_t used = 0;
    while (*output != '\0') {
        size_t length = strcspn(output, "\n");
        length += output[length] == '\n';
        if (!is_from_make(output)) {
            memcpy(kept + used, output, length);
            used += length;
        }
        output += length;
    }
    return kept;
}

char *build_first_error(const char *output)
{
    static const char *const signs[] = {"error:", "undefined reference", "multiple definition",
                                        "make: ***"};
    while (*output != '\0') {
        size_t length = strcspn(output, "\n");
        char *line = keep_part(output, length);
        for (size_t i = 0; i < sizeof signs / sizeof *signs; i++)
            if (strstr(line, signs[i]) != NULL)
                return line;
        output += length + (output[length] == '\n');
    }
    return keep_text("");
}

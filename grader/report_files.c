/* report_files: the files that the options ask for, and what the formats share. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "grader/die.h"
#include "grader/files.h"
#include "grader/html.h"
#include "grader/keep.h"
#include "grader/report.h"

json_t *report_points(unsigned half_points)
{
    return half_points % 2 == 0 ? json_integer(half_points / 2) : json_real(half_points / 2.0);
}

void report_append(json_t *array, json_t *value)
{
    if (json_array_append_new(array, value) != 0)
        die_broken("a part of a report cannot be made");
}

char *report_dump(json_t *value, size_t flags)
{
    char *text = json_dumps(value, flags | JSON_REAL_PRECISION(6));
    if (text == NULL)
        die_broken("a report cannot be made");
    char *kept = keep_format("%s\n", text);
    free(text);
    json_decref(value);
    return kept;
}

void report_check_files(const struct options *options)
{
    for (enum output i = 0; i < OUTPUT_COUNT; i++) {
        const char *file = options->outputs[i];
        if (file == NULL)
            continue;
        const char *name = strrchr(file, '/');
        const char *folder = name == NULL ? "." : keep_part(file, (size_t)(name - file) + 1);
        if (access(folder, W_OK | X_OK) != 0)
            die_usage("cannot write %s: %s: make the folder first", file, strerror(errno));
    }
}

void report_write_files(const struct report *report)
{
    static char *(*const formats[OUTPUT_COUNT])(const struct report *) = {
        [OUTPUT_JSON] = report_json,
        [OUTPUT_JUNIT] = report_junit,
        [OUTPUT_GRADESCOPE] = report_gradescope,
        [OUTPUT_GITHUB_CLASSROOM] = report_github_classroom,
        [OUTPUT_HTML] = report_html,
    };
    const char *const *files = report->grading->options->outputs;
    for (enum output i = 0; i < OUTPUT_COUNT; i++) {
        if (files[i] == NULL)
            continue;
        const char *text = formats[i](report);
        if (!file_write(files[i], text, strlen(text)))
            die_broken("cannot write %s: %s", files[i], strerror(errno));
    }
}

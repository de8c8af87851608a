/* calibration: see calibration.h.
 *
 * The file: a line that identifies the program's file by time and size, then for each timing
 * milliseconds, a space, and the name. */
#include "grader/calibration.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "grader/files.h"
#include "grader/keep.h"

enum { MOST_FILE_BYTES = 1024 * 1024 };

void calibration_add(struct calibration *calibration, const char *name, unsigned ms)
{
    calibration->timings =
        keep_room(calibration->timings, calibration->count, sizeof *calibration->timings);
    calibration->timings[calibration->count++] = (struct timing){keep_text(name), ms};
}

unsigned calibration_limit(const struct calibration *calibration, const char *name, unsigned floor,
                           unsigned unmeasured)
{
    for (size_t i = 0; i < calibration->count; i++)
        if (strcmp(calibration->timings[i].name, name) == 0) {
            unsigned limit = (calibration->timings[i].ms * LIMIT_FACTOR + 999) / 1000;
            return limit > floor ? limit : floor;
        }
    return unmeasured;
}

static char *identify(const char *program)
{
    struct stat facts;
    if (stat(program, &facts) != 0)
        return keep_text("none");
    return keep_format("%lld.%09ld %lld", (long long)facts.st_mtim.tv_sec, facts.st_mtim.tv_nsec,
                       (long long)facts.st_size);
}

bool calibration_load(struct calibration *calibration, const char *file, const char *program)
{
    *calibration = (struct calibration){NULL, 0};
    const char *text = file_read(file, MOST_FILE_BYTES, NULL);
    const char *identity = identify(program);
    size_t length = strlen(identity);
    if (text == NULL || strncmp(text, identity, length) != 0 || text[length] != '\n')
        return false;
    for (const char *line = text + length + 1; *line != '\0';) {
        size_t line_length = strcspn(line, "\n");
        char *name = NULL;
        unsigned ms = (unsigned)strtoul(line, &name, 10);
        if (*name != ' ' || line[line_length] != '\n')
            return false;
        calibration_add(calibration, keep_part(name + 1, (size_t)(line + line_length - name) - 1),
                        ms);
        line += line_length + 1;
    }
    return true;
}

/* Where it cannot be written, the next grading measures again. */
void calibration_save(const struct calibration *calibration, const char *file, const char *program)
{
    char *text = keep_format("%s\n", identify(program));
    for (size_t i = 0; i < calibration->count; i++)
        text = keep_format("%s%u %s\n", text, calibration->timings[i].ms,
                           calibration->timings[i].name);
    file_write(file, text, strlen(text));
}

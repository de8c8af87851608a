/* gate_hints: tells a student, before anything is handed in, what the grader's gate would refuse.
 *
 *   gate_hints SOURCE OBJECT [SOURCE OBJECT]...       the hand-in files of a stage
 *
 * It looks at the source as it is written, not as it is preprocessed, so the grader sees more. A hint
 * is no failure: the status is always 0. */
#include <stdio.h>
#include <stdlib.h>

#include "grader/files.h"
#include "grader/gate.h"
#include "grader/keep.h"

enum { MOST_SOURCE = 1024 * 1024 };

static const char *const header_folders[] = {"common", "stage1_objectpool", "stage2_threadcache",
                                             "stage3_centralcache", "stage4_pagecache"};

static void hint(const char *refusal)
{
    if (refusal != NULL)
        printf("the grader would refuse: %s\n", refusal);
}

/* Reads the names too. */
static const char *look_at(const char *path, const char *object_path, struct gate_object *object)
{
    const char *source = file_read(path, MOST_SOURCE, NULL);
    struct gate_file file = {path, source == NULL ? "" : source, path, "", false};
    char *own = NULL;
    const char *names = gate_object(&file, object_path, false, object);
    const char *refusal = gate_directives(&file);
    if (refusal == NULL)
        refusal = gate_words(&file, keep_format("# 1 \"%s\"\n%s", path, file.source), &own);
    return refusal == NULL ? names : refusal;
}

int main(int count, char **arguments)
{
    struct gate_names given = {NULL, 0};
    struct gate_object *objects = keep_bytes((size_t)count * sizeof *objects);
    atexit(keep_free_all);
    for (size_t i = 0; i < sizeof header_folders / sizeof *header_folders; i++)
        gate_read_headers(header_folders[i], &given);
    for (int i = 1; i + 1 < count; i += 2) {
        hint(look_at(arguments[i], arguments[i + 1], &objects[i]));
        for (size_t at = 0; at < objects[i].defines.count; at++)
            gate_names_add(&given, objects[i].defines.items[at]);
    }
    for (int i = 1; i + 1 < count; i += 2) {
        const char *source = file_read(arguments[i], MOST_SOURCE, NULL);
        struct gate_file file = {arguments[i], source == NULL ? "" : source, arguments[i], "",
                                 false};
        hint(gate_calls(&file, &objects[i], &given, &(struct gate_names){NULL, 0}, false));
    }
    return 0;
}

/* own_tests_link: see own_tests_build.h. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "grader/files.h"
#include "grader/keep.h"
#include "grader/make_output.h"
#include "grader/own_tests_build.h"
#include "grader/process.h"
#include "grader/scratch.h"
#include "grader/test_runs.h"

enum { LINK_CPU_SECONDS = 20 };

static const char *compiler(void)
{
    const char *given = getenv("CC");
    return given == NULL || *given == '\0' ? "gcc" : keep_part(given, strcspn(given, " "));
}

/* Each program in a folder of its own, which belongs to whoever links it. */
static struct process link_one(const struct stage_result *result, const char *code,
                               const char *program)
{
    const struct own_tests *own = &result->own_tests;
    const char **arguments = keep_bytes((own->file_count + 6) * sizeof *arguments);
    const char **reads = keep_bytes(3 * sizeof *reads);
    const char **writes = keep_bytes(2 * sizeof *writes);
    struct jail *jail = keep_bytes(sizeof *jail);
    const char *objects = scratch_path("own-objects/stage%u", result->stage->number);
    size_t count = 0;
    arguments[count++] = compiler();
    for (size_t i = 0; i < own->file_count; i++)
        if (own->files[i].problem == NULL)
            arguments[count++] = own_tests_object(result->stage, own->files[i].name);
    arguments[count++] = code;
    arguments[count++] = "-pthread";
    arguments[count++] = "-o";
    arguments[count] = program;
    reads[0] = objects;
    reads[1] = code;
    writes[0] = keep_part(program, (size_t)(strrchr(program, '/') - program));
    *jail = (struct jail){reads, writes};
    return (struct process){.arguments = arguments,
                            .environment = test_environment(NULL),
                            .folder = test_folder(),
                            .jail = jail,
                            .cpu_seconds = LINK_CPU_SECONDS,
                            .wall_seconds = LINK_CPU_SECONDS * 10};
}

static char *linker_error(const struct process *link)
{
    const char *error = build_first_error(link->output.bytes);
    return scratch_hide(*error != '\0' ? error : process_last_line(link));
}

char *own_tests_link(const struct grading *grading, const struct stage_result *result,
                     const struct planted_bug *const *bugs, size_t count, const char **programs)
{
    unsigned number = result->stage->number;
    struct process *links = keep_bytes((count + 1) * sizeof *links);
    const char **made = keep_bytes((count + 1) * sizeof *made);
    folder_make(scratch_path("planted/stage%u", number));
    for (size_t i = 0; i < count; i++) {
        const char *name = bugs[i] == NULL ? "reference" : bugs[i]->name;
        const char *object = planted_object(grading->build, result->stage, bugs[i]);
        const char *copy = scratch_path("planted/stage%u/%s.o", number, name);
        if (!file_copy(object, copy))
            return keep_format("cannot copy %s: %s", object, strerror(errno));
        made[i] = scratch_path("own-links/stage%u-%s/tests", number, name);
        programs[i] = scratch_path("own-programs/stage%u/%s", number, name);
        links[i] = link_one(result, copy, made[i]);
    }
    process_run_all(links, count, grading->at_once, NULL, NULL);
    for (size_t i = 0; i < count; i++) {
        if (!process_succeeded(&links[i]))
            return linker_error(&links[i]);
        if (!own_tests_take_out(made[i], programs[i]))
            return keep_format("cannot copy a program of own tests: %s", strerror(errno));
    }
    return NULL;
}

/* programs: see programs.h. */
#include "grader/programs.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "grader/die.h"
#include "grader/files.h"
#include "grader/handin_build.h"
#include "grader/keep.h"
#include "grader/make_output.h"
#include "grader/process.h"
#include "grader/scratch.h"

enum { BUILD_WALL_SECONDS = 300, BUILD_OUTPUT = 256 * 1024 };

struct program program_subject(const struct grading *grading, const struct stage *stage,
                               const char *variant, const char *suffix)
{
    unsigned earlier = (1U << (stage->number - 1)) - 1;
    return (struct program){stage, grading->options->subject, variant, suffix,
                            grading->options->own_layers ? earlier : 0};
}

struct program program_reference(const struct stage *stage, const char *variant, const char *suffix)
{
    return (struct program){stage, SUBJECT_SOLUTION, variant, suffix, 0};
}

static const char *build_folder(const struct grading *grading, const struct program *program)
{
    return program->subject == SUBJECT_SOLUTION ? grading->build : grading->student_build;
}

/* The reference runs on nothing but the reference. */
static bool is_own(const struct program *program, const struct stage *stage)
{
    return program->subject == SUBJECT_STUDENT && (program->own >> (stage->number - 1) & 1) != 0;
}

/* The numbers of the earlier stages that are the subject's own: "1 2", or "12" without a separator. */
static char *own_stages(const struct program *program, const char *separator)
{
    char *numbers = keep_text("");
    for (const struct stage *stage = all_stages; stage < program->stage; stage++)
        if (is_own(program, stage))
            numbers =
                keep_format("%s%s%u", numbers, *numbers == '\0' ? "" : separator, stage->number);
    return numbers;
}

/* As make knows it. */
static const char *target(const struct grading *grading, const struct program *program)
{
    const char *own = own_stages(program, "");
    return keep_format("%s/%s/tests/stage%u-%s%s%s%s%s", build_folder(grading, program),
                       program->variant, program->stage->number, subject_name(program->subject),
                       *own == '\0' ? "" : "-own", own,
                       grading->options->hidden != NULL ? "-hidden" : "", program->suffix);
}

static const char *absolute(const struct grading *grading, const char *path)
{
    return path[0] == '/' ? path : keep_format("%s/%s", grading->root, path);
}

const char *program_path(const struct grading *grading, const struct program *program)
{
    return absolute(grading, target(grading, program));
}

const char *program_to_run(const struct grading *grading, const struct program *program)
{
    const char *path = program_path(grading, program);
    if (program->subject != SUBJECT_SOLUTION)
        return path;
    const char *copy = scratch_path("reference/%s-%u%s", program->variant, program->stage->number,
                                    program->suffix);
    folder_make(scratch_path("reference"));
    if (!file_copy(path, copy))
        die_broken("cannot copy %s: %s", path, strerror(errno));
    return copy;
}

const char *program_objects(const struct grading *grading, const struct program *program)
{
    if (program->subject != SUBJECT_SOLUTION)
        return handin_folder(program->stage, program->variant);
    return absolute(grading,
                    keep_format("%s/%s/obj/%s/%s", build_folder(grading, program), program->variant,
                                program->stage->folder, subject_name(program->subject)));
}

/* Two gradings at the same time share what is built of this tree: one make after the other. */
static int lock_build(const struct grading *grading)
{
    folder_make(grading->build);
    int fd = open(keep_format("%s/grade.lock", grading->build), O_RDWR | O_CREAT | O_CLOEXEC, 0666);
    while (fd >= 0 && flock(fd, LOCK_EX) != 0 && errno == EINTR)
        ;
    return fd;
}

/* __gcov_dump must be linked in, since the tests call it only where it is there: a tested process
 * ends by _exit, or by a signal, and would lose its counts. */
static void run_make(const struct grading *grading, const struct program *program,
                     struct process *make)
{
    const char *arguments[] = {
        "make",
        "-s",
        "-j2",
        "-Otarget",
        "--no-print-directory",
        keep_format("IMPL=%s", subject_name(program->subject)),
        keep_format("VARIANT=%s", program->variant),
        keep_format("BUILD=%s", grading->build),
        keep_format("LAYERS=%s", own_stages(program, " ")),
        keep_format("STUDENT_ROOT=%s", scratch_path("nothing")), /* handin_build compiled them */
        keep_format("STUDENT_BUILD=%s", grading->student_build),
        strcmp(program->variant, "coverage") == 0 ? "EXTRA_LDFLAGS=-Wl,-u,__gcov_dump"
                                                  : "EXTRA_LDFLAGS=",
        keep_format("HIDDEN=%s", grading->options->hidden == NULL ? "" : grading->options->hidden),
        "STAGE=",
        "V=",
        target(grading, program),
        NULL,
    };
    make->arguments = arguments;
    make->wall_seconds = BUILD_WALL_SECONDS;
    make->most_output = BUILD_OUTPUT;
    int lock = lock_build(grading);
    process_run(make);
    close(lock);
}

/* The hand-in files that the program is linked of. */
static const struct handin_build *build_handins(const struct grading *grading,
                                                const struct program *program)
{
    const struct handin_build *handins = NULL;
    for (const struct stage *stage = all_stages; stage <= program->stage; stage++) {
        if (stage != program->stage && !is_own(program, stage))
            continue;
        handins = handin_build(grading, stage, program->variant);
        if (handins->error != NULL)
            break;
    }
    return handins;
}

void program_build(const struct grading *grading, const struct program *program,
                   struct build *build)
{
    struct process make = {.state = PROCESS_WAITING};
    *build = (struct build){.diagnostics = keep_text("")};
    if (program->subject != SUBJECT_SOLUTION) {
        const struct handin_build *handins = build_handins(grading, program);
        *build = (struct build){false, handins->error, handins->status, handins->diagnostics};
        if (build->error != NULL)
            return;
    }
    run_make(grading, program, &make);
    build->done = process_succeeded(&make);
    build->diagnostics =
        keep_format("%s%s", build->diagnostics, build_diagnostics(scratch_hide(make.output.bytes)));
    if (build->done)
        return;
    build->status = make.start_error != 0 ? STATUS_GRADER_ERROR : STATUS_COMPILE;
    build->error = build_first_error(scratch_hide(make.output.bytes));
    if (make.start_error != 0)
        build->error = keep_format("make could not be started: %s", process_start_failure(&make));
    else if (make.wall_expired)
        build->error = keep_format("not compiled within %d s", BUILD_WALL_SECONDS);
    else if (*build->error == '\0')
        build->error = scratch_hide(process_last_line(&make));
}

char *program_build_reference(const struct grading *grading, const struct program *program)
{
    struct build build;
    program_build(grading, program, &build);
    if (build.done)
        return NULL;
    return keep_format("the reference of stage %u does not build (%s): %s", program->stage->number,
                       program->variant, build.error);
}

char *program_make(const struct grading *grading, const char *goal)
{
    const char *arguments[] = {"make",
                               "-s",
                               "-j2",
                               "--no-print-directory",
                               "IMPL=solution",
                               "VARIANT=debug",
                               "STAGE=",
                               "V=",
                               keep_format("BUILD=%s", grading->build),
                               goal,
                               NULL};
    struct process make = {
        .arguments = arguments, .wall_seconds = BUILD_WALL_SECONDS, .most_output = BUILD_OUTPUT};
    int lock = lock_build(grading);
    process_run(&make);
    close(lock);
    return process_succeeded(&make) ? NULL
                                    : keep_format("make %s: %s", goal, process_last_line(&make));
}

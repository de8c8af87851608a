/* phase_coverage: which lines and branches of the hand-in files any test reaches.
 *
 * The counters of all tests add up in one .gcda file a source file, in the scratch folder; gcovr
 * reads them beside copies of the compiler's .gcno files. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "grader/coverage_hints.h"
#include "grader/coverage_lines.h"
#include "grader/die.h"
#include "grader/files.h"
#include "grader/handin_jail.h"
#include "grader/keep.h"
#include "grader/phases.h"
#include "grader/process.h"
#include "grader/programs.h"
#include "grader/scratch.h"
#include "grader/test_runs.h"
#include "grader/tool_jobs.h"
#include "grader/verdict.h"

enum {
    TEST_CPU_SECONDS = 20,
    RUN_WALL_SECONDS = 300,
    GCOVR_WALL_SECONDS = 60,
    MOST_SOURCE = 1024 * 1024,
    MOST_JSON = 64 * 1024 * 1024,
    ARGUMENTS = 16,
};

/* Returns NULL, or why there is nothing to measure. */
static char *build_program(const struct grading *grading, const struct program *program)
{
    if (program->subject == SUBJECT_SOLUTION)
        return program_build_reference(grading, program);
    struct build build;
    program_build(grading, program, &build);
    return build.done ? NULL : build.error;
}

/* A test that never ends counts nothing, and would cost its whole limit. */
static const char *const *arguments_for(const struct grading *grading, const char *program,
                                        const struct stage_result *result)
{
    const char **arguments = keep_bytes((ARGUMENTS + 2 * result->test_count) * sizeof *arguments);
    const char *first[] = {program,       "--report-fd", "3",      "--token-fd",          "4",
                           "--cpu-limit", NULL,          "--seed", grading->options->seed};
    first[6] = keep_format("%d", TEST_CPU_SECONDS);
    memcpy(arguments, first, sizeof first);
    size_t used = sizeof first / sizeof *first;
    for (size_t i = 0; i < result->test_count; i++)
        if (result->tests[i].status == STATUS_TIMEOUT ||
            result->tests[i].status == STATUS_SKIPPED) {
            arguments[used++] = "--skip";
            arguments[used++] = result->tests[i].facts.name;
        }
    return arguments;
}

static void prepare(const struct grading *grading, const char *program, const char *counters,
                    const struct stage_result *result, struct process *process)
{
    *process = (struct process){
        .arguments = arguments_for(grading, program, result),
        .environment = test_environment(keep_format("GCOV_PREFIX=%s", counters)),
        .folder = test_folder(),
        .token = verdict_token(),
        .jail = jail_with(program, counters),
        .cpu_seconds = TEST_CPU_SECONDS,
        .wall_seconds = RUN_WALL_SECONDS,
    };
}

/* Where nothing was counted, there is nothing to copy: gcovr then finds 0. */
static void copy(const char *from, const char *to)
{
    size_t length = 0;
    const char *bytes = file_read_regular(from, MOST_JSON, &length);
    if (bytes != NULL)
        file_write(to, bytes, length);
}

/* Bring the .gcno and .gcda files of the stage's hand-in files together in `folder`. */
static void gather(const struct stage *stage, const char *objects, const char *counters,
                   const char *folder)
{
    for (const char *const *file = stage->handin; *file != NULL; file++) {
        char *base = keep_part(*file, strlen(*file) - 2);
        copy(keep_format("%s/%s.gcno", objects, base), keep_format("%s/%s.gcno", folder, base));
        copy(keep_format("%s%s/%s.gcda", counters, objects, base),
             keep_format("%s/%s.gcda", folder, base));
    }
}

/* gcov names sources as the compiler was given them, from the top of the tree, and writes files where
 * it runs: so each run of gcovr has a folder of its own, in which the tree can be seen. */
static void show_folder(const struct grading *grading, const char *name, const char *folder)
{
    const char *link = keep_format("%s/%s", folder, name);
    if (symlink(keep_format("%s/%s", grading->root, name), link) != 0)
        die_broken("cannot make the link %s: %s", link, strerror(errno));
}

static void show_tree(const struct grading *grading, const char *folder)
{
    show_folder(grading, "common", folder);
    for (size_t i = 0; i < STAGE_COUNT; i++)
        show_folder(grading, all_stages[i].folder, folder);
}

/* clang's counters are read by LLVM's own gcov. */
static const char *gcov_program(void)
{
    const char *compiler = getenv("CC");
    return compiler != NULL && strstr(compiler, "clang") != NULL ? "llvm-cov gcov" : "gcov";
}

/* In a jail: what gcov reads was written by code of the student's. It looks into the sources, too. */
static const struct jail *jail_for_gcovr(const struct grading *grading, const char *folder)
{
    const char **reads = keep_bytes((STAGE_COUNT + 4) * sizeof *reads);
    size_t used = 0;
    reads[used++] = keep_format("%s/common", grading->root);
    for (size_t i = 0; i < STAGE_COUNT; i++)
        reads[used++] = keep_format("%s/%s", grading->root, all_stages[i].folder);
    if (grading->options->subject != SUBJECT_SOLUTION) {
        reads[used++] = grading->student_root;
        reads[used++] = handin_headers();
    }
    struct jail *jail = keep_bytes(sizeof *jail);
    *jail = (struct jail){reads, jail_with(NULL, folder)->writes};
    return jail;
}

static const char *found_in(const char *folder)
{
    return keep_format("%s/found.json", folder);
}

static void prepare_gcovr(const struct grading *grading, const char *folder,
                          struct process *process)
{
    const char *const arguments[] = {"gcovr",
                                     "--root",
                                     ".",
                                     "--filter",
                                     ".*/student/[^/]*\\.c$",
                                     "--filter",
                                     ".*/solution/[^/]*\\.c$",
                                     "--gcov-executable",
                                     gcov_program(),
                                     "--json",
                                     found_in(folder),
                                     folder,
                                     NULL};
    void *copy = keep_bytes(sizeof arguments);
    *process = (struct process){.arguments = memcpy(copy, arguments, sizeof arguments),
                                .environment = test_environment(NULL),
                                .folder = folder,
                                .jail = jail_for_gcovr(grading, folder),
                                .wall_seconds = GCOVR_WALL_SECONDS};
}

/* Returns NULL, or what went wrong. */
static char *check_gcovr(const struct process *process)
{
    if (process_succeeded(process))
        return NULL;
    return keep_format("gcovr: %s", process->start_error != 0 ? process_start_failure(process)
                                                              : process_last_line(process));
}

static char *add_up(const struct grading *grading, const struct stage *stage, const char *json_file,
                    struct coverage *coverage)
{
    enum subject subject = grading->options->subject;
    size_t length = 0;
    const char *json = file_read_regular(json_file, MOST_JSON, &length);
    for (const char *const *file = stage->handin; *file != NULL; file++) {
        const char *name = keep_format("%s/%s/%s", stage->folder, subject_name(subject), *file);
        const char *root = subject == SUBJECT_SOLUTION ? "." : grading->student_root;
        const char *source = file_read(keep_format("%s/%s", root, name), MOST_SOURCE, NULL);
        if (json == NULL || source == NULL)
            return keep_format("cannot read %s", json == NULL ? json_file : name);
        size_t line_count = 0;
        bool *left_out = coverage_left_out(source, &line_count);
        const char *wrong = coverage_add(json, length, name, left_out, line_count, coverage);
        if (wrong != NULL)
            return keep_format("gcovr's output: %s", wrong);
        coverage_hint(&coverage->files[coverage->file_count - 1], source, coverage);
    }
    return NULL;
}

/* --- Jobs for phase_tools.c: the run of the tests, and then gcovr over what it counted --- */

static const char *place(const struct stage_result *result, const char *what)
{
    return scratch_path("%s-%u", what, result->stage->number);
}

static void look_at_gcovr(const struct grading *grading, const struct tool_job *job)
{
    struct stage_result *result = job->result;
    struct coverage *coverage = &result->coverage;
    coverage->why = check_gcovr(&job->process);
    if (coverage->why == NULL)
        coverage->why = add_up(grading, result->stage, found_in(job->process.folder), coverage);
    coverage->state = coverage->why == NULL ? TOOL_RUN : TOOL_BROKEN;
}

static void look_at_tests(const struct grading *grading, const struct tool_job *job)
{
    struct program subject = program_subject(grading, job->result->stage, "coverage", "");
    const char *folder = place(job->result, "coverage");
    folder_make(folder);
    show_tree(grading, folder);
    gather(job->result->stage, program_objects(grading, &subject), job->context, folder);
}

void jobs_coverage(const struct grading *grading, struct stage_result *result,
                   struct tool_jobs *jobs)
{
    struct program subject = program_subject(grading, result->stage, "coverage", "");
    const char *counters = place(result, "counters");
    result->coverage.why = build_program(grading, &subject);
    result->coverage.state = result->coverage.why == NULL ? TOOL_RUN : TOOL_BROKEN;
    if (result->coverage.why != NULL)
        return;
    struct tool_job *job = tool_jobs_add(jobs, result, look_at_tests, counters);
    prepare(grading, program_to_run(grading, &subject), counters, result, &job->process);
}

void jobs_gcovr(const struct grading *grading, struct stage_result *result, struct tool_jobs *jobs)
{
    if (result->coverage.state != TOOL_RUN)
        return;
    struct tool_job *job = tool_jobs_add(jobs, result, look_at_gcovr, NULL);
    prepare_gcovr(grading, place(result, "coverage"), &job->process);
}

/* trial: see trial.h. */
#include "grader/mutants/trial.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#include "common/course/command.h"
#include "common/course/handout.h"
#include "grader/die.h"
#include "grader/files.h"
#include "grader/keep.h"

enum { CPU_SECONDS = 5, WALL_SECONDS = 20, MOST_TESTS = 400, MOST_TEXT = 1024 * 1024 };

static const char schedules[] = "100"; /* of each test of interleavings */

static const char *program_in(const char *out, const char *variant, unsigned stage)
{
    return keep_format("%s/%s/tests/stage%u-student", out, variant, stage);
}

static const char *interleavings_in(const char *out, unsigned stage, const char *subject)
{
    return keep_format("%s/interleave/stage%u-%s", out, stage, subject);
}

/* --- Building --- */

static struct command build(const struct trial_place *place, const char *variant,
                            const char *program)
{
    const char *const arguments[] = {"make",
                                     "-s",
                                     "IMPL=student",
                                     keep_format("VARIANT=%s", variant),
                                     keep_format("BUILD=%s", place->build),
                                     keep_format("STUDENT_ROOT=%s/tree", place->root),
                                     keep_format("STUDENT_BUILD=%s/out", place->root),
                                     program,
                                     NULL};
    struct command make = {.arguments = arguments};
    command_run(&make);
    return make;
}

void trial_prepare(const struct stage *stage, const char *build_folder)
{
    static const char *const variants[] = {"debug", "asan", "tsan"};
    for (size_t i = 0; i < sizeof variants / sizeof *variants; i++) {
        const char *const arguments[] = {
            "make",
            "-s",
            "-j2",
            "IMPL=solution",
            keep_format("VARIANT=%s", variants[i]),
            keep_format("BUILD=%s", build_folder),
            keep_format("%s/%s/tests/stage%u-solution", build_folder, variants[i], stage->number),
            i == 0 ? interleavings_in(build_folder, stage->number, "solution") : NULL,
            NULL};
        struct command make = {.arguments = arguments};
        command_run(&make);
        if (!command_succeeded(&make))
            die_broken("the reference does not build:\n%s", make.output);
    }
}

/* A file is written only where it changes: make builds by the time of a file. */
static void put_file(const char *path, const char *text)
{
    const char *old = file_read(path, MOST_TEXT, NULL);
    if (old != NULL && strcmp(old, text) == 0)
        return;
    if (!file_write(path, text, strlen(text)))
        die_broken("cannot write %s", path);
}

static void put_files(const struct trial_place *place, const struct mutant *mutant)
{
    const char *folder = keep_format("%s/tree/%s/student", place->root, place->stage->folder);
    folder_make(folder);
    for (const char *const *file = place->stage->handin; *file != NULL; file++) {
        const char *reference = handin_path(place->stage, SUBJECT_SOLUTION, *file);
        const char *text = file_read(reference, MOST_TEXT, NULL);
        if (strcmp(reference, mutant->source->path) == 0)
            text = source_replace(mutant->source, mutant->first, mutant->last, mutant->replacement);
        if (text == NULL)
            die_broken("cannot read %s", reference);
        put_file(keep_format("%s/%s", folder, *file), text);
    }
}

/* --- Running --- */

/* Names of the program's tests, one a line of --list, up to its first tab. */
static size_t list_tests(const char *program, bool threads_only, const char *names[MOST_TESTS])
{
    const char *const arguments[] = {program, "--list", threads_only ? "--threads-only" : NULL,
                                     NULL};
    struct command list = {.arguments = arguments, .cpu_seconds = CPU_SECONDS};
    command_run(&list);
    size_t count = 0;
    for (char *line = strtok(list.output, "\n"); line != NULL && count < MOST_TESTS;
         line = strtok(NULL, "\n"))
        if (strchr(line, '\t') != NULL)
            names[count++] = keep_part(line, strcspn(line, "\t"));
    return count;
}

/* Under a sanitizer at a layout of the address space that it can start with, and with more time. */
static struct command run_test(const char *program, const char *test, bool is_sanitized,
                               unsigned wall_seconds)
{
    const char *const plain[] = {program, "--run", test, NULL};
    const char *const sanitized[] = {"setarch", "-R", program, "--run", test, NULL};
    struct command run = {.arguments = is_sanitized ? sanitized : plain,
                          .cpu_seconds = is_sanitized ? 10 * CPU_SECONDS : CPU_SECONDS,
                          .wall_seconds = is_sanitized ? 5 * wall_seconds : wall_seconds};
    command_run(&run);
    run.arguments = NULL;
    return run;
}

/* A test that seems to hang gets a second chance, and longer: the machine may be busy. */
static bool passes(const char *program, const char *test, bool is_sanitized)
{
    struct command run = run_test(program, test, is_sanitized, WALL_SECONDS);
    if (WIFSIGNALED(run.wait_status) && WTERMSIG(run.wait_status) == SIGALRM)
        run = run_test(program, test, is_sanitized, 2 * WALL_SECONDS);
    return command_succeeded(&run);
}

/* Build a variant and run its tests: the first that does not pass, or NULL. */
static const char *first_killer(const struct trial_place *place, const char *variant)
{
    const char *names[MOST_TESTS];
    const char *program =
        program_in(keep_format("%s/out", place->root), variant, place->stage->number);
    struct command make = build(place, variant, program);
    if (!command_succeeded(&make))
        return NULL;
    size_t count = list_tests(program, strcmp(variant, "tsan") == 0, names);
    for (size_t i = 0; i < count; i++)
        if (!passes(program, names[i], strcmp(variant, "debug") != 0))
            return names[i];
    return NULL;
}

/* The same for the tests of interleavings, which a program of their own runs. */
static const char *first_failing_schedule(const struct trial_place *place)
{
    const char *program =
        interleavings_in(keep_format("%s/out", place->root), place->stage->number, "student");
    struct command make = build(place, "debug", program);
    if (!command_succeeded(&make))
        return NULL;
    const char *const arguments[] = {program, "--schedules", schedules, NULL};
    struct command run = {
        .arguments = arguments, .cpu_seconds = 10 * CPU_SECONDS, .wall_seconds = 10 * WALL_SECONDS};
    command_run(&run);
    if (command_succeeded(&run))
        return NULL;
    static const char word[] = "FAILED   ";
    const char *failed = strstr(run.output, word);
    return failed == NULL ? "interleavings"
                          : keep_part(failed + strlen(word), strcspn(failed + strlen(word), ":"));
}

static struct trial killed_by(enum verdict verdict, const char *killer)
{
    struct trial trial = {.verdict = verdict};
    snprintf(trial.killer, sizeof trial.killer, "%s", killer);
    return trial;
}

struct trial trial_run(const struct trial_place *place, const struct mutant *mutant)
{
    const char *out = keep_format("%s/out", place->root);
    put_files(place, mutant);
    struct command make = build(place, "debug", program_in(out, "debug", place->stage->number));
    if (!command_succeeded(&make))
        return killed_by(MUTANT_INVALID, "");
    const char *killer = first_killer(place, "debug");
    if (killer == NULL)
        killer = first_failing_schedule(place);
    if (killer != NULL)
        return killed_by(MUTANT_KILLED, killer);
    setenv("TSAN_OPTIONS", "halt_on_error=1:exitcode=66", 1);
    setenv("ASAN_OPTIONS", "detect_leaks=0", 1);
    killer = first_killer(place, "asan");
    if (killer == NULL && (mutant->kind == MUTATE_LOCK || mutant->kind == MUTATE_ORDER))
        killer = first_killer(place, "tsan");
    return killer != NULL ? killed_by(MUTANT_CAUGHT, killer) : killed_by(MUTANT_SURVIVED, "");
}

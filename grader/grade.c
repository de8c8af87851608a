/* grade: grades one implementation of the memory pool, or the reference. See options_help in
 * options.c for how it is called, surroundings.h for what it looks for first, and phases.h for what it
 * does.
 *
 *   hand-in files ──▶ scratch folder ──▶ make ──▶ test programs ──▶ verdicts ──▶ points ──▶ report
 *   pristine tree ───────────────────────▲
 *
 * The grader links no code under test, and takes nothing from a submission but the hand-in files.
 * It believes what it observes of a process from outside (verdict.h), and no more. */
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "grader/class.h"
#include "grader/copies.h"
#include "grader/die.h"
#include "grader/hidden.h"
#include "grader/keep.h"
#include "grader/phases.h"
#include "grader/process.h"
#include "grader/report.h"
#include "grader/score.h"
#include "grader/scratch.h"
#include "grader/submission.h"
#include "grader/surroundings.h"

static void take_submission(const struct options *options, const char *to,
                            struct stage_result *results)
{
    const char *path = options->submission == NULL ? "." : options->submission;
    const char *wrong = submission_take(path, to, results);
    if (wrong != NULL)
        die_usage("%s", wrong);
}

static void leave_out_tools(struct stage_result *result, const char *why)
{
    tool_not_run(&result->memcheck, why);
    tool_not_run(&result->helgrind, why);
    tool_not_run(&result->races, why);
}

/* Build and run the tests of a stage. Returns whether there is anything for the tools to look at. */
static bool test_stage(const struct grading *grading, struct stage_result *result)
{
    leave_out_tools(result, "no test passed");
    phase_build(grading, result);
    if (result->broken == NULL && result->compile_error == NULL)
        phase_tests(grading, result);
    return !grading->options->quick && stage_passed(result) > 0;
}

static void grade_stages(const struct grading *grading, struct stage_result *results, size_t count)
{
    struct stage_result *left[STAGE_COUNT]; /* for the tools */
    size_t left_count = 0;
    for (size_t i = 0; i < count; i++)
        if (test_stage(grading, &results[i]))
            left[left_count++] = &results[i];
    if (left_count != 0)
        phase_tools(grading, left, left_count);
    for (size_t i = 0; i < left_count; i++) {
        if (stage_has_threads(left[i]))
            phase_races(grading, left[i]);
        phase_counts(grading, left[i]);
    }
    if (grading->options->matrix && grading->options->subject == SUBJECT_STUDENT)
        phase_matrix(grading, results, count);
    for (size_t i = 0; i < count; i++)
        score_stage(&results[i], grading->rubric, grading->options->quick);
    for (size_t i = 0; i < count && !grading->options->quick; i++)
        phase_own_tests(grading, &results[i]); /* after the points: it has none */
}

static unsigned count_cores(void)
{
    long cores = sysconf(_SC_NPROCESSORS_ONLN);
    return cores < 1 ? 1 : cores > 8 ? 8 : (unsigned)cores;
}

/* Whether the grader failed in anything, scored or not. */
static bool any_failed(const struct stage_result *results, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (stage_is_broken(&results[i]) || results[i].coverage.state == TOOL_BROKEN ||
            results[i].helgrind.state == TOOL_BROKEN)
            return true;
    return false;
}

static double cpu_seconds(int who)
{
    struct rusage usage;
    if (getrusage(who, &usage) != 0)
        return 0;
    return (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
           (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
}

static void write_reports(const struct grading *grading, const struct stage_result *results,
                          size_t count, long long started_ms)
{
    const struct options *options = grading->options;
    const struct report report = {
        .grading = grading,
        .stages = results,
        .count = count,
        .subject =
            options->submission != NULL ? options->submission : subject_name(options->subject),
        .seconds = (double)(now_ms() - started_ms) / 1000,
        .cpu_seconds = cpu_seconds(RUSAGE_SELF) + cpu_seconds(RUSAGE_CHILDREN),
    };
    report_write_files(&report);
    const char *line = options->autolab ? report_autolab(&report) : NULL;
    if (line != NULL)
        printf("\n%s", line);
}

/* Returns the exit status. */
static int grade(const struct options *options, const char *root, struct stage_result *results)
{
    long long started_ms = now_ms();
    struct rubric rubric;
    const char *wrong =
        rubric_read(&rubric, options->rubric == NULL ? rubric_default : options->rubric);
    if (wrong != NULL)
        die_usage("%s", wrong);
    struct grading grading = {
        .options = options,
        .rubric = &rubric,
        .root = root,
        .build = options->build,
        .student_root = scratch_path("submission"),
        .student_build = scratch_path("build"),
        .at_once = options->jobs != 0 ? options->jobs : count_cores(),
    };
    struct stage_result *chosen = options->stage == 0 ? results : &results[options->stage - 1];
    size_t count = options->stage == 0 ? STAGE_COUNT : 1;
    if (jail_what_is_off() != NULL)
        text_wrap(stdout, 2, "note: ", jail_what_is_off());
    if (options->subject == SUBJECT_STUDENT)
        take_submission(options, grading.student_root, results);
    grade_stages(&grading, chosen, count);
    if (options->subject == SUBJECT_STUDENT)
        copies_flag(grading.student_root, chosen, count);
    for (size_t i = 0; i < count; i++) {
        printf("\n");
        report_stage(stdout, &chosen[i]);
    }
    printf("\n");
    report_summary(stdout, chosen, count);
    if (options->matrix)
        report_matrix(stdout, chosen, count);
    write_reports(&grading, chosen, count, started_ms);
    return any_failed(chosen, count) ? EXIT_BROKEN : EXIT_GRADED;
}

int main(int count, char **arguments)
{
    struct options options;
    atexit(keep_free_all);
    const char *wrong = options_parse(count, arguments, &options);
    if (wrong != NULL)
        die_usage("%s", wrong);
    if (options.help) {
        fputs(options_help, stdout);
        return EXIT_GRADED;
    }
    surroundings_clean_environment();
    surroundings_require(&options);
    surroundings_complete(&options);
    wrong = options.hidden == NULL ? NULL : hidden_check(options.hidden);
    if (wrong != NULL)
        die_usage("%s", wrong);
    report_check_files(&options);
    const char *root = surroundings_go_to_root();
    if (options.class_source != NULL)
        return class_grade(&options, root);
    scratch_make();
    process_prepare();
    umask(022); /* what is made for a jail is to be read there */
    jail_open(options.jail);
    struct stage_result results[STAGE_COUNT] = {{.stage = NULL}};
    for (size_t i = 0; i < STAGE_COUNT; i++)
        results[i].stage = &all_stages[i];
    return grade(&options, root, results);
}

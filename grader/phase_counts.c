/* phase_counts: how much work the code makes for the layer below, by counting and never by the clock.
 *
 *   fixed trace ──▶ code under test ──▶ stand-in, os_memory, lock wrapper: count
 *              └──▶ the reference    ──▶ the same
 *
 * Both programs run the same trace (tests/counts.c of the stage); the rubric says how far above the
 * reference's a count may lie. */
#include <string.h>

#include "grader/calibration.h"
#include "grader/keep.h"
#include "grader/phases.h"
#include "grader/process.h"
#include "grader/programs.h"
#include "grader/progress.h"
#include "grader/test_runs.h"
#include "grader/verdict.h"

enum { COUNT_CPU_SECONDS = 20 };

/* A count that is not there, since the trace did not end, is worth nothing. */
static const double far_too_many = 1e6;

static void prepare(const struct grading *grading, const char *program, struct process *process)
{
    const char *const arguments[] = {
        program,       "--report-fd", "3",      "--token-fd",           "4",
        "--cpu-limit", "20",          "--seed", grading->options->seed, NULL};
    const char **copy = keep_bytes(sizeof arguments);
    memcpy(copy, arguments, sizeof arguments);
    *process = (struct process){
        .arguments = copy,
        .environment = test_environment(NULL),
        .folder = test_folder(),
        .token = verdict_token(),
        .jail = jail_with(program, NULL),
        .cpu_seconds = COUNT_CPU_SECONDS,
        .wall_seconds = COUNT_CPU_SECONDS * WALL_FACTOR,
        .fixed_addresses = true,
    };
}

static struct count_result *find(const struct stage_result *result, const char *name)
{
    for (size_t i = 0; i < result->count_count; i++)
        if (strcmp(result->counts[i].name, name) == 0)
            return &result->counts[i];
    return NULL;
}

/* The reference's counts say which there are. */
static void take_reference(const struct verdict *verdict, struct stage_result *result)
{
    char *name = NULL;
    double value = verdict_count(verdict, &name);
    result->counts = keep_room(result->counts, result->count_count, sizeof *result->counts);
    result->counts[result->count_count++] = (struct count_result){
        .name = name, .reference = value, .value = value * far_too_many, .is_missing = true};
}

static void take_subject(const struct verdict *verdict, struct stage_result *result)
{
    char *name = NULL;
    double value = verdict_count(verdict, &name);
    struct count_result *count = find(result, name);
    if (count == NULL)
        return;
    count->value = value;
    count->is_missing = false;
}

/* A trace counts only if it passed: what is told before a crash tells nothing. */
static void take(const struct process *process, struct stage_result *result,
                 void (*take_one)(const struct verdict *verdict, struct stage_result *result))
{
    struct verdict *verdicts = NULL;
    size_t count = verdict_parse(process->report.bytes, process->token, &verdicts);
    if (!process_succeeded(process))
        return;
    for (size_t i = 0; i < count; i++)
        if (verdicts[i].kind == VERDICT_COUNT)
            take_one(&verdicts[i], result);
}

/* Returns NULL, or why there is nothing to run. */
static char *build(const struct grading *grading, const struct program *reference,
                   const struct program *subject)
{
    char *broken = program_build_reference(grading, reference);
    if (broken != NULL || subject->subject == SUBJECT_SOLUTION)
        return broken;
    struct build made;
    program_build(grading, subject, &made);
    return made.done ? NULL : made.error;
}

void phase_counts(const struct grading *grading, struct stage_result *result)
{
    struct program reference = program_reference(result->stage, "debug", "-counts");
    struct program subject = program_subject(grading, result->stage, "debug", "-counts");
    struct process processes[2];
    progress_start(result->stage, "counts");
    char *broken = build(grading, &reference, &subject);
    if (broken == NULL) {
        prepare(grading, program_to_run(grading, &reference), &processes[0]);
        prepare(grading, program_to_run(grading, &subject), &processes[1]);
        process_run_all(processes, 2, grading->at_once, NULL, NULL);
        take(&processes[0], result, take_reference);
        take(&processes[1], result, take_subject);
        if (result->count_count == 0)
            broken = keep_format("the reference of stage %u counts nothing: %s",
                                 result->stage->number, process_last_line(&processes[0]));
    }
    if (broken != NULL) {
        result->broken = broken;
        progress_end("GRADER_ERROR");
        return;
    }
    size_t more = 0;
    for (size_t i = 0; i < result->count_count; i++)
        more += result->counts[i].value > grading->rubric->full_up_to * result->counts[i].reference;
    progress_end("%zu of %zu within %.4g times the reference's", result->count_count - more,
                 result->count_count, grading->rubric->full_up_to);
}

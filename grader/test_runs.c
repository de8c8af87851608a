/* test_runs: see test_runs.h. */
#include "grader/test_runs.h"

#include <string.h>

#include "grader/files.h"
#include "grader/keep.h"
#include "grader/process.h"
#include "grader/progress.h"
#include "grader/scratch.h"
#include "grader/verdict.h"

/* For the reference, before anything is known of it. */
enum { UNMEASURED_SECONDS = 60 };

const char *const *test_environment(const char *extra)
{
    const char **environment = keep_bytes(4 * sizeof *environment);
    environment[0] = "PATH=/usr/bin:/bin";
    environment[1] = "LC_ALL=C";
    environment[2] = extra;
    return environment;
}

const char *test_folder(void)
{
    static unsigned count;
    return scratch_path("work/%u", count++);
}

const char *calibration_file(const struct grading *grading, const struct stage *stage,
                             const char *phase)
{
    folder_make(keep_format("%s/calibration", grading->build));
    return keep_format("%s/calibration/stage%u-%s", grading->build, stage->number, phase);
}

const char *const *test_arguments(const struct grading *grading, const char *program,
                                  const char *name, unsigned cpu_seconds)
{
    const char *const arguments[] = {
        program,
        "--run",
        name,
        "--report-fd",
        "3",
        "--token-fd",
        "4",
        "--cpu-limit",
        keep_format("%u", cpu_seconds),
        "--seed",
        grading->options->seed,
        NULL,
    };
    void *copy = keep_bytes(sizeof arguments);
    return memcpy(copy, arguments, sizeof arguments);
}

static void prepare(const struct test_runs *runs, const char *program, const char *name,
                    unsigned cpu_seconds, struct process *process)
{
    const char *folder = test_folder();
    *process = (struct process){
        .arguments = test_arguments(runs->grading, program, name, cpu_seconds),
        .environment = test_environment(runs->environment),
        .folder = folder,
        .token = verdict_token(),
        .jail = jail_with(program, runs->keeps_folder ? folder : NULL),
        .cpu_seconds = cpu_seconds,
        .wall_seconds = cpu_seconds * WALL_FACTOR,
        .memory_bytes = runs->memory_bytes,
        .fixed_addresses = true, /* the same seed, the same addresses: a grading can be repeated */
    };
}

static void remember(const struct test_runs *runs, const char *program, const char *const *names,
                     size_t count, const struct test_end *ends)
{
    struct calibration measured = {NULL, 0};
    for (size_t i = 0; i < count; i++)
        if (ends[i].status == STATUS_PASSED)
            calibration_add(&measured, names[i], ends[i].cpu_ms);
    calibration_save(&measured, calibration_file(runs->grading, runs->stage, runs->phase), program);
}

static unsigned limit_for(const struct test_runs *runs, const struct calibration *limits,
                          const char *name)
{
    if (limits == NULL)
        return UNMEASURED_SECONDS;
    return calibration_limit(limits, name, runs->floor_seconds, UNMEASURED_SECONDS);
}

void test_runs_do(const struct test_runs *runs, const char *program,
                  const struct calibration *limits, const char *const *names, size_t count,
                  struct test_end *ends)
{
    struct process *processes = keep_bytes(count * sizeof *processes);
    for (size_t i = 0; i < count; i++)
        prepare(runs, program, names[i], limit_for(runs, limits, names[i]), &processes[i]);
    struct progress_steps steps = {0, count};
    process_run_all(processes, count, runs->grading->at_once, progress_count, &steps);
    for (size_t i = 0; i < count; i++) {
        ends[i].status = verdict_judge(&processes[i], names[i], runs->exit_passed, runs->phase,
                                       &ends[i].message);
        ends[i].cpu_ms = processes[i].cpu_ms;
        ends[i].pid = processes[i].inner_pid;
        ends[i].folder = processes[i].folder;
    }
    if (limits == NULL)
        remember(runs, program, names, count, ends);
}

void test_runs_calibrate(const struct test_runs *runs, const char *program,
                         const char *const *names, size_t count, struct calibration *limits)
{
    const char *file = calibration_file(runs->grading, runs->stage, runs->phase);
    if (calibration_load(limits, file, program))
        return;
    struct test_end *ends = keep_bytes(count * sizeof *ends);
    test_runs_do(runs, program, NULL, names, count, ends);
    calibration_load(limits, file, program);
}

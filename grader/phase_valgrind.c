/* phase_valgrind: runs a stage's tests under Valgrind and gathers what it finds.
 *
 * Starting Valgrind is what costs, so one Valgrind runs the program and forks a child for each test;
 * each child writes its errors to an XML file with its process number in the name, and says in the
 * report which test that was.
 *
 * Three runs: memcheck on the plain program, memcheck on the guarded one, in which objects that are
 * handed out are out of bounds for the code under test, and helgrind on the tests with threads. */
#include <string.h>

#include "grader/calibration.h"
#include "grader/files.h"
#include "grader/keep.h"
#include "grader/phases.h"
#include "grader/process.h"
#include "grader/programs.h"
#include "grader/progress.h"
#include "grader/test_runs.h"
#include "grader/valgrind_xml.h"
#include "grader/verdict.h"

enum { FLOOR_SECONDS = 20, UNMEASURED_SECONDS = 120, EXTRA_ARGUMENTS = 24 };

struct run {
    const char *name; /* in calibration and file names */
    const char *tool; /* Valgrind's options that choose the tool */
    const char *suffix;
    const char *which; /* option of the test program that chooses tests, or NULL */
    valgrind_counts *counts;
};

static const struct run plain_run = {"memcheck", "--leak-check=full", "", NULL,
                                     valgrind_counts_memcheck};
static const struct run guarded_run = {"guarded", "--leak-check=no", "-guarded", "--no-threads",
                                       valgrind_counts_memcheck};
static const struct run helgrind_run = {"helgrind", "--tool=helgrind", "", "--threads-only",
                                        valgrind_counts_helgrind};

static char *xml_name(const struct run *run, const struct stage_result *result, const char *pid)
{
    return keep_format("%s",
                       scratch_path("vg-%s-%u.%s.xml", run->name, result->stage->number, pid));
}

/* A test that never ends, or is not done, would show nothing new and cost its whole limit. */
static bool is_left_out(const struct test_result *test)
{
    return test->status == STATUS_TIMEOUT || test->status == STATUS_NOT_DONE;
}

static size_t add(const char **arguments, size_t used, const char *const *more)
{
    while (*more != NULL)
        arguments[used++] = *more++;
    return used;
}

static const char *const *arguments_for(const struct grading *grading, const struct run *run,
                                        const struct stage_result *result, const char *program,
                                        unsigned cpu_seconds, bool skip)
{
    const char **arguments =
        keep_bytes((EXTRA_ARGUMENTS + 2 * result->test_count) * sizeof *arguments);
    size_t used = add(arguments, 0,
                      (const char *const[]){
                          "valgrind", "-q", run->tool, "--vgdb=no", "--fair-sched=try", "--xml=yes",
                          keep_format("--xml-file=%s", xml_name(run, result, "%p")), program,
                          "--report-fd", "3", "--token-fd", "4", "--cpu-limit",
                          keep_format("%u", cpu_seconds), "--seed", grading->options->seed, NULL});
    if (run->which != NULL)
        arguments[used++] = run->which;
    for (size_t i = 0; skip && i < result->test_count; i++)
        if (is_left_out(&result->tests[i])) {
            arguments[used++] = "--skip";
            arguments[used++] = result->tests[i].facts.name;
        }
    return arguments;
}

static void prepare(const struct grading *grading, const struct run *run,
                    const struct stage_result *result, const char *program, unsigned cpu_seconds,
                    bool skip, struct process *process)
{
    *process = (struct process){
        .arguments = arguments_for(grading, run, result, program, cpu_seconds, skip),
        .environment = test_environment(NULL),
        .folder = test_folder(),
        .token = verdict_token(),
        .cpu_seconds = cpu_seconds,
        .wall_seconds = cpu_seconds * WALL_FACTOR,
    };
}

/* The limit of a run is also that of each test in it: only what hangs comes near. */
static unsigned limit_for(const struct grading *grading, const struct run *run,
                          const struct stage_result *result)
{
    struct program reference = program_reference(result->stage, "debug", run->suffix);
    const char *program = program_path(grading, &reference);
    const char *file = calibration_file(grading, result->stage, run->name);
    struct calibration measured;
    if (calibration_load(&measured, file, program))
        return calibration_limit(&measured, "all", FLOOR_SECONDS, UNMEASURED_SECONDS);
    if (grading->options->subject == SUBJECT_SOLUTION)
        return UNMEASURED_SECONDS;
    struct process process;
    prepare(grading, run, result, program, UNMEASURED_SECONDS, false, &process);
    process_run(&process);
    calibration_add(&measured, "all", process.cpu_ms);
    calibration_save(&measured, file, program);
    return calibration_limit(&measured, "all", FLOOR_SECONDS, UNMEASURED_SECONDS);
}

static void remember(const struct grading *grading, const struct run *run,
                     const struct stage_result *result, const struct process *process)
{
    struct program reference = program_reference(result->stage, "debug", run->suffix);
    struct calibration measured = {NULL, 0};
    calibration_add(&measured, "all", process->cpu_ms);
    calibration_save(&measured, calibration_file(grading, result->stage, run->name),
                     program_path(grading, &reference));
}

static struct test_result *find_test(struct stage_result *result, const char *name)
{
    for (size_t i = 0; i < result->test_count; i++)
        if (strcmp(result->tests[i].facts.name, name) == 0)
            return &result->tests[i];
    return NULL;
}

/* Reads the XML of each test that started; notes in `passed` how many ended well. */
static size_t gather(const struct grading *grading, const struct run *run,
                     const struct process *process, struct stage_result *result,
                     struct tool_result *tool)
{
    struct verdict *verdicts = NULL;
    size_t count = verdict_parse(process->report.bytes, process->token, &verdicts);
    size_t started = 0;
    for (size_t i = 0; i < count; i++) {
        struct test_result *test = find_test(result, verdicts[i].name);
        if (test == NULL)
            continue;
        if (verdicts[i].kind == VERDICT_PASSED && run == &plain_run)
            test->passed_memcheck = true;
        if (verdicts[i].kind != VERDICT_STARTED)
            continue;
        started++;
        valgrind_xml_read(xml_name(run, result, keep_format("%ld", (long)verdicts[i].pid)),
                          grading->options->subject, test->facts.name, run->counts, tool);
    }
    return started;
}

/* Returns NULL, or why there is no program to run. */
static char *build_programs(const struct grading *grading, const struct stage_result *result,
                            const char *suffix)
{
    struct program reference = program_reference(result->stage, "debug", suffix);
    struct program subject = program_subject(grading, result->stage, "debug", suffix);
    char *broken = program_build_reference(grading, &reference);
    struct build build = {.done = true};
    if (broken == NULL && subject.subject != SUBJECT_SOLUTION)
        program_build(grading, &subject, &build);
    return broken != NULL ? broken : build.done ? NULL : build.error;
}

static void run_both(const struct grading *grading, const struct run *const *runs, size_t count,
                     struct stage_result *result, struct tool_result *tool)
{
    struct process processes[2];
    for (size_t i = 0; i < count; i++) {
        char *broken = build_programs(grading, result, runs[i]->suffix);
        if (broken != NULL) {
            tool_broken(tool, broken);
            return;
        }
        struct program subject = program_subject(grading, result->stage, "debug", runs[i]->suffix);
        prepare(grading, runs[i], result, program_path(grading, &subject),
                limit_for(grading, runs[i], result), true, &processes[i]);
    }
    process_run_all(processes, count, grading->at_once, NULL, NULL);
    tool->state = TOOL_RUN;
    for (size_t i = 0; i < count; i++) {
        size_t started = gather(grading, runs[i], &processes[i], result, tool);
        if (started == 0 && !process_succeeded(&processes[i]))
            tool_broken(tool, keep_format("Valgrind (%s) did not start a test: %s", runs[i]->name,
                                          process_last_line(&processes[i])));
        else if (grading->options->subject == SUBJECT_SOLUTION)
            remember(grading, runs[i], result, &processes[i]);
    }
}

void phase_memcheck(const struct grading *grading, struct stage_result *result)
{
    static const struct run *const runs[] = {&plain_run, &guarded_run};
    progress_start(result->stage, "memcheck");
    run_both(grading, runs, 2, result, &result->memcheck);
    if (result->memcheck.state == TOOL_BROKEN)
        progress_end("GRADER_ERROR");
    else
        progress_end("%zu errors", result->memcheck.count);
}

void phase_helgrind(const struct grading *grading, struct stage_result *result)
{
    static const struct run *const runs[] = {&helgrind_run};
    progress_start(result->stage, "helgrind");
    run_both(grading, runs, 1, result, &result->helgrind);
    if (result->helgrind.state == TOOL_BROKEN)
        progress_end("not run");
    else
        progress_end("%zu findings about locks (not scored)", result->helgrind.count);
}

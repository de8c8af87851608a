/* phase_valgrind: runs a stage's tests under Valgrind and gathers what it finds.
 *
 * Starting Valgrind is what costs, so one Valgrind runs the program and forks a child for each test;
 * each child writes its errors to an XML file with its process number in the name, and says in the
 * report which test that was.
 *
 * Three runs a stage: memcheck on the plain program, memcheck on the guarded one, in which objects
 * that are handed out are out of bounds for the code under test, and helgrind on the tests with
 * threads. They are jobs for phase_tools.c, which does them side by side. */
#include <string.h>

#include "grader/calibration.h"
#include "grader/files.h"
#include "grader/keep.h"
#include "grader/phases.h"
#include "grader/process.h"
#include "grader/programs.h"
#include "grader/scratch.h"
#include "grader/test_runs.h"
#include "grader/tool_jobs.h"
#include "grader/valgrind_xml.h"
#include "grader/verdict.h"

enum { FLOOR_SECONDS = 20, UNMEASURED_SECONDS = 120, EXTRA_ARGUMENTS = 24, RUNS = 3 };

struct run {
    const char *name;      /* in messages, and of files */
    const char *tool[6];   /* Valgrind's options: which tool, and what of it; NULL last */
    const char *suffix;    /* of the program */
    const char *which;     /* option of the program that chooses tests, or NULL */
    unsigned most_seconds; /* for a test; 0: as the reference needs */
    bool scored;
    bool is_guarded; /* where no object is handed out, there is nothing to watch */
    valgrind_counts *counts;
};

/* Helgrind is slow and only shown: a test that takes it long is left at that. Of races it need not
 * keep a history, since ThreadSanitizer decides on them: that is most of its time. */
static const struct run runs[RUNS] = {
    {"memcheck", {"--leak-check=full"}, "", NULL, 0, true, false, valgrind_counts_memcheck},
    {"guarded",
     {"--leak-check=no"},
     "-guarded",
     "--no-threads",
     0,
     true,
     true,
     valgrind_counts_memcheck},
    {"helgrind",
     {"--tool=helgrind", "--history-level=none", "--check-stack-refs=no",
      "--ignore-thread-creation=yes"},
     "",
     "--threads-only",
     4,
     false,
     false,
     valgrind_counts_helgrind},
};

static const char *xml_folder(const struct run *run, const struct stage_result *result)
{
    return scratch_path("valgrind-%s-%u", run->name, result->stage->number);
}

static char *xml_name(const struct run *run, const struct stage_result *result, const char *pid)
{
    return keep_format("%s/%s.xml", xml_folder(run, result), pid);
}

/* A test that never ends, or is not done, would show nothing new and cost its whole limit. */
static bool is_left_out(const struct test_result *test)
{
    return test->status == STATUS_TIMEOUT || test->status == STATUS_MEMORY ||
           test->status == STATUS_OUTPUT || test->status == STATUS_NOT_DONE ||
           test->status == STATUS_SKIPPED;
}

/* Whether the run has anything to do in this stage. */
static bool has_tests(const struct run *run, const struct stage_result *result)
{
    const char *guarded = run->is_guarded ? result->stage->guarded : NULL;
    for (size_t i = 0; i < result->test_count; i++) {
        const struct test_result *test = &result->tests[i];
        bool is_chosen = run->which == NULL || test->facts.threads != run->is_guarded;
        if (is_chosen && !is_left_out(test) &&
            (guarded == NULL || strstr(test->facts.name, guarded) != NULL))
            return true;
    }
    return false;
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
                      (const char *const[]){"valgrind", "-q", "--vgdb=no", "--fair-sched=try",
                                            "--xml=yes", NULL});
    used = add(arguments, used, run->tool);
    used = add(arguments, used,
               (const char *const[]){keep_format("--xml-file=%s", xml_name(run, result, "%p")),
                                     program, "--report-fd", "3", "--token-fd", "4", "--cpu-limit",
                                     keep_format("%u", cpu_seconds), "--seed",
                                     grading->options->seed, NULL});
    if (run->which != NULL)
        arguments[used++] = run->which;
    for (size_t i = 0; skip && i < result->test_count; i++)
        if (is_left_out(&result->tests[i])) {
            arguments[used++] = "--skip";
            arguments[used++] = result->tests[i].facts.name;
        }
    if (run->is_guarded && result->stage->guarded != NULL)
        arguments[used++] = result->stage->guarded;
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
        .jail = jail_with(program, xml_folder(run, result)),
        .cpu_seconds = cpu_seconds,
        .wall_seconds = cpu_seconds * WALL_FACTOR,
    };
}

/* The limit of a run is also that of each test in it: only what hangs comes near. */
static unsigned limit_for(const struct grading *grading, const struct run *run,
                          const struct stage_result *result)
{
    if (run->most_seconds != 0)
        return run->most_seconds;
    struct program reference = program_reference(result->stage, "debug", run->suffix);
    const char *program = program_path(grading, &reference);
    const char *file = calibration_file(grading, result->stage, run->name);
    struct calibration measured;
    if (calibration_load(&measured, file, program))
        return calibration_limit(&measured, "all", FLOOR_SECONDS, UNMEASURED_SECONDS);
    if (grading->options->subject == SUBJECT_SOLUTION)
        return UNMEASURED_SECONDS;
    struct process process;
    prepare(grading, run, result, program_to_run(grading, &reference), UNMEASURED_SECONDS, false,
            &process);
    process_run(&process);
    folder_remove(process.jail->writes[0]); /* the next user may not write into its files */
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

static struct tool_result *tool_of(struct stage_result *result, const struct run *run)
{
    return run->scored ? &result->memcheck : &result->helgrind;
}

/* Reads the XML of each test that started; returns how many did. They run one after another, so how a
 * test ended comes next: one whose XML is gone has not passed, whatever it says of itself. */
static size_t gather(const struct grading *grading, const struct run *run,
                     const struct process *process, struct stage_result *result)
{
    struct verdict *verdicts = NULL;
    size_t count = verdict_parse(process->report.bytes, process->token, &verdicts);
    size_t started = 0;
    bool was_read = false;
    for (size_t i = 0; i < count; i++) {
        struct test_result *test = find_test(result, verdicts[i].name);
        if (test == NULL)
            continue;
        if (verdicts[i].kind == VERDICT_PASSED && run == &runs[0])
            test->passed_memcheck = was_read;
        if (verdicts[i].kind != VERDICT_STARTED)
            continue;
        started++;
        was_read = valgrind_xml_read(
            xml_name(run, result, keep_format("%ld", (long)verdicts[i].pid)),
            grading->options->subject, test->facts.name, run->counts, tool_of(result, run));
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

static void look_at(const struct grading *grading, const struct tool_job *job)
{
    const struct run *run = job->context;
    const struct process *process = &job->process;
    size_t started = gather(grading, run, process, job->result);
    if (started == 0 && !process_succeeded(process))
        tool_broken(tool_of(job->result, run), keep_format("Valgrind (%s) did not start a test: %s",
                                                           run->name, process_last_line(process)));
    else if (run->most_seconds == 0 && grading->options->subject == SUBJECT_SOLUTION)
        remember(grading, run, job->result, process);
}

/* The runs that the stage has tests for, and that can be built. */
void jobs_valgrind(const struct grading *grading, struct stage_result *result,
                   struct tool_jobs *jobs)
{
    result->memcheck.state = TOOL_RUN;
    for (const struct run *run = runs; run < runs + RUNS; run++) {
        if (!has_tests(run, result))
            continue;
        char *broken = build_programs(grading, result, run->suffix);
        tool_of(result, run)->state = TOOL_RUN;
        if (broken != NULL) {
            tool_broken(tool_of(result, run), broken);
            break;
        }
        struct program subject = program_subject(grading, result->stage, "debug", run->suffix);
        struct tool_job *job = tool_jobs_add(jobs, result, look_at, run);
        prepare(grading, run, result, program_to_run(grading, &subject),
                limit_for(grading, run, result), true, &job->process);
    }
}

/* crash_place: see crash_place.h. */
#include "grader/crash_place.h"

#include <string.h>

#include "grader/files.h"
#include "grader/keep.h"
#include "grader/process.h"
#include "grader/test_runs.h"
#include "grader/valgrind_xml.h"
#include "grader/verdict.h"

enum { MOST_PLACES = 4, CPU_SECONDS = 30, WALL_SECONDS = 120 };

static void prepare(const struct grading *grading, const char *program,
                    const struct test_result *test, struct process *process)
{
    const char *folder = test_folder();
    const char *first[] = {"valgrind",
                           "-q",
                           "--leak-check=no",
                           "--vgdb=no",
                           "--xml=yes",
                           keep_format("--xml-file=%s/crash.xml", folder),
                           program,
                           "--run",
                           test->facts.name,
                           "--report-fd",
                           "3",
                           "--token-fd",
                           "4",
                           "--cpu-limit",
                           keep_format("%d", CPU_SECONDS),
                           "--seed",
                           grading->options->seed,
                           NULL};
    const char **arguments = keep_bytes(sizeof first);
    memcpy(arguments, first, sizeof first);
    *process = (struct process){.arguments = arguments,
                                .environment = test_environment(NULL),
                                .folder = folder,
                                .token = verdict_token(),
                                .jail = jail_with(program, folder),
                                .cpu_seconds = CPU_SECONDS,
                                .wall_seconds = WALL_SECONDS};
}

static void add_place(const struct process *process, enum subject subject, struct test_result *test)
{
    struct finding place = {.file = NULL};
    if (!valgrind_xml_crash(keep_format("%s/crash.xml", process->folder), subject, &place))
        return;
    test->message = keep_format("%s, at %s:%u in %s", test->message, place.file, place.line,
                                place.function == NULL ? "?" : place.function);
}

void crash_places(const struct grading *grading, const char *program, struct stage_result *result)
{
    struct process processes[MOST_PLACES];
    struct test_result *tests[MOST_PLACES];
    size_t count = 0;
    for (size_t i = 0; i < result->test_count && count < MOST_PLACES; i++)
        if (result->tests[i].status == STATUS_CRASH) {
            tests[count] = &result->tests[i];
            prepare(grading, program, tests[count], &processes[count]);
            count++;
        }
    if (count == 0 || !file_in_path("valgrind"))
        return;
    process_run_all(processes, count, grading->at_once, NULL, NULL);
    for (size_t i = 0; i < count; i++)
        add_place(&processes[i], grading->options->subject, tests[i]);
}

/* report_details: what went wrong in a stage, for people: failed tests, findings, warnings. */
#include <stdio.h>
#include <string.h>

#include "grader/keep.h"
#include "grader/report.h"
#include "grader/text.h"

enum { MOST_FINDINGS = 5, MOST_WARNING_LINES = 12 };

static void print_failure(FILE *out, const struct stage *stage, const struct test_result *test)
{
    fprintf(out, "\n  %s%-8s%s %s\n", text_color(out, report_color(test->status)),
            status_name(test->status), text_color(out, TEXT_PLAIN), test->facts.name);
    if (test->message != NULL)
        text_wrap(out, 4, "what       ", text_printable(test->message));
    if (test->runs > 1 && test->status != STATUS_UNSTABLE) /* whose message says so */
        text_wrap(out, 4, "runs       ", keep_format("passed none of %u times", test->runs));
    text_wrap(out, 4, "invariant  ", text_clean(test->facts.invariant));
    text_wrap(out, 4, "hint       ", text_clean(test->facts.hint));
    text_wrap(out, 4, "read       ",
              keep_format("%s/README.md, task %s", stage->folder, text_clean(test->facts.section)));
    text_wrap(out, 4, "test       ",
              keep_format("%s:%u", text_clean(test->facts.file), test->facts.line));
}

static bool is_failure(enum status status)
{
    return status != STATUS_PASSED && status != STATUS_UNKNOWN && status != STATUS_NOT_DONE &&
           status != STATUS_COMPILE && status != STATUS_FORBIDDEN;
}

/* "task 2.10 is not done yet" as a number that sorts: 2010. */
static unsigned task_order(const struct test_result *test)
{
    unsigned stage = 0;
    unsigned task = 0;
    sscanf(test->message, "task %3u.%3u", &stage, &task);
    return stage * 1000 + task;
}

/* Not a word of blame for what is not there yet: only where to go on. */
static void print_not_done(FILE *out, const struct stage_result *result)
{
    unsigned count = 0;
    const struct test_result *first = NULL;
    for (size_t i = 0; i < result->test_count; i++) {
        const struct test_result *test = &result->tests[i];
        if (test->status != STATUS_NOT_DONE)
            continue;
        count++;
        if (first == NULL || task_order(test) < task_order(first))
            first = test;
    }
    if (first == NULL)
        return;
    unsigned order = task_order(first);
    fprintf(out, "\n  Not done yet: %u tests. Next: task %u.%u, in %s/README.md.\n", count,
            order / 1000, order % 1000, result->stage->folder);
}

static bool is_refused(const struct stage_result *result)
{
    return result->test_count > 0 && result->tests[0].status == STATUS_FORBIDDEN;
}

static void print_failures(FILE *out, const struct stage_result *result)
{
    for (size_t i = 0; i < result->test_count; i++)
        if (is_failure(result->tests[i].status))
            print_failure(out, result->stage, &result->tests[i]);
    print_not_done(out, result);
    if (result->compile_error != NULL) {
        fprintf(out, "\n");
        text_wrap(out, 2, is_refused(result) ? "Forbidden: " : "Does not compile: ",
                  text_printable(result->compile_error));
    }
}

static void print_finding(FILE *out, const struct finding *finding)
{
    const char *place = finding->file == NULL
                            ? "at an unknown place"
                            : keep_format("%s:%u in %s", finding->file, finding->line,
                                          finding->function == NULL ? "?" : finding->function);
    text_wrap(
        out, 4, "- ",
        text_printable(keep_format("%s, %s (%u times)", finding->what, place, finding->count)));
    if (finding->test != NULL)
        fprintf(out, "      in the test %s\n", finding->test);
}

static void print_findings(FILE *out, const char *title, const struct tool_result *tool)
{
    if (tool->state == TOOL_BROKEN) {
        fprintf(out, "\n");
        text_wrap(out, 2, keep_format("%s: GRADER_ERROR: ", title), text_printable(tool->why));
    }
    if (tool->count == 0)
        return;
    fprintf(out, "\n  %s:\n", title);
    for (size_t i = 0; i < tool->count && i < MOST_FINDINGS; i++)
        print_finding(out, &tool->findings[i]);
    if (tool->count > MOST_FINDINGS)
        fprintf(out, "    and %zu more\n", tool->count - MOST_FINDINGS);
}

static void print_warnings(FILE *out, const struct stage_result *result)
{
    const char *at = result->warnings;
    if (at == NULL)
        return;
    fprintf(out, "\n  The compiler says%s:\n",
            result->compile_error == NULL ? " (it costs no points)" : "");
    for (unsigned lines = 0; *at != '\0' && lines < MOST_WARNING_LINES; lines++) {
        size_t length = strcspn(at, "\n");
        text_wrap(out, 4, "", text_printable(keep_part(at, length)));
        at += length + (at[length] == '\n');
    }
    if (*at != '\0')
        fprintf(out, "    ...\n");
}

void report_details(FILE *out, const struct stage_result *result)
{
    print_failures(out, result);
    print_findings(out, "Memory errors, found by Valgrind", &result->memcheck);
    print_findings(out, "Races, found by ThreadSanitizer", &result->races);
    print_findings(out, "Locks, as helgrind sees them (not scored)", &result->helgrind);
    print_warnings(out, result);
}

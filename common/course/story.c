/* story: see story.h. The test is run a second time in a program in which every call is recorded
 * (calls/recorder.h); where that run does not fail too, the first one's words are shown alone. */
#include "common/course/story.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/course/command.h"
#include "common/course/handout.h"
#include "grader/files.h"
#include "grader/keep.h"
#include "grader/text.h"

enum { MOST_TEXT = 1024 * 1024, LINES_ABOVE = 2, LINES_BELOW = 2, MOST_SAID_LINES = 8 };

/* What a failed test printed, taken apart. */
struct failure {
    const char *before;  /* what the code under test printed on the way */
    const char *message; /* what was expected and what came */
    const char *file;    /* of the check that failed; NULL where it is not known */
    unsigned line;
};

static void heading(const char *text)
{
    printf("\n%s%s%s\n", text_color(stdout, TEXT_STRONG), text, text_color(stdout, TEXT_PLAIN));
}

/* "FAILED   suite/name: file.c:12: message" */
static struct failure take_apart(const struct course_test *test)
{
    struct failure failure = {.before = test->said, .message = test->ended};
    const char *start = strstr(test->said, "FAILED ");
    const char *mark = keep_format("%s: ", test->name);
    const char *at = start == NULL ? NULL : strstr(start, mark);
    if (test->ended != NULL || at == NULL)
        return failure;
    failure.before = keep_part(test->said, (size_t)(start - test->said));
    at += strlen(mark);
    size_t length = strcspn(at, "\n");
    const char *colon = strstr(at, ".c:");
    if (colon != NULL && colon < at + length) {
        char *end = NULL;
        failure.file = keep_part(at, (size_t)(colon + 2 - at));
        failure.line = (unsigned)strtoul(colon + 3, &end, 10);
        const char *message = end + strspn(end, ": ");
        length -= (size_t)(message - at);
        at = message;
    }
    failure.message = keep_part(at, length);
    return failure;
}

/* --- The calls --- */

/* Runs the recording program. Returns what it wrote, or NULL where it did not fail as well. */
static char *record_calls(const struct course_options *options, const struct course_test *test,
                          const struct stage_tests *tests, struct course_test *again)
{
    const char *program = keep_format("%s-story", tests->program);
    const char *path = course_path(options, "calls");
    remove(path);
    if (stage_tests_build(options, program) != NULL)
        return NULL;
    setenv("COURSE_CALLS", path, 1);
    const char *const arguments[] = {program, "--run", test->name, NULL};
    struct command run = {.arguments = arguments, .cpu_seconds = 3, .wall_seconds = 20};
    command_run(&run);
    unsetenv("COURSE_CALLS");
    *again = *test;
    again->said = run.output;
    return command_succeeded(&run) ? NULL : file_read(path, MOST_TEXT, NULL);
}

/* Behind each address that the calls name, its letter: "0x7f00c0 (B)". */
static const char *name_addresses(const char *message, const char *legend)
{
    const char *named = message;
    while (legend != NULL && *legend == '\t') {
        const char letter = legend[1];
        size_t length = strcspn(legend + 3, "\n");
        char *address = keep_part(legend + 3, length);
        const char *at = strstr(named, address);
        if (at != NULL && strspn(at + length, "0123456789abcdef") == 0)
            named = keep_format("%.*s (%c)%s", (int)(at - named + (long)length), named, letter,
                                at + length);
        legend += 3 + length + 1;
    }
    return named;
}

static void show_calls(const char *calls, const char *legend)
{
    heading("What happened");
    unsigned number = 0;
    for (const char *line = calls; line < legend;) {
        size_t length = strcspn(line, "\n");
        const char *text = keep_part(line, length);
        if (*text == '.' || strstr(text, "   ") == text || *text == ' ')
            printf("      %.74s\n", text);
        else
            printf("  %2u  %.74s\n", ++number, text);
        line += length + 1;
    }
}

/* --- The rest --- */

static void show_said(const char *before)
{
    unsigned lines = 0;
    if (before[strspn(before, " \n")] == '\0')
        return;
    heading("Printed on the way");
    for (const char *line = before; *line != '\0' && lines < MOST_SAID_LINES; lines++) {
        size_t length = strcspn(line, "\n");
        printf("      %.74s\n", text_printable(keep_part(line, length)));
        line += length + (line[length] == '\n');
    }
}

static void show_source(const char *path, unsigned wanted)
{
    const char *text = file_read(path, MOST_TEXT, NULL);
    unsigned number = 1;
    for (const char *line = text; line != NULL && *line != '\0'; number++) {
        size_t length = strcspn(line, "\n");
        if (number + LINES_ABOVE >= wanted && number <= wanted + LINES_BELOW)
            printf("  %s %3u | %.68s\n", number == wanted ? ">" : " ", number,
                   keep_part(line, length));
        line += length + (line[length] == '\n');
    }
}

static void show_message(const struct failure *failure, const char *legend)
{
    heading(failure->file == NULL ? "Then" : "Then the test looked");
    text_wrap(stdout, 6, "", text_printable(name_addresses(failure->message, legend)));
    if (failure->file != NULL) {
        printf("      %s:%u\n", failure->file, failure->line);
        show_source(failure->file, failure->line);
    }
}

static void show_invariant(const struct stage_tests *tests, const struct course_test *test)
{
    const char *sentence = handout_invariant(tests->stage, test->invariant);
    heading("What must hold");
    text_wrap(stdout, 6, keep_format("%s  ", test->invariant),
              sentence == NULL ? "see the stage's headers" : text_printable(sentence));
}

void story_tell(const struct course_options *options, const struct stage_tests *tests,
                const struct course_test *test)
{
    struct course_test again = *test;
    const char *calls = record_calls(options, test, tests, &again);
    const char *legend = calls == NULL ? NULL : strchr(calls, '\t');
    if (calls != NULL && legend == NULL)
        legend = calls + strlen(calls);
    const struct failure failure = take_apart(calls == NULL ? test : &again);
    show_said(failure.before);
    if (calls != NULL)
        show_calls(calls, legend);
    show_message(&failure, legend);
    show_invariant(tests, test);
}

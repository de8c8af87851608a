/* next, hint: what to do now in the course, and a hint for who is stuck.
 *
 *   1. find the first stage that is not finished (from where make start said, if it did);
 *   2. build it and run its tests;
 *   3. show how far the course is, the first task or failing test, and what to read. */
#include <stdio.h>
#include <string.h>

#include "common/course/course.h"
#include "common/course/handout.h"
#include "common/course/stage_tests.h"
#include "common/course/story.h"
#include "grader/files.h"
#include "grader/keep.h"
#include "grader/text.h"

enum { BAR_COLUMNS = 40, MOST_TEXT = 1024 * 1024, MOST_ERROR_LINES = 12, MOST_NAMES = 5 };

static void strong(const char *text)
{
    printf("%s%s%s\n", text_color(stdout, TEXT_STRONG), text, text_color(stdout, TEXT_PLAIN));
}

/* --- How far the course is --- */

static void show_bar(const struct course_options *options, const struct stage_tests *now)
{
    size_t passed = 0;
    size_t all = 0;
    for (size_t i = 0; i < STAGE_COUNT; i++) {
        const struct stage *stage = &all_stages[i];
        bool is_now = stage == now->stage && now->count != 0;
        all += is_now ? now->scored : stage_tests_count_declared(stage);
        passed += is_now ? now->passed : stage_tests_count_remembered(options, stage);
    }
    if (passed > all)
        passed = all;
    size_t filled = all == 0 ? 0 : passed * BAR_COLUMNS / all;
    printf("The course  [%s", text_color(stdout, TEXT_GOOD));
    for (size_t i = 0; i < BAR_COLUMNS; i++)
        putchar(i < filled ? '#' : '-');
    printf("%s]  %zu of %zu tests\n", text_color(stdout, TEXT_PLAIN), passed, all);
}

/* --- What to do --- */

/* The compiler's first words, without the lines of make. */
static void show_build_errors(const struct stage_tests *tests)
{
    printf("stage %u: the code does not compile yet. The compiler's first words:\n\n",
           tests->stage->number);
    unsigned lines = 0;
    for (const char *line = tests->build_errors; *line != '\0' && lines < MOST_ERROR_LINES;) {
        size_t length = strcspn(line, "\n");
        const char *text = keep_part(line, length);
        if (strncmp(text, "make", 4) != 0 && strncmp(text, "  CC ", 5) != 0 &&
            strncmp(text, "  LINK ", 7) != 0) {
            bool is_source = *text == ' ';
            bool is_error = strstr(text, "error:") != NULL;
            printf("%s", text_color(stdout, is_error ? TEXT_BAD : TEXT_PLAIN));
            if (is_source)
                printf("  %.76s\n", text_printable(text));
            else
                text_wrap(stdout, 2, "", text_printable(text));
            printf("%s", text_color(stdout, TEXT_PLAIN));
            lines++;
        }
        line += length + (line[length] == '\n');
    }
    printf("\nThe first error is the one to mend; later ones often follow from it.\n");
}

static void show_reading(const struct stage *stage, const char *section)
{
    unsigned line = 0;
    if (handout_task_title(stage, section, &line) != NULL)
        printf("Read    %s/README.md, task %s (line %u)\n", stage->folder, section, line);
    else
        printf("Read    %s/README.md\n", stage->folder);
}

static const char *short_name(const struct course_test *test)
{
    const char *slash = strchr(test->name, '/');
    return slash == NULL ? test->name : slash + 1;
}

static void show_tests_of_task(const struct stage_tests *tests, const char *section)
{
    unsigned shown = 0;
    for (size_t i = 0; i < tests->count; i++)
        if (strcmp(tests->tests[i].section, section) == 0 &&
            tests->tests[i].state != TEST_STATE_PASSED && shown++ < MOST_NAMES)
            printf("  %-18s%s\n", shown == 1 ? "Green when done:" : "",
                   short_name(&tests->tests[i]));
    if (shown > MOST_NAMES)
        printf("  %-18sand %u more\n", "", shown - MOST_NAMES);
}

/* A test that waits for a todo: the task that it waits for may be an earlier or a later one. */
static const char *awaited_task(const struct course_test *test)
{
    const char *at = strstr(test->said, ": task ");
    size_t length = at == NULL ? 0 : strspn(at + 7, "0123456789.");
    return length == 0 ? test->section : keep_part(at + 7, length);
}

static void show_task(const struct stage_tests *tests, const struct course_test *test)
{
    const char *task = awaited_task(test);
    unsigned line = 0;
    const char *function = NULL;
    const char *title = handout_task_title(tests->stage, task, &line);
    const char *path = handout_find_todo(tests->stage, task, &line, &function);
    strong(keep_format("stage %u: %zu of %zu, %s task: %s %s", tests->stage->number, tests->passed,
                       tests->scored, tests->passed == 0 ? "first" : "next", task,
                       title == NULL ? "" : title));
    if (test->points == 0)
        printf("  Not scored: a tool for yourself. make next STAGE=%u goes on to the next stage.\n",
               tests->stage->number + 1);
    if (path != NULL)
        printf("  %-18s%s:%u\n  %-18s%s\n", "Write it in:", path, line, "", function);
    show_tests_of_task(tests, test->section);
    printf("\n");
    show_reading(tests->stage, task);
    printf("Stuck?  make hint      Go on at every save: make watch\n");
}

static void show_failure(const struct course_options *options, const struct stage_tests *tests,
                         const struct course_test *test)
{
    unsigned line = 0;
    const char *title = handout_task_title(tests->stage, test->section, &line);
    strong(keep_format("stage %u: %zu of %zu, task %s %s", tests->stage->number, tests->passed,
                       tests->scored, test->section, title == NULL ? "" : title));
    printf("%sA test says no:%s %s\n", text_color(stdout, TEXT_BAD), text_color(stdout, TEXT_PLAIN),
           test->name);
    story_tell(options, tests, test);
    printf("\n");
    show_reading(tests->stage, test->section);
    printf("Stuck?  make hint\n        make debug STAGE=%u TEST=%s\n", tests->stage->number,
           short_name(test));
}

/* --- Which stage --- */

/* What make hint is to speak of: a stage and a test's name. */
static void remember_test(const struct course_options *options, const struct stage *stage,
                          const char *name)
{
    const char *text = keep_format("%u %s\n", stage->number, name);
    file_write(course_path(options, "now"), text, strlen(text));
}

static unsigned first_stage(const struct course_options *options)
{
    const char *text = file_read(course_path(options, "start"), 10, NULL);
    bool is_stage = text != NULL && *text >= '1' && *text <= '4';
    return is_stage ? (unsigned)(*text - '0') : 1;
}

static bool is_finished(const struct stage_tests *tests)
{
    return tests->build_errors == NULL && tests->count != 0 && tests->passed == tests->scored;
}

/* The stage that was asked for, or the first that is not finished. */
static struct stage_tests find_stage(const struct course_options *options)
{
    unsigned first = options->stage != NULL ? options->stage->number : first_stage(options);
    for (unsigned i = 0; i < STAGE_COUNT; i++) {
        const struct stage *stage = &all_stages[(first - 1 + i) % STAGE_COUNT];
        struct stage_tests tests = stage_tests_load(options, stage);
        if (tests.build_errors == NULL)
            stage_tests_run(options, &tests);
        if (!is_finished(&tests) || options->stage != NULL)
            return tests;
        printf("stage %u: %s, finished: %zu of %zu\n", stage->number, stage->title, tests.passed,
               tests.scored);
        const struct course_test *open = stage_tests_first_open(&tests);
        if (open != NULL)
            printf("  Not scored, and open: task %s; make next STAGE=%u\n", open->section,
                   stage->number);
    }
    return (struct stage_tests){0};
}

int command_next(const struct course_options *options)
{
    struct stage_tests tests = find_stage(options);
    show_bar(options, &tests);
    if (tests.stage == NULL) {
        strong("All four stages are finished. Now: make grade IMPL=student OWN_LAYERS=1");
        return 0;
    }
    printf("\n");
    if (tests.build_errors != NULL) {
        show_build_errors(&tests);
        return 0;
    }
    const struct course_test *open = stage_tests_first_open(&tests);
    if (open == NULL) {
        strong(keep_format("stage %u: %zu of %zu, finished", tests.stage->number, tests.passed,
                           tests.scored));
        return 0;
    }
    remember_test(options, tests.stage, open->name);
    if (open->state == TEST_STATE_NOT_DONE)
        show_task(&tests, open);
    else
        show_failure(options, &tests, open);
    return 0;
}

/* --- make hint --- */

/* A task as its handout has it, in 80 columns: lines that go on are joined first. A list's item, and
 * an arrow to the task's tests, start a line. */
static void show_paragraphs(const char *text)
{
    const char *paragraph = "";
    while (*text != '\0') {
        size_t length = strcspn(text, "\n");
        paragraph =
            keep_format("%s%s%.*s", paragraph, *paragraph == '\0' ? "" : " ", (int)length, text);
        text += length + (text[length] == '\n');
        if (*paragraph == '\0')
            putchar('\n');
        bool ends = strchr("\n*-|`", *text) != NULL || strncmp(text, "→", strlen("→")) == 0 ||
                    strncmp(text, "  ", 2) == 0;
        if (ends && *paragraph != '\0') {
            text_wrap(stdout, 2, "", paragraph);
            paragraph = "";
        }
    }
}

int command_hint(const struct course_options *options)
{
    unsigned number = 0;
    char name[200] = "";
    const char *text = file_read(course_path(options, "now"), MOST_TEXT, NULL);
    if (text == NULL || sscanf(text, "%u %199s", &number, name) != 2 || number < 1 ||
        number > STAGE_COUNT) {
        printf("There is nothing to give a hint for: run make next first.\n");
        return 0;
    }
    const struct stage *stage = &all_stages[number - 1];
    if (options->stage != NULL && options->stage != stage)
        course_wrong("make next showed stage %u last; first make next STAGE=%u", number,
                     options->stage->number);
    struct stage_tests tests = stage_tests_load(options, stage);
    for (size_t i = 0; i < tests.count; i++)
        if (strcmp(tests.tests[i].name, name) == 0) {
            strong(keep_format("A hint for %s", name));
            text_wrap(stdout, 2, "", tests.tests[i].hint);
            const char *task = handout_task_text(stage, tests.tests[i].section);
            if (task != NULL) {
                printf("\nThe task, from %s/README.md:\n\n", stage->folder);
                show_paragraphs(task);
            }
            return 0;
        }
    course_wrong("the code does not compile now: make next shows where");
}

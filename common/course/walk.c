/* walk: the way of a student who makes no mistake, walked by a program.
 *
 *   1. A stage starts as its skeleton: each function is a todo("1.2"), the number of its task.
 *   2. For each task in order, the reference's functions of that task take the place of the
 *      skeleton's; helpers, types and variables come along.
 *   3. The tests of the task must be red before it and green after it; all are green in the end.
 *
 * A task that refines a function of an earlier one has no todo of its own: its tests must be green
 * at its place, and may be before, since the reference's function comes whole.
 *
 *   walk [--stage N]       `make walk`, part of make test */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/course/course.h"
#include "common/course/handout.h"
#include "common/course/source.h"
#include "common/course/stage_tests.h"
#include "grader/files.h"
#include "grader/keep.h"

enum { MOST_TASKS = 32 };

struct walk {
    struct course_options options;
    const struct stage *stage;
    struct source skeletons[MOST_HANDIN];
    const char *tasks[MOST_TASKS]; /* "1.1", "1.2", …, in order */
    size_t task_count;
    unsigned broken; /* tests that were not what their task says */
};

/* --- The tasks --- */

static bool has_task(const struct walk *walk, const char *task)
{
    for (size_t i = 0; i < walk->task_count; i++)
        if (strcmp(walk->tasks[i], task) == 0)
            return true;
    return false;
}

static void add_task(struct walk *walk, const char *task)
{
    if (task == NULL || has_task(walk, task) || walk->task_count == MOST_TASKS)
        return;
    size_t at = walk->task_count++;
    for (; at > 0 && task_number(walk->tasks[at - 1]) > task_number(task); at--)
        walk->tasks[at] = walk->tasks[at - 1];
    walk->tasks[at] = task;
}

/* Whether a function of the skeleton waits for this very task. */
static bool is_marked(const struct walk *walk, const char *task)
{
    for (size_t f = 0; f < MOST_HANDIN; f++)
        for (size_t i = 0; i < walk->skeletons[f].function_count; i++) {
            const char *todo = source_todo(&walk->skeletons[f], &walk->skeletons[f].functions[i]);
            if (todo != NULL && strcmp(todo, task) == 0)
                return true;
        }
    return false;
}

static void read_skeletons(struct walk *walk)
{
    for (size_t f = 0; walk->stage->handin[f] != NULL; f++) {
        struct source *skeleton = &walk->skeletons[f];
        *skeleton = source_read(keep_format("common/course/skeletons/%s/%s", walk->stage->folder,
                                            walk->stage->handin[f]));
        for (size_t i = 0; i < skeleton->function_count; i++)
            add_task(walk, source_todo(skeleton, &skeleton->functions[i]));
    }
}

/* --- The student's file after some of the tasks --- */

/* Whether a statement is nothing but a call of `name`: "name(…);". */
static bool is_plain_call(const struct source *source, size_t token, const char *name)
{
    const struct token *before = &source->tokens[token - 1];
    if (!token_is(&source->tokens[token], name) || !token_is(before + 2, "("))
        return false;
    bool starts = token_is(before, ";") || token_is(before, "{") || token_is(before, "}") ||
                  token_is(before, ")") || token_is(before, "else");
    return starts && token_is(&source->tokens[source_match(source, token + 1) + 1], ";");
}

/* Where a function is made better by calling one of a later task, that is left out until then. */
static void leave_out_calls(struct source *reference, const char *name)
{
    for (size_t f = 0; f < reference->function_count; f++)
        for (size_t i = reference->functions[f].body_token; i < reference->functions[f].last_token;
             i++)
            if (is_plain_call(reference, i, name)) {
                size_t last = source_match(reference, i + 1);
                *reference =
                    source_of_text(reference->path, source_replace(reference, i, last, ""));
            }
}

/* The reference, with each function of a later task as it is in the skeleton. */
static const char *file_after(struct source *reference, const struct source *skeleton,
                              unsigned done)
{
    for (size_t i = 0; i < skeleton->function_count; i++) {
        const struct function *from = &skeleton->functions[i];
        const char *todo = source_todo(skeleton, from);
        if (todo == NULL || task_number(todo) <= done)
            continue;
        leave_out_calls(reference, from->name);
        const struct function *to = source_function(reference, from->name);
        if (to == NULL)
            course_wrong("%s has no function %s, which its skeleton has", reference->path,
                         from->name);
        *reference = source_of_text(
            reference->path,
            source_replace(reference, to->first_token, to->last_token,
                           source_text(skeleton, from->first_token, from->last_token)));
    }
    return keep_format("#include \"common/todo.h\"\n%s", reference->text);
}

static void write_files(const struct walk *walk, unsigned done)
{
    const char *folder =
        keep_format("%s/%s/student", walk->options.student_root, walk->stage->folder);
    folder_make(folder);
    for (size_t f = 0; walk->stage->handin[f] != NULL; f++) {
        struct source reference =
            source_read(handin_path(walk->stage, SUBJECT_SOLUTION, walk->stage->handin[f]));
        const char *text = file_after(&reference, &walk->skeletons[f], done);
        if (!file_write(keep_format("%s/%s", folder, walk->stage->handin[f]), text, strlen(text)))
            course_wrong("cannot write to %s", folder);
    }
}

/* --- A step: the tests of one task, before or after it --- */

static void build_after(const struct walk *walk, unsigned done, struct stage_tests *tests)
{
    write_files(walk, done);
    *tests = stage_tests_load(&walk->options, walk->stage);
    if (tests->build_errors != NULL)
        course_wrong("stage %u does not compile where tasks up to %u.%u are done:\n%s",
                     walk->stage->number, done / 100, done % 100, tests->build_errors);
}

static struct stage_tests run_tests_of(const struct walk *walk, const struct stage_tests *built,
                                       const char *task)
{
    struct stage_tests tests = *built;
    tests.tests = keep_bytes((tests.count + 1) * sizeof *tests.tests);
    memcpy(tests.tests, built->tests, tests.count * sizeof *tests.tests);
    for (size_t i = 0; i < tests.count; i++)
        tests.tests[i].skip = strcmp(tests.tests[i].section, task) != 0;
    stage_tests_run(&walk->options, &tests);
    return tests;
}

static void complain(struct walk *walk, const struct course_test *test, const char *what)
{
    printf("      %s %s: %s\n", test->name, what,
           test->state == TEST_STATE_PASSED ? "" : test->said);
    walk->broken++;
}

static size_t count_in_state(const struct stage_tests *tests, enum test_state state)
{
    size_t count = 0;
    for (size_t i = 0; i < tests->count; i++)
        count += !tests->tests[i].skip && tests->tests[i].state == state;
    return count;
}

/* `built` is the stage before the task, and after it in the end. */
static void take_step(struct walk *walk, const char *task, struct stage_tests *built)
{
    unsigned line = 0;
    const char *title = handout_task_title(walk->stage, task, &line);
    struct stage_tests before = run_tests_of(walk, built, task);
    build_after(walk, task_number(task), built);
    struct stage_tests after = run_tests_of(walk, built, task);
    printf("%5s  %-44.44s  %2zu -> %2zu green\n", task,
           title == NULL ? "(not in README.md)" : title, count_in_state(&before, TEST_STATE_PASSED),
           count_in_state(&after, TEST_STATE_PASSED));
    walk->broken += title == NULL;
    for (size_t i = 0; i < after.count; i++) {
        if (after.tests[i].skip)
            continue;
        if (after.tests[i].state != TEST_STATE_PASSED)
            complain(walk, &after.tests[i], "is not green after its task");
        if (before.tests[i].state == TEST_STATE_PASSED && is_marked(walk, task))
            complain(walk, &before.tests[i], "is green before its task");
    }
    fflush(stdout);
}

static unsigned walk_stage(const struct course_options *options, const struct stage *stage)
{
    struct walk walk = {.options = *options, .stage = stage};
    struct stage_tests built;
    walk.options.student_root = keep_format("%s/walk/tree", options->build);
    walk.options.student_build = keep_format("%s/walk/out", options->build);
    read_skeletons(&walk);
    build_after(&walk, 0, &built);
    for (size_t i = 0; i < built.count; i++)
        add_task(&walk, built.tests[i].section);
    printf("stage %u: %s\n", stage->number, stage->title);
    for (size_t step = 0; step < walk.task_count; step++)
        take_step(&walk, walk.tasks[step], &built);
    return walk.broken;
}

int command_walk(const struct course_options *options)
{
    unsigned broken = 0;
    unsigned walked = 0;
    for (size_t i = 0; i < STAGE_COUNT; i++)
        if (options->stage == NULL || options->stage == &all_stages[i]) {
            broken += walk_stage(options, &all_stages[i]);
            walked++;
        }
    printf("%u stages walked, %u tests not as their task says\n", walked, broken);
    return broken == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

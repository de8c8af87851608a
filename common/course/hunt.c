/* hunt: one of the planted bugs, to be found from how it behaves.
 *
 *   make hunt            the level that is open, or the first that is not solved
 *   make hunt LEVEL=3    that one
 *   HINT=1, ANSWER=1     a question that leads to it; what it is, and what there is to learn
 *
 * A level is a folder build/hunt/level-3/ with the reference of one stage, a mistake in it. The reader
 * mends it there and says make hunt again. Nothing in it names the bug. */
#include <stdio.h>
#include <string.h>

#include "common/course/course.h"
#include "common/course/handout.h"
#include "common/course/planted_tree.h"
#include "common/course/stage_tests.h"
#include "common/course/story.h"
#include "grader/files.h"
#include "grader/keep.h"
#include "grader/text.h"

enum { MOST_LEVELS = 99 };

/* Level n is levels[n]; without gaps from 1 on. */
struct hunt {
    struct planted_bug *levels[MOST_LEVELS + 1];
    unsigned count;
};

static struct hunt read_levels(struct planted_bugs *bugs)
{
    struct hunt hunt = {0};
    for (size_t i = 0; i < bugs->count; i++)
        if (bugs->list[i].level >= 1 && bugs->list[i].level <= MOST_LEVELS)
            hunt.levels[bugs->list[i].level] = &bugs->list[i];
    while (hunt.count < MOST_LEVELS && hunt.levels[hunt.count + 1] != NULL)
        hunt.count++;
    if (hunt.count == 0)
        course_wrong("this tree has no bugs to hunt: grader/known_bugs is missing");
    return hunt;
}

/* --- Where a level is, and whether it is solved --- */

static const char *level_root(const struct course_options *options, unsigned level)
{
    return keep_format("%s/hunt/level-%u", options->build, level);
}

static const char *solved_mark(const struct course_options *options, unsigned level)
{
    return keep_format("%s/solved", level_root(options, level));
}

static unsigned first_unsolved(const struct course_options *options, const struct hunt *hunt)
{
    for (unsigned level = 1; level <= hunt->count; level++)
        if (!file_exists(solved_mark(options, level)))
            return level;
    return hunt->count;
}

static void open_level(const struct course_options *options, const struct planted_bug *bug,
                       unsigned level)
{
    const char *root = level_root(options, level);
    if (file_exists(keep_format("%s/%s/student", root, bug->stage->folder)))
        return;
    folder_make(root);
    if (!planted_make_tree(bug, root))
        course_wrong("level %u cannot be planted: its patch does not fit the reference any more",
                     level);
}

/* --- What is shown --- */

static void show_scene(const struct planted_bug *bug, const struct hunt *hunt, unsigned level,
                       const char *root)
{
    printf("%sHunt, level %u of %u: stage %u, the %s%s\n\n", text_color(stdout, TEXT_STRONG), level,
           hunt->count, bug->stage->number, bug->stage->title, text_color(stdout, TEXT_PLAIN));
    text_wrap(stdout, 2, "",
              "This code is right but for one mistake. Find it from what it does, mend it there, "
              "and say make hunt again.");
    printf("\n");
    for (const char *const *file = bug->stage->handin; *file != NULL; file++)
        printf("  %s/%s/student/%s\n", root, bug->stage->folder, *file);
}

/* Who has not written the stage yet sees here how it is done. */
static void warn_of_spoiler(const struct course_options *options, const struct stage *stage)
{
    if (stage_tests_count_remembered(options, stage) >= stage_tests_count_declared(stage))
        return;
    printf("\n");
    text_wrap(stdout, 2, "",
              keep_format("A spoiler: all else in it is the reference of stage %u, and your own is "
                          "not finished.",
                          stage->number));
}

static void show_symptoms(const struct course_options *options, const struct stage_tests *tests,
                          const struct course_test *first, unsigned level)
{
    size_t failing = 0;
    for (size_t i = 0; i < tests->count; i++)
        failing += tests->tests[i].state != TEST_STATE_PASSED;
    printf("\n%s%zu of %zu tests fail.%s The first: %s\n", text_color(stdout, TEXT_BAD), failing,
           tests->count, text_color(stdout, TEXT_PLAIN), first->name);
    story_tell(options, tests, first);
    printf("\nmake hunt LEVEL=%u HINT=1     a question that leads to it\n"
           "make hunt LEVEL=%u ANSWER=1   what it is, and what there is to learn\n",
           level, level);
}

static void show_answer(const struct planted_bug *bug)
{
    const char *change = strstr(bug->text, "\n@@");
    text_wrap(stdout, 2, "The bug:    ", text_printable(bug->bug));
    text_wrap(stdout, 2, "The lesson: ", text_printable(bug->lesson));
    printf("\n  How it was planted (- is right, + is wrong):\n%s", change == NULL ? "" : change);
}

static void show_solved(const struct course_options *options, const struct hunt *hunt,
                        const struct planted_bug *bug, unsigned level)
{
    file_write(solved_mark(options, level), "", 0);
    printf("\n%sFound: all tests pass.%s\n", text_color(stdout, TEXT_GOOD),
           text_color(stdout, TEXT_PLAIN));
    text_wrap(stdout, 2, "The lesson: ", text_printable(bug->lesson));
    if (level < hunt->count)
        printf("\nmake hunt LEVEL=%u   the next one\n", level + 1);
}

int command_hunt(const struct course_options *options)
{
    struct planted_bugs bugs = planted_read();
    struct hunt hunt = read_levels(&bugs);
    unsigned level = options->level != 0 ? options->level : first_unsolved(options, &hunt);
    if (level > hunt.count)
        course_wrong("LEVEL=%u: choose 1 to %u", level, hunt.count);
    const struct planted_bug *bug = hunt.levels[level];
    const char *root = level_root(options, level);
    struct course_options at = *options;
    at.student_root = root;
    at.student_build = keep_format("%s/out", root);
    open_level(options, bug, level);
    show_scene(bug, &hunt, level, root);
    warn_of_spoiler(options, bug->stage);
    if (options->hint || options->answer) {
        printf("\n");
        if (options->hint)
            text_wrap(stdout, 2, "A question: ", text_printable(bug->hint));
        if (options->answer)
            show_answer(bug);
        return 0;
    }
    struct stage_tests tests = stage_tests_load(&at, bug->stage);
    if (tests.build_errors != NULL) {
        printf("\nIt does not compile now:\n%s", tests.build_errors);
        return 0;
    }
    stage_tests_run(&at, &tests);
    const struct course_test *first = stage_tests_first_open(&tests);
    if (first == NULL)
        show_solved(options, &hunt, bug, level);
    else
        show_symptoms(&at, &tests, first, level);
    return 0;
}

/* Each level can be planted, and says what there is to learn. That a test notices the bug is shown by
 * make known-bugs. */
int command_hunt_check(const struct course_options *options)
{
    struct planted_bugs bugs = planted_read();
    struct hunt hunt = read_levels(&bugs);
    unsigned broken = 0;
    for (unsigned level = 1; level <= hunt.count; level++) {
        const struct planted_bug *bug = hunt.levels[level];
        const char *root = keep_format("%s/hunt-check/level-%u", options->build, level);
        folder_make(root);
        bool is_good = planted_make_tree(bug, root) && bug->lesson != NULL;
        printf("level %2u, stage %u: %s\n", level, bug->stage->number,
               is_good ? "ok" : "its patch does not apply, or it has no lesson");
        broken += !is_good;
    }
    printf("%u passed, %u failed\n", hunt.count - broken, broken);
    return broken == 0 ? 0 : 1;
}

/* start, reset, diff: beginning a stage, beginning it again, and looking at the reference.
 *
 * The skeletons are kept a second time in common/course/skeletons/, since what a student's git has
 * under stageN/student/ is the student's own by then. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "common/course/command.h"
#include "common/course/course.h"
#include "common/course/handout.h"
#include "common/course/stage_tests.h"
#include "grader/files.h"
#include "grader/keep.h"
#include "grader/text.h"

enum { MOST_TEXT = 1024 * 1024 };

static const char *skeleton_path(const struct stage *stage, const char *file)
{
    return keep_format("common/course/skeletons/%s/%s", stage->folder, file);
}

/* --- make start --- */

struct stage_reading {
    const char *given;
    const char *first;
};

static const struct stage_reading readings[STAGE_COUNT] = {
    {"os_memory (memory from the system) and free_list. Nothing of the pool is below you.",
     "object_pool.h, common/free_list.h, common/os_memory.h"},
    {"the reference of stage 1, and a stand-in of the central cache that counts and checks what "
     "you ask of it.",
     "size_class.h, thread_cache.h, stage3_centralcache/central_cache.h (what you may ask for)"},
    {"the references of stages 1 and 2, and a stand-in of the page cache.",
     "central_cache.h, common/span.h, common/lock.h, stage4_pagecache/page_cache.h"},
    {"the references of stages 1 to 3, and os_memory. malloc.c, which makes a library of your "
     "pool, is given too.",
     "page_map.h, page_cache.h, mempool.h, common/span.h, common/span_tree.h"},
};

int command_start(const struct course_options *options)
{
    const struct stage *stage = course_stage(options, "start");
    const struct stage_reading *reading = &readings[stage->number - 1];
    const char *number = keep_format("%u\n", stage->number);
    printf("%sStage %u: the %s%s\n\n", text_color(stdout, TEXT_STRONG), stage->number, stage->title,
           text_color(stdout, TEXT_PLAIN));
    for (const char *const *file = stage->handin; *file != NULL; file++)
        printf("  %-11s%s\n", file == stage->handin ? "You write:" : "",
               handin_path(stage, SUBJECT_STUDENT, *file));
    text_wrap(stdout, 2, "Given:     ", reading->given);
    text_wrap(stdout, 2,
              "Read:      ", keep_format("%s/README.md, then %s", stage->folder, reading->first));
    printf("  Tests:     %zu, on your code alone%s\n\n", stage_tests_count_declared(stage),
           stage->number == 1
               ? ""
               : ": a bug of yours in an earlier stage\n             does no harm here");
    printf("make next goes on from here.%s\n",
           stage->number == 1 ? "" : " Back to the first stage: make start STAGE=1");
    file_write(course_path(options, "start"), number, strlen(number));
    return 0;
}

/* --- make reset --- */

/* object_pool.c -> object_pool.2026-11-25-181502.c, beside it, if there is anything to save. */
static const char *save(const char *path)
{
    char date[32];
    time_t now = time(NULL);
    strftime(date, sizeof date, "%Y-%m-%d-%H%M%S", localtime(&now));
    const char *kept = keep_format("%.*s.%s.c.saved", (int)strlen(path) - 2, path, date);
    if (rename(path, kept) != 0)
        course_wrong("cannot save %s: %s; nothing was changed", path, strerror(errno));
    return kept;
}

static void reset_file(const struct stage *stage, const char *file)
{
    const char *path = handin_path(stage, SUBJECT_STUDENT, file);
    size_t length = 0;
    const char *skeleton = file_read(skeleton_path(stage, file), MOST_TEXT, &length);
    const char *own = file_read(path, MOST_TEXT, NULL);
    if (skeleton == NULL)
        course_wrong("%s is missing; nothing was changed", skeleton_path(stage, file));
    if (own != NULL && strcmp(own, skeleton) == 0) {
        printf("%s is the skeleton already\n", path);
        return;
    }
    const char *saved = own == NULL ? NULL : save(path);
    if (!file_write(path, skeleton, length))
        course_wrong("cannot write %s: %s", path, strerror(errno));
    printf("%s is the skeleton again\n", path);
    if (saved != NULL)
        printf("  yours is kept in %s\n  to have it back:\n    cp %s \\\n       %s\n", saved, saved,
               path);
}

int command_reset(const struct course_options *options)
{
    const struct stage *stage = course_stage(options, "reset");
    for (const char *const *file = stage->handin; *file != NULL; file++)
        reset_file(stage, *file);
    return 0;
}

/* --- make diff --- */

int command_diff(const struct course_options *options)
{
    const struct stage *stage = course_stage(options, "diff");
    const char *reference = handin_path(stage, SUBJECT_SOLUTION, stage->handin[0]);
    if (!file_exists(reference))
        course_wrong("this tree has no solutions: ask whoever handed it out");
    if (!options->yes &&
        !course_ask(keep_format("This shows the reference of stage %u. Spoil it?", stage->number)))
        course_wrong("nothing is shown; where nobody can be asked, make diff STAGE=%u YES=1",
                     stage->number);
    const char *color = *text_color(stdout, TEXT_GOOD) == '\0' ? "--color=never" : "--color=always";
    for (const char *const *file = stage->handin; *file != NULL; file++) {
        const char *const arguments[] = {"diff",
                                         "-u",
                                         color,
                                         handin_path(stage, SUBJECT_STUDENT, *file),
                                         handin_path(stage, SUBJECT_SOLUTION, *file),
                                         NULL};
        struct command diff = {.arguments = arguments};
        command_run(&diff);
        printf("%s", diff.output);
    }
    return 0;
}

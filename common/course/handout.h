/* handout: what the texts of a stage say: its README.md on a task, its headers on an invariant, its
 * skeleton on where a task is to be written. Everything is found by its number, so that the texts may
 * be rewritten around it. */
#ifndef COMMON_COURSE_HANDOUT_H
#define COMMON_COURSE_HANDOUT_H

#include "grader/stages.h"

/* What the README calls task "1.2", without marks: "object_pool_alloc and object_pool_live_count".
 * *line is where it starts there. NULL where it has no such task. */
const char *handout_task_title(const struct stage *stage, const char *section, unsigned *line);

/* The paragraphs of that task, as they stand in the README. */
const char *handout_task_text(const struct stage *stage, const char *section);

/* The sentence of invariant "I3" in one of the stage's headers, on one line; NULL if there is none. */
const char *handout_invariant(const struct stage *stage, const char *invariant);

/* The first todo("1.2") that is left in the student's files. Returns the file's path and sets
 * *line and *function, or returns NULL where none is left. */
const char *handout_find_todo(const struct stage *stage, const char *section, unsigned *line,
                              const char **function);

/* The path of a hand-in file of a stage: stage1_objectpool/student/object_pool.c. */
const char *handin_path(const struct stage *stage, enum subject subject, const char *file);

#endif

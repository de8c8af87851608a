/* stages: what the grader knows of the course: the four stages, and the files that are handed in.
 * No other file is ever taken from a submission. */
#ifndef GRADER_STAGES_H
#define GRADER_STAGES_H

enum { STAGE_COUNT = 4, MOST_HANDIN = 3 };

struct stage {
    unsigned number;
    const char *folder;
    const char *title;
    const char *handin[MOST_HANDIN + 1]; /* file names, then NULL */
    const char *guarded; /* part of the names of the tests that guard.h watches; NULL: all */
};

extern const struct stage all_stages[STAGE_COUNT];

/* Whose code is under test: also the name of its folder in a stage, and of its programs. */
enum subject { SUBJECT_SOLUTION, SUBJECT_STUDENT };
const char *subject_name(enum subject subject);

/* Where `path` is a hand-in file of any stage ("/tmp/x/stage1_objectpool/student/object_pool.c"),
 * the part of it that starts at the stage's folder; else NULL. */
const char *stages_find_handin(const char *path, enum subject subject);

#endif

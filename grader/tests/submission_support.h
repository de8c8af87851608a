/* submission_support: what the tests of taking a submission share. */
#ifndef GRADER_TESTS_SUBMISSION_SUPPORT_H
#define GRADER_TESTS_SUBMISSION_SUPPORT_H

#include "grader/submission.h"
#include "grader/tests/archive_maker.h"

#define POOL "stage1_objectpool/student/object_pool.c"

/* What came of taking a submission. */
struct taken {
    const char *wrong;
    const char *pool; /* the text that now stands for object_pool.c */
    struct stage_result results[STAGE_COUNT];
};

/* Take what lies at `path`, into "taken" in the scratch folder. */
struct taken take(const char *path);

/* The same of an archive of these items, in a scratch folder of its own. */
struct taken take_archive(const char *ending, const struct archive_item *items);

/* An empty one, in a scratch folder of its own. */
const char *new_folder(void);

void write_text(const char *path, const char *text);

/* A note of stage 1 has these words. */
void expect_note(const struct taken *taken, const char *words);

#endif

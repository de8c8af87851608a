/* handins: the hand-in files that were found in a submission, by the place they were found in.
 *
 * A submission may hold them in more than one place, so each reader (handins_folder.c,
 * handins_archive.c) adds every one it meets, and handins_choose picks one place. */
#ifndef GRADER_HANDINS_H
#define GRADER_HANDINS_H

#include <stdbool.h>
#include <stddef.h>

#include "grader/stages.h"

/* The best first. */
enum handin_layout { LAYOUT_TREE, LAYOUT_FLAT };

/* One file: its bytes, or why it is not taken; neither where it is not there. */
struct handin {
    char *bytes;
    size_t length;
    const char *why;
};

/* A test of the student's own: a file that the student named, with letters, digits, _ and - alone. */
struct handin_test {
    const char *name; /* "mine_test.c" */
    struct handin file;
};

enum { MOST_OWN_FILES = 20 }; /* a stage */

/* A place: all seven files might be in it, and own tests. */
struct handin_place {
    const char *wrapper; /* the folder round it, "" for none */
    enum handin_layout layout;
    struct handin files[STAGE_COUNT][MOST_HANDIN];
    struct handin_test tests[STAGE_COUNT][MOST_OWN_FILES];
    size_t test_count[STAGE_COUNT];
};

/* Of a name in a submission, as much as is shown. */
enum { MOST_SHOWN_NAME = 200 };

struct handins {
    struct handin_place *places;
    size_t count;
    char **notes; /* what else there is to say about the submission */
    size_t note_count;
};

/* Where a file of that name belongs ("hw/stage1_objectpool/student/object_pool.c", "object_pool.c";
 * "stage1_objectpool/student/tests/mine.c", "tests/stage1_mine.c"), adding its place; NULL where it is
 * no hand-in file. `./` and doubled slashes are passed over. */
struct handin *handins_at(struct handins *handins, const char *name);

/* Keep `length` bytes as the file's, or the reason not to. */
void handin_take(struct handin *handin, const char *bytes, size_t length);

void handins_note(struct handins *handins, char *note);

/* Read a folder; returns NULL, or why it cannot be read. */
const char *handins_read_folder(struct handins *handins, const char *folder);

/* Read an archive from its bytes on `fd`; the same. */
const char *handins_read_archive(struct handins *handins, int fd);

/* The place to take the files from: the tree before the flat folder, without a wrapper before one
 * with. NULL with a line in `wrong` where there is none, or several as good. */
const struct handin_place *handins_choose(const struct handins *handins, const char **wrong);

#endif

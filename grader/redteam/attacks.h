/* attacks: submissions that mean harm, and what the grader has to say of each.
 *
 * Most are made of a file in fixtures/: the reference of stage 1 with that file before it, and with
 * `attack()` called first whenever an object is asked for. Such a file begins with what is expected:
 *
 *     expect STATUS [slow] [open]: words
 *
 * "open": where there is neither bubblewrap nor Landlock it may end otherwise, as the guide says.
 *
 * One in fixtures/own_tests/ is handed in as a test of the student's own, beside a skeleton: the scored
 * test must stay NOT_DONE. The others are archives and folders, made by attacks_made.c. */
#ifndef GRADER_REDTEAM_ATTACKS_H
#define GRADER_REDTEAM_ATTACKS_H

#include <stdbool.h>
#include <stddef.h>

struct attack {
    const char *name;
    const char *path;   /* the submission */
    const char *status; /* of the test object_pool/hands_out_an_object */
    const char *words;  /* in what the grader prints */
    bool is_slow;       /* waits for limits of wall time */
    bool is_open;       /* to whoever has the limits alone in his way */
    bool is_own_test; /* the attack is a test that is handed in: a quick grading leaves those out */
};

struct attacks {
    struct attack *items;
    size_t count;
};

void attacks_add(struct attacks *attacks, const struct attack *attack);

/* attacks.c: those in the folder `from`. They are written below `folder`; `tree` is the course's, and
 * `results` a file that nobody else may read. */
void attacks_from_files(struct attacks *attacks, const char *from, const char *folder,
                        const char *tree, const char *results);

/* attacks_made.c: archives and folders. */
void attacks_made(struct attacks *attacks, const char *folder);

#endif

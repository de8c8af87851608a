/* handin_jail: the compiler and objcopy on hand-in code, in the jail. */
#ifndef GRADER_HANDIN_JAIL_H
#define GRADER_HANDIN_JAIL_H

#include "grader/gate.h"
#include "grader/grading.h"

/* The folder with copies of the course's headers: all of the tree that the compiler gets to see. */
const char *handin_headers(void);

/* A copy of more: what tests include, too. */
const char *handin_test_headers(void);

/* Of a message about a file, as much as is shown: it stands at each test of the stage, and may have names from
 * the submission in it. */
enum { MOST_SHOWN_MESSAGE = 1000 };

struct compile {
    const char *source;
    const char *preprocessed; /* or NULL: the text that the gate has read, which is compiled */
    const char *output;
    const char *headers; /* the folder; NULL: handin_headers() */
    bool only_preprocess;
    /* What came of it: one line, and what it means for the stage; NULL: done. */
    char *error;
    enum status status;
    char *diagnostics;
};

/* Compile them, side by side, into `folder`, with the flags of that variant of the build. */
void handin_compile(const struct grading *grading, const char *variant, const char *folder,
                    struct compile *compiles, size_t count);

/* Copy an object file to one beside it in which only `kept` names are global, and each of `renamed`
 * has another name, the same in all files of the stage. Returns NULL, or what went wrong. */
char *handin_rename(const struct stage *stage, const char *object, const char *finished,
                    const struct gate_names *kept, const struct gate_names *renamed);

#endif

/* handin_build: from hand-in files to object files that may be linked: compiled in the jail, with the
 * Makefile's own flags, and let through the gate (gate.h).
 *
 *   handin files ─▶ gate ─▶ jail: cc -c, cc -E ─▶ gate ─▶ jail: objcopy ─▶ object files for make
 *
 * Nothing else that was written in the jail is used. In the objects that come out, no name is global
 * but those of the contracts, so that nothing in them can stand in for a function of the tests or of
 * the C library. */
#ifndef GRADER_HANDIN_BUILD_H
#define GRADER_HANDIN_BUILD_H

#include "grader/grading.h"

struct handin_build {
    char *error;        /* NULL: done; else one line */
    enum status status; /* of `error`: STATUS_COMPILE, STATUS_FORBIDDEN or STATUS_GRADER_ERROR */
    char *diagnostics;  /* all that the compiler had to say */
};

/* A stage's files in one variant of the build; done once for each. */
const struct handin_build *handin_build(const struct grading *grading, const struct stage *stage,
                                        const char *variant);

/* Where what the compiler writes beside the objects is: a coverage build's notes. */
const char *handin_folder(const struct stage *stage, const char *variant);

#endif

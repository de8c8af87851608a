/* copies: whether a hand-in file is the reference, its comments, names and layout aside.
 *
 * Both are cut into tokens (c_text.h): comments and layout are gone. Each name that is no word of C is
 * replaced by a number, the same for the same name, in the order in which they first come up: so what
 * only bears other names is equal. What is left must be equal token by token.
 *
 * Such a file is flagged for the instructor, and costs nothing: who read the reference and wrote its
 * short functions anew comes close. */
#ifndef GRADER_COPIES_H
#define GRADER_COPIES_H

#include <stdbool.h>

#include "grader/results.h"

bool copies_are_equal(const char *source, const char *reference);

/* Flag the hand-in files under `student_root` that equal the reference's, of these stages. */
void copies_flag(const char *student_root, struct stage_result *results, size_t count);

#endif

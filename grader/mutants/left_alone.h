/* left_alone: places where a change would show nothing, since it is none, or no mistake in the code.
 * Read next: mutations.c. */
#ifndef GRADER_MUTANTS_LEFT_ALONE_H
#define GRADER_MUTANTS_LEFT_ALONE_H

#include <stdbool.h>
#include <stddef.h>

#include "common/course/source.h"

/* Functions that check and count, which are not scored, and those that only ask for cache lines. */
bool left_alone_function(const struct source *source, const struct function *function);

/* A call, at token `at`, of a function that only asks for cache lines. */
bool left_alone_call(const struct source *source, size_t at);

/* assert(…), static_assert(…), lock_assert_held(…): they look, and do nothing. */
bool left_alone_assertion(const struct token *token);

/* "{0}" means all zero, the 0 of "__builtin_expect(…, 0)" is a hint, and what __builtin_add_overflow
 * writes to had to start somehow: none of them is a number. */
bool left_alone_number(const struct token *token);

/* Whether the token lies in the parentheses of "for (…; …; …)", where no part is a statement. */
bool left_alone_in_for(const struct source *source, size_t at);

#endif

/* own_tests_build: from a student's own tests to programs, one on the reference and one on each planted bug.
 *
 *   mine_test.c ─▶ gate ─▶ jail: cc ─▶ gate ─▶ jail: objcopy ─┐
 *   build/debug/planted/stage2/BUG.o, by make ───────────────┴─▶ jail: cc ─▶ a program for BUG
 *
 * The gate is that of hand-in files (gate.h), but for what tests need: they register themselves before
 * main, and call more of the C library. Nothing that is scored is ever linked with such an object: what
 * gets past the gate is in the jail, alone with itself. */
#ifndef GRADER_OWN_TESTS_BUILD_H
#define GRADER_OWN_TESTS_BUILD_H

#include "grader/grading.h"
#include "grader/planted.h"

/* Compiles each file that is listed, and notes what is wrong with one; none is begun after `end_ms`
 * (now_ms). Returns how many are left. */
size_t own_tests_compile(const struct grading *grading, struct stage_result *result,
                         long long end_ms);

/* Link those that are left with each of the `count` bugs; a bug NULL is the reference. `programs` has a
 * path for each. Returns NULL, or what the linker says. */
char *own_tests_link(const struct grading *grading, const struct stage_result *result,
                     const struct planted_bug *const *bugs, size_t count, const char **programs);

/* --- Between own_tests_build.c and own_tests_link.c --- */

/* The object of a file, as it came out of the jail. */
const char *own_tests_object(const struct stage *stage, const char *name);

/* Copy a regular file that was written in the jail to where no jail writes. */
bool own_tests_take_out(const char *from, const char *to);

#endif

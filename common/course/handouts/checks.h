/* checks: what is asked of a handout. Each prints a line for whatever is wrong, as FILE:LINE: what, and
 * returns how much that was. */
#ifndef COMMON_COURSE_HANDOUTS_CHECKS_H
#define COMMON_COURSE_HANDOUTS_CHECKS_H

#include "common/course/handouts/document.h"

/* Links lead to files of the tree, and to headings of theirs. */
unsigned check_links(const struct document *document);

/* Files, functions, tests and make targets that are named `so` exist. */
unsigned check_names(const struct document *document);

/* It can be read in one sitting. */
unsigned check_length(const struct document *document);

/* There is a README.zh-CN.md, with the same headings and the same code as README.md, and it says which
 * text of README.md it is a translation of. */
unsigned check_translation(const struct document *document);

/* Commands stand in blocks marked ```sh, one on a line, words about it behind a #. All of them run, in
 * a copy of the tree, and succeed, but for those whose words say "by hand". */
unsigned check_command_blocks(const struct document *document);
unsigned check_commands_run(const struct document *documents, size_t count, const char *build);

#endif

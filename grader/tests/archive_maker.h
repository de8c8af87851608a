/* archive_maker: makes archives for tests, honest and other ones. */
#ifndef GRADER_TESTS_ARCHIVE_MAKER_H
#define GRADER_TESTS_ARCHIVE_MAKER_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/stat.h>

/* One entry. A link leads to `text`; a regular file has it as contents, after `hole` empty bytes. */
struct archive_item {
    const char *name;
    mode_t kind; /* 0: a regular file; S_IFLNK, S_IFCHR, S_IFIFO, S_IFDIR */
    const char *text;
    size_t hole;
    bool hard_link;
};

/* Write `items`, up to one without a name, to `path`, whose ending says in which format:
 * .tar, .tar.gz, .tgz or .zip. */
void archive_make(const char *path, const struct archive_item *items);

#endif

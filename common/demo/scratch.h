/* scratch: the folder in which the whole demo happens, and what is done with files there.
 *
 *   /tmp/mempool-demo.XXXXXX/     a new one each time, removed at the end
 *       inputs/  libmempool.so (a copy)  programs ──▶ the scripts
 *       run/     of the run under way: result, errors, and what the program makes
 *       first    the result of the first run of the program under way
 *
 * The library is copied, so that it stays the same while it may be built anew, and so that its path
 * is free of spaces and colons, which LD_PRELOAD cannot hold. */
#ifndef COMMON_DEMO_SCRATCH_H
#define COMMON_DEMO_SCRATCH_H

#include <stdbool.h>
#include <stddef.h>

/* Make the folder under TMPDIR (or /tmp), with a copy of `library` and a link to `scripts`,
 * and go there.
 * Returns false, with errno, where that fails; nothing is left then. */
bool scratch_enter(const char *library, const char *scripts);

/* The folder's absolute path. */
const char *scratch_path(void);

/* Leave the folder and remove it with all that is in it. */
void scratch_remove(void);

/* Make an empty folder; one of that name is removed first. */
bool scratch_make_folder(const char *name);

/* Whether two files are the same, byte for byte. If not, `offset` is the first byte that differs,
 * or where the shorter one ends. A file that cannot be read differs from every other. */
bool files_are_same(const char *one, const char *other, size_t *offset);

/* How many tables of MEMPOOL_STATS=1 a file holds: one for each process that ended. */
size_t count_stats_tables(const char *name);

/* Copy the first line that a program wrote to the file of its own into `line`: not an empty one, and
 * not of a table of MEMPOOL_STATS. An empty line if there is none. */
void read_message(const char *name, char *line, size_t line_bytes);

#endif

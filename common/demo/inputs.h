/* inputs: what the programs of the demo work on, written by rule instead of kept in the repository.
 *
 *   source.c    a C program for gcc: some ten thousand lines of loops, switches and calls
 *   history     a stream for git fast-import: commits that each change a few files
 *   commands    for redis-server: strings, lists, sets, hashes and sorted sets
 *
 * The same sizes give the same files, byte for byte, on every machine. No locking: one thread. */
#ifndef COMMON_DEMO_INPUTS_H
#define COMMON_DEMO_INPUTS_H

#include <stdbool.h>
#include <stddef.h>

/* Each writes one file into the current folder; returns whether it could be written whole. */
bool write_source(size_t function_count);
bool write_history(size_t commit_count);
bool write_commands(size_t command_count);

#endif

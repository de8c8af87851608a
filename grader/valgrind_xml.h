/* valgrind_xml: the errors in a report that Valgrind wrote as XML, protocol 4. */
#ifndef GRADER_VALGRIND_XML_H
#define GRADER_VALGRIND_XML_H

#include "grader/results.h"

/* Decides whether an error counts, once its kind and place are known. */
typedef bool valgrind_counts(const struct finding *finding, enum subject subject);

/* Add the errors of one process to `tool`. Each is placed at the innermost call in a hand-in file
 * of `subject`, else at the innermost whose file is known. `test` is what the process ran. A report
 * may be cut short, by the end of its process: what is there counts.
 * Returns false where the file cannot be read at all. */
bool valgrind_xml_read(const char *path, enum subject subject, char *test, valgrind_counts *counts,
                       struct tool_result *tool);

/* All but leaks that may be none. */
valgrind_counts valgrind_counts_memcheck;

/* What hand-in files do with locks; races are ThreadSanitizer's affair. */
valgrind_counts valgrind_counts_helgrind;

/* Where in a hand-in file the process was when a signal ended it, or else made its last error. Returns
 * false where the file tells neither. */
bool valgrind_xml_crash(const char *path, enum subject subject, struct finding *place);

#endif

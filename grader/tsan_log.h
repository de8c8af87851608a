/* tsan_log: the reports in what ThreadSanitizer wrote. */
#ifndef GRADER_TSAN_LOG_H
#define GRADER_TSAN_LOG_H

#include "grader/results.h"

/* Add the reports in `log` to `tool`. Each is placed at its first call in a hand-in file of
 * `subject`, else at its first call. `test` is what the process ran. */
void tsan_log_read(const char *log, enum subject subject, char *test, struct tool_result *tool);

/* The line in which ThreadSanitizer says that it cannot start at all; NULL where it does not. */
char *tsan_log_fatal(const char *log);

#endif

/* left: what no attack may leave behind: a process, a file outside of the scratch folder. */
#ifndef GRADER_REDTEAM_LEFT_H
#define GRADER_REDTEAM_LEFT_H

/* Before all: leaves a process behind, and fails where the look below would not see it. */
void left_try(void);

/* When all attacks are over: a process that fled is known by the test program's path, in our scratch
 * folder, that it has as its name. */
void left_processes(void);

/* And files by their mark; the grader's own scratch folders must be gone too. */
void left_files(void);

#endif

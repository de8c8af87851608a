/* make_output: what make, the compiler and the linker printed, for the report. */
#ifndef GRADER_MAKE_OUTPUT_H
#define GRADER_MAKE_OUTPUT_H

/* All but make's own lines (kept); "" where nothing is left. */
char *build_diagnostics(const char *output);

/* The first line that tells of an error (kept); "" for none. */
char *build_first_error(const char *output);

#endif

/* html: the grader's pages: of one submission (html_report.c and the files it names) and of a class
 * (html_class.c).
 *
 * A page is one file and loads nothing: its style and script are in it, and a policy in its head
 * (Content-Security-Policy) lets no other style or script run, by a nonce that nobody knew before.
 * Beside that, all text that is not ours goes through html_text(). A page is well-formed XML too, so
 * that a parser can tell that nothing broke out of its place. */
#ifndef GRADER_HTML_H
#define GRADER_HTML_H

#include "grader/report.h"

/* Text of any origin: clean (text.h), with the characters of markup escaped. Also for use inside of
 * attributes, which are in double quotes. */
void html_text(FILE *out, const char *text);

/* Ours, as by printf, where each %s is such a text. Only %s, %u, %zu and %% are known. */
void html_format(FILE *out, const char *format, ...);

/* Start a page, with `script` (a file of the tree, or NULL) in it; and end it. */
void html_start(FILE *out, const char *title, const char *script);
void html_end(FILE *out);

/* A bar of points. */
void html_bar(FILE *out, const char *label, double earned, double most);

/* "good", "bad" or "undone": the class of what is shown of a test. */
const char *html_class_of(enum status status);

/* --- Parts of the page of a submission --- */

char *report_html(const struct report *report);

/* html_tests.c: each test with its story. */
void html_tests(FILE *out, const struct stage_result *result);

/* html_source.c: findings at the lines they were made in; the files with what never ran. */
void html_findings(FILE *out, const struct report *report, const struct stage_result *result);
void html_coverage(FILE *out, const struct report *report, const struct stage_result *result);

/* html_tests.c: what the student's own tests are worth. */
void html_own_tests(FILE *out, const struct stage_result *result);

/* html_matrix.c: of --matrix. */
void html_matrix(FILE *out, const struct report *report);

#endif

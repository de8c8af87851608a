/* class: grades all submissions of a class.
 *
 *   folder, or CSV roster ──▶ list ──▶ GNU parallel ──▶ OUT/<student>/result.json ──▶ tables, page
 *                             class_list.c  │  class_run.c                             class_results.c …
 *                                           └── one job = one submission = one grade
 *
 * A submission is finished when its result.json is there with points, beside a file that names this
 * submission: what is finished is not graded again, so a class that was interrupted goes on where it
 * stopped. A submission that cannot be graded is listed with its reason and stops nobody else. */
#ifndef GRADER_CLASS_H
#define GRADER_CLASS_H

#include <jansson.h>
#include <stdio.h>

#include "grader/options.h"

struct student {
    char *id;         /* letters (UTF-8), digits, '.', '_' and '-': the name of a folder in OUT */
    char *name;       /* as the folder or the roster has it */
    char *submission; /* a path */
    json_t *result;   /* NULL where there is none */
    char *error;      /* why it has no points, or NULL */
};

struct class
{
    struct student *students;
    size_t count;
    const char *source;
    const char *out; /* an absolute path */
};

/* Grade all of them; the exit status. */
int class_grade(const struct options *options, const char *root);

/* class_list.c: the submissions of a folder or a roster. Dies with one line if there are none. */
void class_list(struct class *class, const char *source);

/* class_run.c: grade those that are not finished. */
void class_run(struct class *class, const struct options *options, const char *root);

/* class_settings.c: die with one line where OUT holds what was graded with other options or another
 * rubric; note down those of this run. */
void class_check_settings(const struct class *class, const struct options *options);
void class_keep_settings(const struct class *class, const struct options *options);

/* class_results.c: read a student's result from OUT; whether it has points. */
bool class_load(const struct class *class, struct student *student);
double class_points(const json_t *value); /* -1 where there are none */
json_t *class_stage(const struct student *student, unsigned number);

/* class_csv.c, class_summary.c, class_groups.c: what an instructor reads. */
void class_csv(const struct class *class, FILE *out);
void class_summary(const struct class *class, FILE *out);
void class_groups(const struct class *class, FILE *out);
void class_page(const struct class *class, FILE *out); /* html_class.c */

#endif

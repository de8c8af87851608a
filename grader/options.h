/* options: the grader's command line. */
#ifndef GRADER_OPTIONS_H
#define GRADER_OPTIONS_H

#include <stdbool.h>

#include "grader/jail.h"
#include "grader/stages.h"

/* The files that a report may be written to. */
enum output {
    OUTPUT_JSON,
    OUTPUT_JUNIT,
    OUTPUT_GRADESCOPE,
    OUTPUT_GITHUB_CLASSROOM,
    OUTPUT_HTML,
    OUTPUT_COUNT
};

struct options {
    const char *submission; /* NULL: the tree that the grader belongs to */
    const char *impl;       /* as given; NULL: not given */
    enum subject subject;
    unsigned stage; /* 0: all */
    bool own_layers;
    bool matrix;
    bool quick;
    bool help;
    enum jail_choice jail;
    const char *rubric;
    const char *hidden;                /* a folder of tests (hidden.h), or NULL */
    const char *outputs[OUTPUT_COUNT]; /* files; NULL: none */
    bool autolab;
    const char *class_source; /* a folder or a roster; NULL: one submission is graded */
    const char *out;
    const char *sshlogin;
    unsigned jobs;       /* 0: one for each core */
    const char *program; /* the grader's own path */
    const char *build;
    const char *seed; /* all digits */
};

extern const char options_help[];

/* Returns NULL, or one line that says what is wrong and what to do. */
const char *options_parse(int count, char **arguments, struct options *options);

#endif

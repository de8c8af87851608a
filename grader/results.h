/* results: what the grader finds out about a stage, and what its report is made of. */
#ifndef GRADER_RESULTS_H
#define GRADER_RESULTS_H

#include <stdbool.h>
#include <stddef.h>

#include "grader/own_tests.h"
#include "grader/stages.h"
#include "grader/status.h"

/* Points, counted in halves: see score.h. */
struct score {
    unsigned earned;
    unsigned most;
};

/* As declared with the test, and listed by the reference's program. */
struct test_facts {
    char *name; /* suite/name */
    unsigned points;
    bool threads;
    char *invariant;
    char *section;
    char *file;
    unsigned line;
    char *hint;
    char *needs; /* the test without which this one is meaningless, or NULL */
    const char
        *visibility; /* of its outcome to the student, in Gradescope's words; NULL: visible */
};

struct test_result {
    struct test_facts facts;
    enum status status;
    char *message; /* what was expected and what came; NULL where there is nothing to say */
    /* Also passed under memcheck and under ThreadSanitizer: the share of the test in their points. */
    bool passed_memcheck;
    bool passed_races;
    /* How often it was run, and how often it passed; 0 and 0: once. */
    unsigned runs;
    unsigned passed_runs;
    unsigned cpu_ms;
    struct score score;
};

/* A count of the code's work that does not depend on the machine: less is better. */
struct count_result {
    char *name; /* in words, with its unit: "spans taken per 1,000 operations" */
    double value;
    double reference; /* the reference's own */
    bool is_missing;  /* the trace did not get to its end: `value` is none */
    struct score score;
};

/* One error that Valgrind or ThreadSanitizer found, with where in the code under test. */
struct finding {
    char *kind; /* the tool's name for it */
    char *what; /* in words */
    char *function;
    char *file; /* as the course names it; NULL where no frame is in a known file */
    unsigned line;
    char *test; /* the first that showed it; may be NULL */
    unsigned count;
};

enum tool_state {
    TOOL_NOT_RUN, /* `why` says why not */
    TOOL_RUN,
    TOOL_BROKEN, /* a GRADER_ERROR; `why` says what */
};

struct tool_result {
    enum tool_state state;
    char *why;
    struct finding *findings;
    size_t count;
    struct score score;
};

/* How a line of a hand-in file fared in all tests together. */
enum line_mark {
    LINE_NOT_CODE, /* or not counted: asserts and checks */
    LINE_RUN,
    LINE_PARTLY, /* some branch of it was never taken */
    LINE_NEVER,
};

struct covered_file {
    const char *name;     /* from the stage's folder on */
    unsigned char *marks; /* an enum line_mark for each line, from 1 on */
    size_t line_count;
};

struct coverage {
    enum tool_state state;
    char *why;
    unsigned lines;
    unsigned lines_run;
    unsigned branches;
    unsigned branches_run;
    struct covered_file *files;
    size_t file_count;
    char **hints; /* sentences about what no test reached: coverage_hints.h */
    size_t hint_count;
    unsigned lost_half_points; /* where the rubric asks for more */
};

/* A stage's tests over some of the submission's own earlier stages: see matrix.h. */
struct mix {
    unsigned own;  /* bit 0 for stage 1, and so on */
    size_t passed; /* of the tests that passed over the reference */
    char *why;     /* why it could not be tried, or NULL */
};

/* A test that passes over the reference and fails over these stages of the submission. */
struct blame {
    const struct test_result *test;
    unsigned own;
    enum status status;
    char *message;
};

struct stage_result {
    const struct stage *stage;
    struct test_result *tests;
    size_t test_count;
    char *broken; /* what kept the grader from grading the stage, or NULL */
    char *compile_error;
    char *warnings; /* of the compiler, about the code under test; may be NULL */
    char **notes;   /* about the hand-in files */
    size_t note_count;
    char **flags; /* for the instructor to look at; they cost nothing */
    size_t flag_count;
    struct tool_result memcheck;
    struct tool_result helgrind;
    struct tool_result races;
    struct coverage coverage;
    struct mix mixes[STAGE_COUNT]; /* with --matrix only */
    size_t mix_count;
    struct blame *blames;
    size_t blame_count;
    struct count_result *counts;
    size_t count_count;
    struct own_tests own_tests;
    struct score score;
};

/* How many times the reference's, in words (kept). */
char *count_ratio(const struct count_result *count);

/* How many of its tests passed, over the reference's earlier stages. */
size_t stage_passed(const struct stage_result *result);

bool stage_has_threads(const struct stage_result *result);

/* Why tools that found nothing, and counts as low as the reference's, have not all of their points
 * (score.c); NULL where they have, or where no tool ran. */
const char *stage_share_note(const struct stage_result *result);

/* Something in it could not be graded, so it has no score. */
bool stage_is_broken(const struct stage_result *result);

/* Add a finding, or count it where the same is there already: same kind, function and place. */
void finding_add(struct tool_result *tool, const struct finding *finding);

void tool_not_run(struct tool_result *tool, const char *why);
void tool_broken(struct tool_result *tool, char *why);

#endif

/* class_tally: what the results of a class add up to, for its summary and its page. */
#ifndef GRADER_CLASS_TALLY_H
#define GRADER_CLASS_TALLY_H

#include "grader/class.h"

enum { HISTOGRAM_BINS = 10 };

/* Points of one stage, or of all together (stage 0), over those that have them. */
struct tally_points {
    size_t count;
    size_t bins[HISTOGRAM_BINS]; /* tenths of the most points; full points are in the last */
    size_t full;
    double most;
    double mean;
    double median;
};
struct tally_points tally_points(const struct class *class, unsigned stage);

/* How a test went for those whose stage was graded. */
struct tally_test {
    unsigned stage;
    const char *name;
    size_t graded;
    size_t not_passed;
    size_t not_done; /* of these */
};

/* Every test that somebody did not pass, the most often failed first (kept). Not done counts after
 * failed: a skeleton tells nothing of how hard a test is. */
struct tally_test *tally_tests(const struct class *class, size_t *count);

/* Students that had tests of a stage fail with the same words. */
struct tally_group {
    unsigned stage;
    const char *test; /* the first of them */
    size_t test_count;
    const char *status;
    const char *message; /* the first student's */
    const char *pattern; /* what the messages have in common: no numbers */
    const struct student **students;
    size_t count;
};

/* Groups of two and more, the largest first (kept). */
struct tally_group *tally_groups(const struct class *class, size_t *count);

/* Call `visit` with each test of each student. */
typedef void tally_visit(const struct student *student, unsigned stage, const json_t *test,
                         void *context);
void tally_each_test(const struct class *class, tally_visit *visit, void *context);

/* The text of a test's field, "" where it has none. */
const char *tally_text(const json_t *test, const char *field);

#endif

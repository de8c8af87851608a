/* class_tally: see class_tally.h. */
#include "grader/class_tally.h"

#include <stdlib.h>
#include <string.h>

#include "grader/keep.h"

const char *tally_text(const json_t *test, const char *field)
{
    const char *text = json_string_value(json_object_get(test, field));
    return text == NULL ? "" : text;
}

void tally_each_test(const struct class *class, tally_visit *visit, void *context)
{
    for (size_t i = 0; i < class->count; i++)
        for (unsigned stage = 1; stage <= STAGE_COUNT; stage++) {
            size_t index = 0;
            json_t *test = NULL;
            json_array_foreach(json_object_get(class_stage(&class->students[i], stage), "tests"),
                               index, test)
            {
                visit(&class->students[i], stage, test, context);
            }
        }
}

/* --- Points --- */

static int compare_numbers(const void *a, const void *b)
{
    double first = *(const double *)a;
    double second = *(const double *)b;
    return (first > second) - (first < second);
}

static void put_into_bin(struct tally_points *tally, double points)
{
    size_t bin = tally->most > 0 ? (size_t)(points / tally->most * HISTOGRAM_BINS) : 0;
    tally->bins[bin < HISTOGRAM_BINS ? bin : HISTOGRAM_BINS - 1]++;
    tally->full += points >= tally->most;
}

struct tally_points tally_points(const struct class *class, unsigned stage)
{
    struct tally_points tally = {0};
    double sum = 0;
    double *all = keep_bytes((class->count + 1) * sizeof *all);
    for (size_t i = 0; i < class->count; i++) {
        const struct student *student = &class->students[i];
        const json_t *from = stage == 0 ? student->result : class_stage(student, stage);
        double points = class_points(json_object_get(from, "points"));
        if (points < 0)
            continue;
        tally.most = class_points(json_object_get(from, "max_points"));
        put_into_bin(&tally, points);
        all[tally.count++] = points;
        sum += points;
    }
    qsort(all, tally.count, sizeof *all, compare_numbers);
    if (tally.count > 0) {
        tally.mean = sum / (double)tally.count;
        tally.median = (all[tally.count / 2] + all[(tally.count - 1) / 2]) / 2;
    }
    return tally;
}

/* --- Tests --- */

struct tests {
    struct tally_test *items;
    size_t count;
};

static struct tally_test *find_test(struct tests *tests, unsigned stage, const char *name)
{
    for (size_t i = 0; i < tests->count; i++)
        if (tests->items[i].stage == stage && strcmp(tests->items[i].name, name) == 0)
            return &tests->items[i];
    tests->items = keep_room(tests->items, tests->count, sizeof *tests->items);
    tests->items[tests->count] = (struct tally_test){.stage = stage, .name = name};
    return &tests->items[tests->count++];
}

static void count_test(const struct student *student, unsigned stage, const json_t *test,
                       void *context)
{
    (void)student;
    const char *status = tally_text(test, "status");
    if (strcmp(status, "GRADER_ERROR") == 0)
        return;
    struct tally_test *tally = find_test(context, stage, tally_text(test, "name"));
    tally->graded++;
    tally->not_passed += strcmp(status, "PASSED") != 0;
    tally->not_done += strcmp(status, "NOT_DONE") == 0;
}

static int compare_tests(const void *a, const void *b)
{
    const struct tally_test *first = a;
    const struct tally_test *second = b;
    size_t failed_first = first->not_passed - first->not_done;
    size_t failed_second = second->not_passed - second->not_done;
    if (failed_first != failed_second)
        return failed_first < failed_second ? 1 : -1;
    if (first->not_passed != second->not_passed)
        return first->not_passed < second->not_passed ? 1 : -1;
    return first->stage != second->stage ? (int)first->stage - (int)second->stage
                                         : strcmp(first->name, second->name);
}

struct tally_test *tally_tests(const struct class *class, size_t *count)
{
    struct tests tests = {NULL, 0};
    tally_each_test(class, count_test, &tests);
    *count = 0;
    for (size_t i = 0; i < tests.count; i++)
        if (tests.items[i].not_passed > 0)
            tests.items[(*count)++] = tests.items[i];
    if (*count > 0)
        qsort(tests.items, *count, sizeof *tests.items, compare_tests);
    return tests.items;
}

/* --- Failures that look alike --- */

struct groups {
    struct tally_group *items;
    size_t count;
};

/* The message without its numbers: addresses and counts differ where the bug is the same. */
static char *pattern_of(const char *message)
{
    char *pattern = keep_bytes(strlen(message) + 2);
    char *to = pattern;
    while (*message != '\0') {
        size_t digits = strncmp(message, "0x", 2) == 0
                            ? 2 + strspn(message + 2, "0123456789abcdefABCDEF")
                            : strspn(message, "0123456789");
        if (digits > 0)
            *to++ = '#';
        else
            *to++ = *message;
        message += digits > 0 ? digits : 1;
    }
    return pattern;
}

static struct tally_group *find_group(struct groups *groups, const struct tally_group *like)
{
    for (size_t i = 0; i < groups->count; i++) {
        struct tally_group *group = &groups->items[i];
        if (group->stage == like->stage && strcmp(group->status, like->status) == 0 &&
            strcmp(group->pattern, like->pattern) == 0)
            return group;
    }
    groups->items = keep_room(groups->items, groups->count, sizeof *groups->items);
    groups->items[groups->count] = *like;
    return &groups->items[groups->count++];
}

/* Students come one after the other, so the last one is the one to compare with. Tests are counted
 * with the first student. */
static void join(struct tally_group *group, const struct student *student, const char *test)
{
    bool first = group->count == 0 || (group->count == 1 && group->students[0] == student);
    if (group->count == 0 || group->students[group->count - 1] != student) {
        /* NOLINTNEXTLINE(bugprone-sizeof-expression): a list of pointers */
        group->students = keep_room(group->students, group->count, sizeof *group->students);
        group->students[group->count++] = student;
    }
    if (first)
        group->test_count++;
    if (first && group->test_count == 1)
        group->test = test;
}

static void group_test(const struct student *student, unsigned stage, const json_t *test,
                       void *context)
{
    static const char *const no_failures[] = {"PASSED", "NOT_DONE", "SKIPPED", "GRADER_ERROR"};
    const char *status = tally_text(test, "status");
    for (size_t i = 0; i < sizeof no_failures / sizeof *no_failures; i++)
        if (strcmp(status, no_failures[i]) == 0)
            return;
    const char *message = tally_text(test, "message");
    struct tally_group like = {.stage = stage,
                               .test = tally_text(test, "name"),
                               .status = status,
                               .message = message,
                               .pattern = pattern_of(message)};
    join(find_group(context, &like), student, like.test);
}

static int compare_groups(const void *a, const void *b)
{
    const struct tally_group *first = a;
    const struct tally_group *second = b;
    if (first->count != second->count)
        return first->count < second->count ? 1 : -1;
    return first->stage != second->stage ? (int)first->stage - (int)second->stage
                                         : strcmp(first->test, second->test);
}

struct tally_group *tally_groups(const struct class *class, size_t *count)
{
    struct groups groups = {NULL, 0};
    tally_each_test(class, group_test, &groups);
    *count = 0;
    for (size_t i = 0; i < groups.count; i++)
        if (groups.items[i].count > 1)
            groups.items[(*count)++] = groups.items[i];
    if (*count > 0)
        qsort(groups.items, *count, sizeof *groups.items, compare_groups);
    return groups.items;
}

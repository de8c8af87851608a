/* class_summary: the results of a class as an instructor reads them, in 80 columns: how the points
 * are spread, which tests were failed most, which failures look alike, who needs a second look. */
#include <string.h>

#include "grader/class_tally.h"
#include "grader/keep.h"
#include "grader/text.h"

enum { BAR_WIDTH = 50, MOST_TESTS = 15, MOST_GROUPS = 12, MOST_NAMES = 6 };

static void print_histogram(const struct class *class, unsigned number, FILE *out)
{
    static const char hashes[BAR_WIDTH + 1] = "##################################################";
    struct tally_points tally = tally_points(class, number);
    if (tally.count == 0)
        return;
    fprintf(out, "\n%s%s%s: median %g, mean %.1f of %g; %zu have full points\n",
            text_color(out, TEXT_STRONG),
            number == 0 ? "All stages"
                        : keep_format("Stage %u, %s", number, all_stages[number - 1].title),
            text_color(out, TEXT_PLAIN), tally.median, tally.mean, tally.most, tally.full);
    for (size_t bin = 0; bin < HISTOGRAM_BINS; bin++)
        fprintf(out, "  %3zu to %3zu %% %4zu %.*s\n", bin * 10, (bin + 1) * 10, tally.bins[bin],
                (int)(tally.bins[bin] * BAR_WIDTH / tally.count), hashes);
}

/* Without its suite: there is no room for it. */
static const char *name_alone(const char *name)
{
    const char *slash = strchr(name, '/');
    return text_printable(slash == NULL ? name : slash + 1);
}

static void print_tests(const struct class *class, FILE *out)
{
    size_t count = 0;
    const struct tally_test *tests = tally_tests(class, &count);
    if (count == 0)
        return;
    fprintf(out, "\n%s%-54s%s failed  undone   of\n", text_color(out, TEXT_STRONG),
            "Tests most often failed", text_color(out, TEXT_PLAIN));
    for (size_t i = 0; i < count && i < MOST_TESTS; i++)
        fprintf(out, "  %-52.52s %6zu %7zu %4zu\n",
                keep_format("%u %s", tests[i].stage, name_alone(tests[i].name)),
                tests[i].not_passed - tests[i].not_done, tests[i].not_done, tests[i].graded);
}

static void print_names(const struct tally_group *group, FILE *out)
{
    char *names = keep_text("");
    for (size_t i = 0; i < group->count && i < MOST_NAMES; i++)
        names = keep_format("%s%s%s", names, i == 0 ? "" : ", ", group->students[i]->id);
    if (group->count > MOST_NAMES)
        names = keep_format("%s and %zu more", names, group->count - MOST_NAMES);
    text_wrap(out, 6, "", names);
}

static const char *describe(const struct tally_group *group)
{
    const char *more =
        group->test_count > 1 ? keep_format(" and %zu more", group->test_count - 1) : "";
    return keep_format("stage %u, %s%s: %s: %s", group->stage, group->test, more, group->status,
                       group->message);
}

void class_groups(const struct class *class, FILE *out)
{
    size_t count = 0;
    const struct tally_group *groups = tally_groups(class, &count);
    if (count > 0)
        fprintf(out, "\n%sFailures that look alike%s\n", text_color(out, TEXT_STRONG),
                text_color(out, TEXT_PLAIN));
    for (size_t i = 0; i < count && i < MOST_GROUPS; i++) {
        text_wrap(out, 2, keep_format("%3zu  ", groups[i].count),
                  text_printable(describe(&groups[i])));
        print_names(&groups[i], out);
    }
    if (count > MOST_GROUPS)
        fprintf(out, "  and %zu more\n", count - MOST_GROUPS);
}

struct list {
    FILE *out;
    bool begun;
};

static void print_unstable(const struct student *student, unsigned stage, const json_t *test,
                           void *context)
{
    struct list *list = context;
    if (strcmp(tally_text(test, "status"), "UNSTABLE") != 0)
        return;
    if (!list->begun)
        fprintf(list->out,
                "\nUnstable: ended differently when run again; points as the rubric says\n");
    list->begun = true;
    text_wrap(list->out, 2, keep_format("%s: ", student->id),
              text_printable(keep_format("stage %u, %s: %s", stage, tally_text(test, "name"),
                                         tally_text(test, "message"))));
}

static void print_flags(const struct class *class, FILE *out)
{
    bool begun = false;
    for (size_t i = 0; i < class->count; i++) {
        size_t index = 0;
        json_t *flag = NULL;
        json_array_foreach(json_object_get(class->students[i].result, "flags"), index, flag)
        {
            if (!begun)
                fprintf(out, "\nFor you to look at (costs no points)\n");
            begun = true;
            text_wrap(out, 2, keep_format("%s: ", class->students[i].id),
                      text_printable(json_string_value(flag)));
        }
    }
}

static void print_errors(const struct class *class, FILE *out)
{
    bool begun = false;
    for (size_t i = 0; i < class->count; i++) {
        if (class->students[i].error == NULL)
            continue;
        if (!begun)
            fprintf(out, "\nCould not be graded: no points, which is not 0 points\n");
        begun = true;
        text_wrap(out, 2, keep_format("%s: ", class->students[i].id),
                  text_printable(class->students[i].error));
    }
}

static unsigned graded_stages(const struct class *class)
{
    unsigned stages = 0;
    for (unsigned number = 1; number <= STAGE_COUNT; number++)
        stages += tally_points(class, number).count > 0;
    return stages;
}

void class_summary(const struct class *class, FILE *out)
{
    size_t graded = 0;
    for (size_t i = 0; i < class->count; i++)
        graded += class->students[i].error == NULL;
    fprintf(out, "\n%zu submission%s, %zu graded, %zu could not be graded\n", class->count,
            class->count == 1 ? "" : "s", graded, class->count - graded);
    for (unsigned number = 1; number <= STAGE_COUNT; number++)
        print_histogram(class, number, out);
    if (class->count > 0 && graded_stages(class) > 1)
        print_histogram(class, 0, out);
    print_tests(class, out);
    struct list list = {out, false};
    tally_each_test(class, print_unstable, &list);
    print_flags(class, out);
    print_errors(class, out);
}

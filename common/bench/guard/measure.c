/* measure: see measure.h. Read next: child.h. */
#include "common/bench/guard/measure.h"

#include <stdio.h>

#include "common/bench/guard/child.h"

static double count_instructions(const struct measure_options *options, const char *program,
                                 const char *first, const char *second)
{
    const char *const none[] = {NULL};
    const char *const arguments[] = {program, first, second, NULL};
    return child_count_instructions(options->library, none, arguments, options->folder);
}

static bool add_difference(struct figures *figures, const char *part, double few, double many,
                           double work)
{
    if (few == 0 || many <= few)
        return false;
    double hundredths = (double)(long)(100 * (many - few) / work + 0.5);
    figures_add(figures, part, "instructions", hundredths / 100);
    return true;
}

bool measure_pairs(const struct measure_options *options, struct figures *figures)
{
    static const char *const sizes[] = {"16", "64", "1000", "65536"};
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        char part[16];
        snprintf(part, sizeof part, "pair-%s", sizes[i]);
        double few = count_instructions(options, options->pairs, "1000", sizes[i]);
        double many = count_instructions(options, options->pairs, "101000", sizes[i]);
        if (!add_difference(figures, part, few, many, 100000))
            return false;
    }
    return true;
}

/* 400,000 steps are 100%: see traces.c. */
bool measure_mixed_trace(const struct measure_options *options, struct figures *figures)
{
    double few = count_instructions(options, options->traces, "mixed", "10");
    double many = count_instructions(options, options->traces, "mixed", "60");
    return add_difference(figures, "mixed", few, many, 200000);
}

/* --- Calls and memory --- */

bool measure_traces(const struct measure_options *options, struct figures *figures)
{
    static const char *const names[] = {"mixed", "hand-over", "grow", "large", "many"};
    char output[CHILD_PATH_BYTES];
    snprintf(output, sizeof output, "%s/trace.out", options->folder);
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        char *arguments[] = {(char *)options->traces, (char *)names[i], NULL};
        if (!child_run(options->library, arguments, output))
            return false;
        child_read_figures(output, names[i], figures);
    }
    return true;
}

/* guard: has the library become more expensive? Counts what does not depend on the machine, and
 * compares it with the budget in the tree.
 *
 *   instructions   a pair of malloc and free of four sizes; a step of a random trace (callgrind)
 *   calls          into each layer, to the system, and locks taken, for fixed traces
 *   memory         pages mapped, and bytes kept for each that lives, for fixed traces
 *
 *   guard --library FILE --pairs PROGRAM --traces PROGRAM --folder DIR
 *         [--budget FILE] [--write] [--no-instructions]
 *
 * Without --budget it prints the instructions of the pairs and ends. Status 0 where all is within
 * the budget, 1 where something is over it, 2 where it was called wrongly or could not measure.
 * Read order: main, measure.h, budget.h. */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/bench/guard/budget.h"
#include "common/bench/guard/measure.h"

enum { STATUS_OVER = 1, STATUS_ERROR = 2 };

static struct {
    struct measure_options measure;
    const char *budget;
    bool writes;
    bool no_instructions;
} options;

static const struct option long_options[] = {
    {"library", required_argument, NULL, 'l'},   {"pairs", required_argument, NULL, 'p'},
    {"traces", required_argument, NULL, 't'},    {"folder", required_argument, NULL, 'f'},
    {"budget", required_argument, NULL, 'b'},    {"write", no_argument, NULL, 'w'},
    {"no-instructions", no_argument, NULL, 'n'}, {NULL, 0, NULL, 0},
};

static bool take_options(int count, char **arguments)
{
    int letter = 0;
    while ((letter = getopt_long(count, arguments, "", long_options, NULL)) != -1) {
        switch (letter) {
        case 'l':
            options.measure.library = optarg;
            break;
        case 'p':
            options.measure.pairs = optarg;
            break;
        case 't':
            options.measure.traces = optarg;
            break;
        case 'f':
            options.measure.folder = optarg;
            break;
        case 'b':
            options.budget = optarg;
            break;
        case 'w':
            options.writes = true;
            break;
        case 'n':
            options.no_instructions = true;
            break;
        default:
            return false;
        }
    }
    return options.measure.library != NULL && options.measure.pairs != NULL &&
           options.measure.traces != NULL && options.measure.folder != NULL;
}

/* What the project promises; the budget holds it to what it has reached. */
static const struct figure promises[] = {{"pair-64.instructions", 50},
                                         {"pair-1000.instructions", 54}};

static double promise_of(const char *name)
{
    for (size_t i = 0; i < sizeof promises / sizeof *promises; i++)
        if (strcmp(promises[i].name, name) == 0)
            return promises[i].value;
    return 0;
}

static int print_pairs(void)
{
    struct figures pairs = {.count = 0};
    if (!measure_pairs(&options.measure, &pairs))
        return STATUS_ERROR;
    for (size_t i = 0; i < pairs.count; i++) {
        const struct figure *pair = &pairs.list[i];
        double promise = promise_of(pair->name);
        printf("%-24s %8.2f", pair->name, pair->value);
        if (promise != 0)
            printf(", at most %.0f: %s", promise, pair->value <= promise ? "met" : "NOT MET");
        putchar('\n');
    }
    return EXIT_SUCCESS;
}

static bool measure_all(struct figures *measured)
{
    if (!options.no_instructions && !(measure_pairs(&options.measure, measured) &&
                                      measure_mixed_trace(&options.measure, measured)))
        return false;
    return measure_traces(&options.measure, measured);
}

int main(int count, char **arguments)
{
    struct figures measured = {.count = 0};
    struct figures budget = {.count = 0};
    if (!take_options(count, arguments)) {
        fputs("guard: --library, --pairs, --traces and --folder are needed\n", stderr);
        return STATUS_ERROR;
    }
    if (options.budget == NULL)
        return print_pairs();
    if (!measure_all(&measured))
        return STATUS_ERROR;
    if (options.writes)
        return budget_write(options.budget, &measured) ? EXIT_SUCCESS : STATUS_ERROR;
    if (!budget_read(options.budget, &budget))
        return STATUS_ERROR;
    size_t failed = budget_compare(options.budget, &budget, &measured,
                                   options.no_instructions ? ".instructions" : NULL);
    return failed == 0 ? EXIT_SUCCESS : STATUS_OVER;
}

/* budget: see budget.h. */
#include "common/bench/guard/budget.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const double SLACK = 0.02;

/* --- The file --- */

bool budget_read(const char *path, struct figures *budget)
{
    char line[256];
    FILE *file = fopen(path, "r");
    if (file == NULL) {
        perror(path);
        return false;
    }
    bool is_good = true;
    for (size_t number = 1; is_good && fgets(line, sizeof line, file) != NULL; number++) {
        char name[FIGURE_NAME_BYTES];
        double value = 0;
        line[strcspn(line, "#\n")] = '\0';
        int found = sscanf(line, "%47s %lf", name, &value);
        if (found == 2)
            figures_add(budget, "", name, value);
        is_good = found == 2 || found == EOF;
        if (!is_good)
            fprintf(stderr, "%s:%zu: expected a name and a value\n", path, number);
    }
    fclose(file);
    return is_good;
}

bool budget_write(const char *path, const struct figures *measured)
{
    FILE *file = fopen(path, "w");
    if (file == NULL) {
        perror(path);
        return false;
    }
    fputs("# What the reference library may cost; see traces.c and guard.c. Figures may be 2% "
          "above.\n"
          "# Written by: make guard BUDGET=write. Say in the commit why a figure went up.\n",
          file);
    for (size_t i = 0; i < measured->count; i++)
        fprintf(file, "%s %.10g\n", measured->list[i].name, measured->list[i].value);
    return fclose(file) == 0;
}

/* --- The comparison --- */

static bool ends_with(const char *name, const char *end)
{
    size_t length = strlen(name);
    return end != NULL && length >= strlen(end) && strcmp(name + length - strlen(end), end) == 0;
}

static bool is_within(const struct figure *allowed, double value)
{
    return allowed != NULL && value <= allowed->value * (1 + SLACK);
}

static void print_line(const struct figure *measured, const struct figure *allowed)
{
    printf("%s %-28s %10.6g", is_within(allowed, measured->value) ? "ok  " : "FAIL", measured->name,
           measured->value);
    if (allowed == NULL) {
        puts(": the budget does not name it");
        return;
    }
    double more = allowed->value == 0 ? 0 : measured->value / allowed->value - 1;
    printf(more == 0 ? ", budget %.6g\n" : ", budget %.6g: %+.1f%%\n", allowed->value, 100 * more);
}

/* Print the lines of those that are within the budget, or of the others; returns how many. */
static size_t print_lines(const struct figures *budget, const struct figures *measured, bool within)
{
    size_t printed = 0;
    for (size_t i = 0; i < measured->count; i++) {
        const struct figure *allowed = figures_find(budget, measured->list[i].name);
        if (is_within(allowed, measured->list[i].value) != within)
            continue;
        print_line(&measured->list[i], allowed);
        printed++;
    }
    return printed;
}

static size_t print_missing(const struct figures *budget, const struct figures *measured,
                            const char *ignored)
{
    size_t missing = 0;
    for (size_t i = 0; i < budget->count; i++) {
        const char *name = budget->list[i].name;
        if (figures_find(measured, name) != NULL || ends_with(name, ignored))
            continue;
        printf("FAIL %-28s was not measured\n", name);
        missing++;
    }
    return missing;
}

size_t budget_compare(const char *path, const struct figures *budget,
                      const struct figures *measured, const char *ignored)
{
    size_t passed = print_lines(budget, measured, true);
    size_t failed = print_lines(budget, measured, false) + print_missing(budget, measured, ignored);
    if (failed != 0)
        printf("Make it cheaper, or allow it: make guard BUDGET=write writes what was measured to\n"
               "%s; commit that with the reason.\n",
               path);
    printf("%zu passed, %zu failed\n", passed, failed);
    return failed;
}

/* script: see script.h for the format. */
#include "common/testing/property/script.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_LINE = 1024 };

static const struct property_operation fail_below = {.name = "fail-below",
                                                     .arguments = {{.name = "nth", .limit = 1}}};

const struct property_operation *script_operation(const struct property *property,
                                                  const struct property_call *call)
{
    return call->operation < property->operation_count ? &property->operations[call->operation]
                                                       : &fail_below;
}

/* --- Writing --- */

int script_format_call(const struct property *property, const struct property_call *call,
                       char *text, size_t text_bytes)
{
    const struct property_operation *operation = script_operation(property, call);
    int used = snprintf(text, text_bytes, "%s", operation->name);
    for (size_t i = 0; i < PROPERTY_MOST_ARGUMENTS && operation->arguments[i].name != NULL; i++)
        used += snprintf(text + used, text_bytes - (size_t)used, " %s=%" PRIu64,
                         operation->arguments[i].name, call->arguments[i]);
    return used;
}

void script_write(FILE *out, const struct property *property, const struct script *script,
                  const char *failure, const char *(*result)(size_t call))
{
    fprintf(out, "# mempool script 1\n# test %s/%s\n# seed %" PRIu64 "\n", test_current()->suite,
            test_current()->name, test_seed());
    fprintf(out, "# failure %s\n", failure);
    for (size_t i = 0; i < script->count; i++) {
        char text[MOST_LINE];
        script_format_call(property, &script->calls[i], text, sizeof text);
        const char *came = result(i);
        fprintf(out, "%u %s%s%s\n", script->calls[i].thread, text, came == NULL ? "" : " -> ",
                came == NULL ? "" : came);
    }
}

/* --- Reading --- */

static FILE *open_script(const char *file)
{
    FILE *in = fopen(file, "r");
    CHECK(in != NULL, "could not read the script %s: %s", file, strerror(errno));
    return in;
}

static unsigned operation_named(const struct property *property, const char *name)
{
    unsigned place = 0;
    while (place < property->operation_count && strcmp(property->operations[place].name, name) != 0)
        place++;
    CHECK(place < property->operation_count || strcmp(fail_below.name, name) == 0,
          "the script calls \"%s\", which this test does not have", name);
    return place;
}

/* One name=value. */
static void read_argument(const struct property_operation *operation, char *word,
                          struct property_call *call)
{
    char *value = strchr(word, '=');
    CHECK(value != NULL, "\"%s\" in the script is not of the form name=value", word);
    *value++ = '\0';
    for (size_t i = 0; i < PROPERTY_MOST_ARGUMENTS && operation->arguments[i].name != NULL; i++)
        if (strcmp(operation->arguments[i].name, word) == 0)
            call->arguments[i] = strtoull(value, NULL, 10);
}

static void read_call(const struct property *property, char *line, struct script *script)
{
    char *rest = NULL;
    const char *thread = strtok_r(line, " \n", &rest);
    const char *name = strtok_r(NULL, " \n", &rest);
    if (name == NULL)
        return;
    CHECK(script->count < PROPERTY_MOST_CALLS, "the script has more than %d calls",
          PROPERTY_MOST_CALLS);
    struct property_call *call = &script->calls[script->count++];
    *call = (struct property_call){.thread = (unsigned)strtoul(thread, NULL, 10),
                                   .operation = operation_named(property, name)};
    CHECK(call->thread < PROPERTY_MOST_THREADS, "the script has more than %d threads",
          PROPERTY_MOST_THREADS);
    for (char *word = strtok_r(NULL, " \n", &rest); word != NULL && strcmp(word, "->") != 0;
         word = strtok_r(NULL, " \n", &rest))
        read_argument(script_operation(property, call), word, call);
}

void script_read(const struct property *property, const char *file, struct script *script)
{
    char line[MOST_LINE];
    FILE *in = open_script(file);
    *script = (struct script){.count = 0};
    while (fgets(line, sizeof line, in) != NULL) {
        if (*line != '#')
            read_call(property, line, script);
    }
    fclose(in);
}

bool script_test_name(const char *file, char *name, size_t name_bytes)
{
    char line[MOST_LINE];
    FILE *in = fopen(file, "r");
    bool is_found = false;
    while (in != NULL && !is_found && fgets(line, sizeof line, in) != NULL) {
        is_found = strncmp(line, "# test ", 7) == 0;
        line[strcspn(line, "\n")] = '\0';
    }
    if (in != NULL)
        fclose(in);
    if (is_found)
        snprintf(name, name_bytes, "%s", line + 7);
    return is_found;
}

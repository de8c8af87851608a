/* rubric: see rubric.h. The file is read by libconfig; what it may hold is in the tables here. */
#include "grader/rubric.h"

#include <errno.h>
#include <libconfig.h>
#include <math.h>
#include <stdbool.h>
#include <string.h>

#include "grader/files.h"
#include "grader/keep.h"

enum { VERSION = 1, MOST_POINTS = 1000, MOST_RUBRIC_BYTES = 64 * 1024, MOST_FIELDS = 5 };

const char rubric_default[] = "grader/rubric/default.cfg";

enum kind {
    KIND_NONE,   /* ends a table */
    KIND_HALVES, /* points, kept as halves */
    KIND_WEIGHT, /* a whole number */
    KIND_NUMBER,
};

/* A number that a rubric holds, and where to put it. */
struct field {
    const char *name;
    enum kind kind;
    double least;
    double most;
    void *to;
};

/* A rubric that is being read. */
struct reading {
    const char *file;
    const char *wrong; /* the first error, or NULL */
};

static void say(struct reading *reading, const config_setting_t *at, const char *what)
{
    int line = config_setting_source_line(at);
    if (reading->wrong == NULL)
        reading->wrong = keep_format("%s:%d: %s", reading->file, line < 1 ? 1 : line, what);
}

static const char *name_of(const config_setting_t *setting)
{
    return config_setting_is_root(setting) ? "the rubric" : config_setting_name(setting);
}

static bool is_number(const config_setting_t *setting)
{
    int type = config_setting_type(setting);
    return type == CONFIG_TYPE_INT || type == CONFIG_TYPE_INT64 || type == CONFIG_TYPE_FLOAT;
}

static double number_of(const config_setting_t *setting)
{
    switch (config_setting_type(setting)) {
    case CONFIG_TYPE_INT:
        return config_setting_get_int(setting);
    case CONFIG_TYPE_INT64:
        return (double)config_setting_get_int64(setting);
    default:
        return config_setting_get_float(setting);
    }
}

static bool fits(const struct field *field, double value)
{
    double step = field->kind == KIND_HALVES ? 2 * value : value;
    bool whole = field->kind == KIND_NUMBER || floor(step) == step;
    return value >= field->least && value <= field->most && whole;
}

static void take(struct reading *reading, const config_setting_t *setting,
                 const struct field *field)
{
    static const char *const kinds[] = {[KIND_HALVES] = "a whole number or a half",
                                        [KIND_WEIGHT] = "a whole number",
                                        [KIND_NUMBER] = "a number"};
    if (!is_number(setting) || !fits(field, number_of(setting)))
        say(reading, setting,
            keep_format("%s in %s must be %s from %g to %g", field->name,
                        name_of(config_setting_parent(setting)), kinds[field->kind], field->least,
                        field->most));
    else if (field->kind == KIND_NUMBER)
        *(double *)field->to = number_of(setting);
    else
        *(unsigned *)field->to =
            (unsigned)(number_of(setting) * (field->kind == KIND_HALVES ? 2 : 1));
}

/* Nothing in `group` but what `names` (NULL last) has. */
static void allow_only(struct reading *reading, const config_setting_t *group,
                       const char *const *names)
{
    char *allowed = keep_text("");
    for (const char *const *name = names; *name != NULL; name++)
        allowed = keep_format("%s%s%s", allowed, *allowed == '\0' ? "" : ", ", *name);
    for (unsigned i = 0; i < (unsigned)config_setting_length(group); i++) {
        const config_setting_t *setting = config_setting_get_elem(group, i);
        bool known = false;
        for (const char *const *name = names; *name != NULL; name++)
            known |= strcmp(config_setting_name(setting), *name) == 0;
        if (!known)
            say(reading, setting,
                keep_format("there is no \"%s\" in %s; allowed are: %s",
                            config_setting_name(setting), name_of(group), allowed));
    }
}

static void take_group(struct reading *reading, const config_setting_t *root, const char *name,
                       const struct field *fields)
{
    const char *names[MOST_FIELDS + 1] = {NULL};
    const config_setting_t *group = config_setting_get_member(root, name);
    if (group == NULL || !config_setting_is_group(group)) {
        say(reading, group == NULL ? root : group,
            keep_format("%s must be there, as in  %s = { %s = ...; };", name, name, fields->name));
        return;
    }
    for (size_t i = 0; fields[i].kind != KIND_NONE; i++)
        names[i] = fields[i].name;
    allow_only(reading, group, names);
    for (const struct field *field = fields; field->kind != KIND_NONE; field++) {
        const config_setting_t *setting = config_setting_get_member(group, field->name);
        if (setting == NULL)
            say(reading, group, keep_format("%s has no %s", name, field->name));
        else
            take(reading, setting, field);
    }
}

static void take_stage(struct reading *reading, const config_setting_t *root, unsigned number,
                       struct rubric_stage *stage)
{
    const struct field fields[] = {
        {"points", KIND_HALVES, 0.5, MOST_POINTS, &stage->half_points},
        {"tests", KIND_WEIGHT, 0, MOST_POINTS, &stage->weights[PHASE_TESTS]},
        {"memory", KIND_WEIGHT, 0, MOST_POINTS, &stage->weights[PHASE_MEMORY]},
        {"races", KIND_WEIGHT, 0, MOST_POINTS, &stage->weights[PHASE_RACES]},
        {"counts", KIND_WEIGHT, 0, MOST_POINTS, &stage->weights[PHASE_COUNTS]},
        {NULL, KIND_NONE, 0, 0, NULL},
    };
    const char *name = keep_format("stage%u", number);
    take_group(reading, root, name, fields);
    if (reading->wrong == NULL && stage->weights[PHASE_TESTS] == 0)
        say(reading, config_setting_get_member(root, name),
            keep_format("the tests of %s must count: give them a weight from 1 to %d", name,
                        MOST_POINTS));
}

static void take_rest(struct reading *reading, const config_setting_t *root, struct rubric *rubric)
{
    const struct field deductions[] = {
        {"memory_error", KIND_HALVES, 0, MOST_POINTS, &rubric->half_points_per_memory_error},
        {"race", KIND_HALVES, 0, MOST_POINTS, &rubric->half_points_per_race},
        {NULL, KIND_NONE, 0, 0, NULL},
    };
    const struct field counts[] = {
        {"full_up_to", KIND_NUMBER, 1, MOST_POINTS, &rubric->full_up_to},
        {"half_up_to", KIND_NUMBER, 1, MOST_POINTS, &rubric->half_up_to},
        {NULL, KIND_NONE, 0, 0, NULL},
    };
    const struct field coverage[] = {
        {"lines", KIND_NUMBER, 0, 100, &rubric->least_lines},
        {"branches", KIND_NUMBER, 0, 100, &rubric->least_branches},
        {"deduction", KIND_HALVES, 0, MOST_POINTS, &rubric->half_points_for_low_coverage},
        {NULL, KIND_NONE, 0, 0, NULL},
    };
    const struct field unstable = {"unstable", KIND_NUMBER, 0, 1, &rubric->unstable};
    const config_setting_t *share = config_setting_get_member(root, unstable.name);
    take_group(reading, root, "deductions", deductions);
    take_group(reading, root, "counts", counts);
    take_group(reading, root, "minimum_coverage", coverage);
    if (share == NULL)
        say(reading, root, "unstable must be there, as in  unstable = 0.5;");
    else
        take(reading, share, &unstable);
    if (rubric->half_up_to < rubric->full_up_to)
        say(reading, config_setting_get_member(root, "counts"),
            "half_up_to in counts must not be less than full_up_to");
}

static void take_all(struct reading *reading, const config_setting_t *root, struct rubric *rubric)
{
    static const char *const names[] = {"version",          "stage1",     "stage2",   "stage3",
                                        "stage4",           "deductions", "unstable", "counts",
                                        "minimum_coverage", NULL};
    unsigned version = 0;
    const config_setting_t *setting = config_setting_get_member(root, "version");
    const struct field field = {"version", KIND_WEIGHT, VERSION, VERSION, &version};
    if (setting == NULL)
        say(reading, root, keep_format("version must be there, as in  version = %d;", VERSION));
    else
        take(reading, setting, &field);
    allow_only(reading, root, names);
    for (unsigned i = 0; i < STAGE_COUNT; i++)
        take_stage(reading, root, i + 1, &rubric->stages[i]);
    take_rest(reading, root, rubric);
}

const char *rubric_parse(struct rubric *rubric, const char *file, const char *text)
{
    struct reading reading = {file, NULL};
    config_t config;
    *rubric = (struct rubric){.name = file};
    config_init(&config);
    if (config_read_string(&config, text) == CONFIG_TRUE)
        take_all(&reading, config_root_setting(&config), rubric);
    else
        reading.wrong =
            keep_format("%s:%d: %s; see %s for how a rubric looks", file,
                        config_error_line(&config), config_error_text(&config), rubric_default);
    config_destroy(&config);
    return reading.wrong;
}

const char *rubric_read(struct rubric *rubric, const char *file)
{
    const char *text = file_read(file, MOST_RUBRIC_BYTES, NULL);
    if (text == NULL)
        return keep_format("cannot read the rubric %s: %s", file, strerror(errno));
    return rubric_parse(rubric, file, text);
}

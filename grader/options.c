/* options: see options.h. */
#include "grader/options.h"

#include <getopt.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "grader/keep.h"

const char options_help[] =
    "Usage: build/grade [--submission PATH | --impl solution|student] [OPTION]...\n"
    "Grade one implementation of the pool: tests, memory errors, races, coverage.\n"
    "  --impl WHICH      this tree's solution (the default), or this tree's student\n"
    "  --submission PATH grade the hand-in files in a folder, .tar, .tar.gz or .zip,\n"
    "                    side by side or laid out like this tree, and nothing else\n"
    "  --stage N         only stage N, 1 to 4\n"
    "  --own-layers      run each stage on the submission's own earlier stages\n"
    "  --matrix          also show which stage's code makes which later test fail\n"
    "  --quick           tests only: no Valgrind, no race detection, no coverage\n"
    "  --seed N          for tests that work with random numbers (default 1)\n"
    "  --hidden DIR      more tests, kept elsewhere (see grader/README.md)\n"
    "  --rubric FILE     points and weights (default: grader/rubric/default.cfg)\n"
    "  --html FILE       write the report as a page; and, as many as you like:\n"
    "  --json FILE, --junit FILE, --gradescope FILE, --github-classroom FILE\n"
    "  --autolab         end with the line that Autolab reads\n"
    "  --class SOURCE --out DIR   grade each submission in a folder or CSV roster;\n"
    "                    again: go on; --sshlogin HOST,... spreads it (GNU parallel)\n"
    "  --jobs N          how much runs side by side (default: the cores, at most 8;\n"
    "                    of a class's submissions, one more than there are cores)\n"
    "  --jail KIND       bubblewrap, limits (where that does not work) or auto\n"
    "  --build DIR       build folder of this tree (default: build)\n"
    "  --help            this text\n"
    "Exit status: 0 graded, whatever the points; 1 wrong use, or a tool is missing;\n"
    "2 the grader itself failed, and what it could not grade has no score.\n";

static const char *parse_stage(const char *text, struct options *options)
{
    if (strlen(text) != 1 || text[0] < '1' || text[0] > '0' + STAGE_COUNT)
        return keep_format("there is no stage \"%s\": choose one of 1 to %d, or leave --stage out",
                           text, STAGE_COUNT);
    options->stage = (unsigned)(text[0] - '0');
    return NULL;
}

static const char *parse_subject(const char *text, struct options *options)
{
    if (strcmp(text, "solution") != 0 && strcmp(text, "student") != 0)
        return keep_format("--impl %s: choose solution or student", text);
    options->impl = text;
    options->subject = strcmp(text, "solution") == 0 ? SUBJECT_SOLUTION : SUBJECT_STUDENT;
    return NULL;
}

static const char *parse_seed(const char *text, struct options *options)
{
    size_t digits = strspn(text, "0123456789");
    if (digits == 0 || digits > 19 || text[digits] != '\0')
        return keep_format("--seed %s: give a number, such as --seed 7", text);
    options->seed = text;
    return NULL;
}

static const char *parse_jobs(const char *text, struct options *options)
{
    size_t length = strlen(text);
    if (length == 0 || length > 3 || text[strspn(text, "0123456789")] != '\0' || atoi(text) == 0)
        return keep_format("--jobs %s: give a number from 1 to 999", text);
    options->jobs = (unsigned)atoi(text);
    return NULL;
}

static const char *parse_jail(const char *text, struct options *options)
{
    static const char *const kinds[] = {
        [JAIL_AUTO] = "auto", [JAIL_BUBBLEWRAP] = "bubblewrap", [JAIL_LIMITS] = "limits"};
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (strcmp(text, kinds[i]) == 0) {
            options->jail = (enum jail_choice)i;
            return NULL;
        }
    return keep_format("--jail %s: choose auto, bubblewrap or limits", text);
}

/* What becomes of an option's value. */
enum kind { TEXT, FLAG, PARSED };

static const struct known_option {
    const char *name;
    enum kind kind;
    size_t field; /* TEXT, FLAG: where in struct options it goes */
    const char *(*parse)(const char *text, struct options *options); /* PARSED */
} known[] = {
    {"submission", TEXT, offsetof(struct options, submission), NULL},
    {"impl", PARSED, 0, parse_subject},
    {"stage", PARSED, 0, parse_stage},
    {"own-layers", FLAG, offsetof(struct options, own_layers), NULL},
    {"matrix", FLAG, offsetof(struct options, matrix), NULL},
    {"quick", FLAG, offsetof(struct options, quick), NULL},
    {"seed", PARSED, 0, parse_seed},
    {"hidden", TEXT, offsetof(struct options, hidden), NULL},
    {"rubric", TEXT, offsetof(struct options, rubric), NULL},
    {"json", TEXT, offsetof(struct options, outputs[OUTPUT_JSON]), NULL},
    {"junit", TEXT, offsetof(struct options, outputs[OUTPUT_JUNIT]), NULL},
    {"gradescope", TEXT, offsetof(struct options, outputs[OUTPUT_GRADESCOPE]), NULL},
    {"github-classroom", TEXT, offsetof(struct options, outputs[OUTPUT_GITHUB_CLASSROOM]), NULL},
    {"html", TEXT, offsetof(struct options, outputs[OUTPUT_HTML]), NULL},
    {"autolab", FLAG, offsetof(struct options, autolab), NULL},
    {"class", TEXT, offsetof(struct options, class_source), NULL},
    {"out", TEXT, offsetof(struct options, out), NULL},
    {"sshlogin", TEXT, offsetof(struct options, sshlogin), NULL},
    {"jobs", PARSED, 0, parse_jobs},
    {"jail", PARSED, 0, parse_jail},
    {"build", TEXT, offsetof(struct options, build), NULL},
    {"help", FLAG, offsetof(struct options, help), NULL},
};

/* What getopt_long answers: this and an option's place in the table, or one of its two complaints. */
enum { FIRST_OPTION = 256, MISSING_VALUE = ':', KNOWN_COUNT = sizeof known / sizeof *known };

static const char *take_option(const struct known_option *option, struct options *options)
{
    void *field = (char *)options + option->field;
    switch (option->kind) {
    case TEXT:
        *(const char **)field = optarg;
        return NULL;
    case FLAG:
        *(bool *)field = true;
        return NULL;
    case PARSED:
        return option->parse(optarg, options);
    }
    return NULL;
}

static const char *take_options(int count, char **arguments, struct options *options)
{
    struct option for_getopt[KNOWN_COUNT + 1] = {{.name = NULL}};
    for (int i = 0; i < KNOWN_COUNT; i++)
        for_getopt[i] =
            (struct option){.name = known[i].name,
                            .has_arg = known[i].kind == FLAG ? no_argument : required_argument,
                            .val = FIRST_OPTION + i};
    int answer = 0;
    const char *wrong = NULL;
    optind = 0; /* so that it can be called more than once */
    while (wrong == NULL && (answer = getopt_long(count, arguments, "+:", for_getopt, NULL)) != -1)
        if (answer >= FIRST_OPTION)
            wrong = take_option(&known[answer - FIRST_OPTION], options);
        else if (answer == MISSING_VALUE)
            wrong = keep_format("%s needs a value; see --help", arguments[optind - 1]);
        else if (optopt >= FIRST_OPTION)
            wrong = keep_format("--%s takes no value", known[optopt - FIRST_OPTION].name);
        else
            wrong =
                keep_format("there is no option %s; --help lists them all", arguments[optind - 1]);
    if (wrong == NULL && optind < count)
        wrong = keep_format("\"%s\" is not an option; a folder to grade is named by --submission",
                            arguments[optind]);
    return wrong;
}

static bool wants_report_files(const struct options *options)
{
    bool any = options->autolab;
    for (size_t i = 0; i < OUTPUT_COUNT; i++)
        any |= options->outputs[i] != NULL;
    return any;
}

/* Options that are right each by itself and not together. */
static const char *contradiction(const struct options *options)
{
    if (options->impl != NULL && options->submission != NULL)
        return "--impl and --submission exclude each other: give one of them";
    if (options->class_source != NULL && (options->impl != NULL || options->submission != NULL))
        return "--class grades all submissions of a class: leave out --impl and --submission";
    if ((options->class_source == NULL) != (options->out == NULL))
        return "--class SOURCE and --out DIR go together: give both of them";
    if (options->class_source != NULL && wants_report_files(options))
        return "--class writes its reports into OUT: leave out --html, --autolab and their like";
    if (options->sshlogin != NULL && options->class_source == NULL)
        return "--sshlogin is for a class: give --class SOURCE and --out DIR too";
    if (options->matrix && options->stage != 0)
        return "--matrix compares stages with each other: leave out --stage";
    if (options->matrix && options->class_source == NULL && options->subject != SUBJECT_STUDENT)
        return "--matrix compares a student's stages with the reference's: give --submission PATH "
               "or --impl student";
    if (options->matrix && options->own_layers)
        return "--matrix grades over the reference's stages and over own ones: leave out "
               "--own-layers";
    return NULL;
}

const char *options_parse(int count, char **arguments, struct options *options)
{
    *options = (struct options){.seed = "1", .build = "build"};
    const char *wrong = take_options(count, arguments, options);
    if (wrong != NULL)
        return wrong;
    if (options->submission != NULL)
        options->subject = SUBJECT_STUDENT;
    return contradiction(options);
}

/* options: see options.h. */
#include "grader/options.h"

#include <getopt.h>
#include <stdlib.h>
#include <string.h>

#include "grader/keep.h"

const char options_help[] =
    "Usage: build/grade [--submission PATH | --impl solution|student] [OPTION]...\n"
    "Grade one implementation of the pool: tests, memory errors, races, coverage.\n"
    "  --impl solution   grade the reference solution of this tree (default)\n"
    "  --impl student    grade what is in the student/ folders of this tree\n"
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
    "  --jobs N          how much runs side by side (default: the cores)\n"
    "  --jail KIND       bubblewrap, limits (where that does not work) or auto\n"
    "  --build DIR       build folder of this tree (default: build)\n"
    "  --help            this text\n"
    "Exit status: 0 graded, whatever the points; 1 wrong use, or a tool is missing;\n"
    "2 the grader itself failed, and what it could not grade has no score.\n";

enum { OPTION_MISSING = ':', OPTION_UNKNOWN = '?', FIRST_OUTPUT = 256 };

static const struct option known[] = {
    {"submission", required_argument, NULL, 'd'},
    {"impl", required_argument, NULL, 'i'},
    {"stage", required_argument, NULL, 'n'},
    {"own-layers", no_argument, NULL, 'o'},
    {"matrix", no_argument, NULL, 'm'},
    {"quick", no_argument, NULL, 'q'},
    {"seed", required_argument, NULL, 's'},
    {"hidden", required_argument, NULL, 'H'},
    {"rubric", required_argument, NULL, 'r'},
    {"json", required_argument, NULL, FIRST_OUTPUT + OUTPUT_JSON},
    {"junit", required_argument, NULL, FIRST_OUTPUT + OUTPUT_JUNIT},
    {"gradescope", required_argument, NULL, FIRST_OUTPUT + OUTPUT_GRADESCOPE},
    {"github-classroom", required_argument, NULL, FIRST_OUTPUT + OUTPUT_GITHUB_CLASSROOM},
    {"html", required_argument, NULL, FIRST_OUTPUT + OUTPUT_HTML},
    {"autolab", no_argument, NULL, 'a'},
    {"class", required_argument, NULL, 'c'},
    {"out", required_argument, NULL, 'u'},
    {"jobs", required_argument, NULL, 'J'},
    {"sshlogin", required_argument, NULL, 'l'},
    {"build", required_argument, NULL, 'b'},
    {"jail", required_argument, NULL, 'k'},
    {"help", no_argument, NULL, 'h'},
    {NULL, 0, NULL, 0},
};

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

/* Where the option's value goes as it is, or NULL. */
static const char **text_of(int option, struct options *options)
{
    switch (option) {
    case 'd':
        return &options->submission;
    case 'H':
        return &options->hidden;
    case 'r':
        return &options->rubric;
    case 'c':
        return &options->class_source;
    case 'u':
        return &options->out;
    case 'l':
        return &options->sshlogin;
    case 'b':
        return &options->build;
    default:
        return option >= FIRST_OUTPUT ? &options->outputs[option - FIRST_OUTPUT] : NULL;
    }
}

/* What an option without a value switches on, or NULL. */
static bool *flag_of(int option, struct options *options)
{
    switch (option) {
    case 'o':
        return &options->own_layers;
    case 'm':
        return &options->matrix;
    case 'q':
        return &options->quick;
    case 'a':
        return &options->autolab;
    case 'h':
        return &options->help;
    default:
        return NULL;
    }
}

static const char *take_option(int option, char **arguments, struct options *options)
{
    const char **text = text_of(option, options);
    bool *flag = flag_of(option, options);
    if (text != NULL)
        *text = optarg;
    if (flag != NULL)
        *flag = true;
    if (text != NULL || flag != NULL)
        return NULL;
    switch (option) {
    case 'i':
        return parse_subject(optarg, options);
    case 'n':
        return parse_stage(optarg, options);
    case 's':
        return parse_seed(optarg, options);
    case 'J':
        return parse_jobs(optarg, options);
    case 'k':
        return parse_jail(optarg, options);
    case OPTION_MISSING:
        return keep_format("%s needs a value; see --help", arguments[optind - 1]);
    default:
        return keep_format("there is no option %s; --help lists them all", arguments[optind - 1]);
    }
}

const char *options_parse(int count, char **arguments, struct options *options)
{
    *options = (struct options){.seed = "1", .build = "build"};
    bool chose_subject = false;
    int option = 0;
    optind = 0; /* so that it can be called more than once */
    while ((option = getopt_long(count, arguments, "+:", known, NULL)) != -1) {
        const char *wrong = take_option(option, arguments, options);
        if (wrong != NULL)
            return wrong;
        chose_subject |= option == 'i';
    }
    if (optind < count)
        return keep_format("\"%s\" is not an option; a folder to grade is named by --submission",
                           arguments[optind]);
    if (chose_subject && options->submission != NULL)
        return "--impl and --submission exclude each other: give one of them";
    if (options->class_source != NULL && (chose_subject || options->submission != NULL))
        return "--class grades all submissions of a class: leave out --impl and --submission";
    if ((options->class_source == NULL) != (options->out == NULL))
        return "--class SOURCE and --out DIR go together: give both of them";
    if (options->sshlogin != NULL && options->class_source == NULL)
        return "--sshlogin is for a class: give --class SOURCE and --out DIR too";
    if (options->submission != NULL)
        options->subject = SUBJECT_STUDENT;
    if (options->matrix && options->stage != 0)
        return "--matrix compares stages with each other: leave out --stage";
    if (options->matrix && options->own_layers)
        return "--matrix grades over the reference's stages and over own ones: leave out "
               "--own-layers";
    return NULL;
}

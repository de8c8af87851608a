/* course: the student's loop, one command at a time; `make next`, `make hint`, … call it.
 *
 *   course COMMAND [--stage N] [--test NAME] [--level N] [--hint] [--answer] [--yes] [--build DIR]
 *
 * Read next: course.h, next.c, stage_tests.h, story.h. */
#include "common/course/course.h"

#include <getopt.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "grader/files.h"
#include "grader/keep.h"

struct command_entry {
    const char *name;
    int (*run)(const struct course_options *options);
};

static const struct command_entry commands[] = {
    {"next", command_next},           {"hint", command_hint},
    {"watch", command_watch},         {"debug", command_debug},
    {"start", command_start},         {"reset", command_reset},
    {"diff", command_diff},           {"walk", command_walk},
    {"hunt", command_hunt},           {"hunt-check", command_hunt_check},
    {"own-tests", command_own_tests},
};

_Noreturn void course_wrong(const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    fflush(stdout);
    vfprintf(stderr, format, arguments);
    fputc('\n', stderr);
    va_end(arguments);
    exit(EXIT_FAILURE);
}

const struct stage *course_stage(const struct course_options *options, const char *command)
{
    if (options->stage == NULL)
        course_wrong("which stage? make %s STAGE=1 (to %d)", command, STAGE_COUNT);
    return options->stage;
}

const char *course_path(const struct course_options *options, const char *name)
{
    const char *folder = keep_format("%s/course", options->build);
    folder_make(folder);
    return keep_format("%s/%s", folder, name);
}

bool course_ask(const char *question)
{
    if (isatty(STDIN_FILENO) != 1)
        return false;
    printf("%s [y/N] ", question);
    fflush(stdout);
    int first = getchar();
    for (int rest = first; rest != '\n' && rest != EOF;)
        rest = getchar();
    return first == 'y' || first == 'Y';
}

static unsigned parse_number(const char *name, const char *text, unsigned most)
{
    char *end = NULL;
    unsigned long number = strtoul(text, &end, 10);
    if (*text < '0' || *text > '9' || *end != '\0' || number < 1 || number > most)
        course_wrong("%s=%s: choose a number from 1%s", name, text,
                     most == STAGE_COUNT ? keep_format(" to %u", most) : " on");
    return (unsigned)number;
}

static struct course_options parse_options(int count, char **arguments)
{
    static const struct option known[] = {
        {"stage", required_argument, NULL, 's'}, {"test", required_argument, NULL, 't'},
        {"level", required_argument, NULL, 'l'}, {"build", required_argument, NULL, 'b'},
        {"hint", no_argument, NULL, 'h'},        {"answer", no_argument, NULL, 'a'},
        {"yes", no_argument, NULL, 'y'},         {NULL, 0, NULL, 0},
    };
    struct course_options options = {.build = "build"};
    int option = 0;
    while ((option = getopt_long(count, arguments, "", known, NULL)) != -1) {
        if (option == 's')
            options.stage = &all_stages[parse_number("STAGE", optarg, STAGE_COUNT) - 1];
        else if (option == 't')
            options.test = optarg;
        else if (option == 'l')
            options.level = parse_number("LEVEL", optarg, 99);
        else if (option == 'b')
            options.build = optarg;
        else if (option == 'h')
            options.hint = true;
        else if (option == 'a')
            options.answer = true;
        else if (option == 'y')
            options.yes = true;
        else
            exit(EXIT_FAILURE);
    }
    return options;
}

/* What make was told for this program is not meant for the makes that it starts. */
static void forget_make(void)
{
    static const char *const names[] = {"MAKEFLAGS", "MFLAGS", "MAKELEVEL", "MAKEOVERRIDES",
                                        "STAGE",     "TEST",   "IMPL",      "VARIANT",
                                        "LAYERS",    "BUILD"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        unsetenv(names[i]);
    setenv("LC_ALL", "C", 1); /* compilers quote in plain ASCII then */
}

/* Only a debugger has to be told which test; what comes next, the loop finds by itself. */
static void refuse_test(const struct course_options *options, const char *command)
{
    if (options->test != NULL && strcmp(command, "debug") != 0)
        course_wrong("make %s takes no TEST; for one test: make check STAGE=%u TEST=%s", command,
                     options->stage == NULL ? 1 : options->stage->number, options->test);
}

int main(int count, char **arguments)
{
    struct course_options options = parse_options(count, arguments);
    const char *name = optind < count ? arguments[optind] : "";
    refuse_test(&options, name);
    forget_make();
    atexit(keep_free_all);
    for (size_t i = 0; i < sizeof commands / sizeof *commands; i++)
        if (strcmp(commands[i].name, name) == 0)
            return commands[i].run(&options);
    course_wrong("no command \"%s\"; make help lists them", name);
}

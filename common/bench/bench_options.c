/* bench_options: see bench_options.h. Read order: bench_options_read, take_option. */
#include "common/bench/bench_options.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/bench/results.h"

enum { DEFAULT_ROUNDS = 9 };

static _Noreturn void usage(const char *what)
{
    fprintf(stderr, "bench: %s\n", what);
    exit(STATUS_USAGE);
}

/* --- Rows by name --- */

/* Whether `name` is one of the words of `list`. */
static bool is_word_of(const char *list, const char *name)
{
    size_t length = strlen(name);
    for (list += strspn(list, " "); *list != '\0'; list += strspn(list, " ")) {
        size_t word = strcspn(list, " ");
        if (word == length && strncmp(list, name, length) == 0)
            return true;
        list += word;
    }
    return false;
}

bool bench_options_choose(const struct bench_options *options, const struct row *row)
{
    return options->only == NULL || is_word_of(options->only, row->name);
}

/* Every word has to be the name of a row. */
static void check_names(const struct bench_options *options)
{
    char words[1024];
    char *rest = words;
    if (options->only == NULL)
        return;
    snprintf(words, sizeof words, "%s", options->only);
    for (char *word = strtok_r(words, " ", &rest); word != NULL;
         word = strtok_r(NULL, " ", &rest)) {
        size_t i = 0;
        while (i < row_count && strcmp(rows[i].name, word) != 0)
            i++;
        if (i < row_count)
            continue;
        fprintf(stderr, "bench: no workload is called '%s'; there are:", word);
        for (i = 0; i < row_count; i++)
            fprintf(stderr, " %s", rows[i].name);
        fputc('\n', stderr);
        exit(STATUS_USAGE);
    }
}

/* --- Options --- */

static size_t number_from(const char *text, size_t most, const char *what)
{
    char *end = NULL;
    unsigned long number = strtoul(text, &end, 10);
    if (*end != '\0' || number < 1 || number > most)
        usage(what);
    return number;
}

static void take_path(const char *path, char absolute[PATH_MAX])
{
    if (realpath(path, absolute) != NULL)
        return;
    perror(path);
    exit(STATUS_USAGE);
}

static void add_allocator(struct bench_options *options, const char *name_and_path)
{
    if (options->more_count == ALLOCATORS_MOST)
        usage("too many allocators");
    options->more[options->more_count++] = name_and_path;
}

static void take_option(struct bench_options *options, int letter)
{
    switch (letter) {
    case 'l':
        options->library = optarg;
        break;
    case 'L':
        take_path(optarg, options->launch);
        break;
    case 'w':
        options->workloads = optarg;
        break;
    case 'p':
        options->programs = optarg;
        break;
    case 'o':
        options->out = optarg;
        break;
    case 'r':
        options->rounds = number_from(optarg, RESULTS_MOST_ROUNDS, "ROUNDS is 1 to 64");
        break;
    case 'n':
        options->only = optarg;
        break;
    case 'j':
        options->json = optarg;
        break;
    case 's':
        (void)number_from(optarg, 10000, "SCALE is a percentage, 1 to 10000");
        options->scale = optarg;
        break;
    case 'c':
        take_path(optarg, options->crossing);
        break;
    case 'a':
        add_allocator(options, optarg);
        break;
    default:
        usage("what is wrong is said above; make help lists what there is");
    }
}

static const struct option long_options[] = {
    {"library", required_argument, NULL, 'l'},   {"launch", required_argument, NULL, 'L'},
    {"workloads", required_argument, NULL, 'w'}, {"programs", required_argument, NULL, 'p'},
    {"out", required_argument, NULL, 'o'},       {"rounds", required_argument, NULL, 'r'},
    {"only", required_argument, NULL, 'n'},      {"json", required_argument, NULL, 'j'},
    {"scale", required_argument, NULL, 's'},     {"counts", required_argument, NULL, 'c'},
    {"allocator", required_argument, NULL, 'a'}, {NULL, 0, NULL, 0},
};

void bench_options_read(int count, char **arguments, struct bench_options *options)
{
    int letter = 0;
    *options = (struct bench_options){.rounds = DEFAULT_ROUNDS};
    while ((letter = getopt_long(count, arguments, "", long_options, NULL)) != -1)
        take_option(options, letter);
    if (options->library == NULL || options->launch[0] == '\0' || options->workloads == NULL ||
        options->programs == NULL || options->out == NULL)
        usage("--library, --launch, --workloads, --programs and --out are needed");
    check_names(options);
}

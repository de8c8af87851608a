/* mutants: makes the reference wrong in many small ways, and counts how many of them the tests notice.
 *
 *   mutants [--stage N] [--most N] [--sample N] [--jobs N] [--build DIR] [--list]
 *
 *   --most N     of each stage, at most N mutants: always the same ones, chosen by a hash
 *   --sample N   the same, and without those whose survival is explained: for make test
 *   --list       say what would be tried, and try nothing
 *
 * Exit status 0: in each stage at least 92 of 100 are killed, and each survivor is explained in
 * survivors.txt. Read next: mutations.h, trial.h, survivors.h. */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "common/course/handout.h"
#include "grader/die.h"
#include "grader/keep.h"
#include "grader/mutants/mutations.h"
#include "grader/mutants/survivors.h"
#include "grader/mutants/trial.h"

enum { LEAST_KILLED_PERCENT = 92, MOST_JOBS = 8 };

static const char survivors_path[] = "grader/mutants/survivors.txt";

struct survey {
    const struct stage *stage;
    const char *build;
    unsigned jobs;
    unsigned most;
    bool is_sample;
    bool only_list;
    struct mutant *mutants;
    size_t count;
    struct trial *trials; /* shared with the processes that run them */
    struct survivors survivors;
};

/* --- Which mutants --- */

/* Locks and memory orders first: they are few, and no mutant is dearer. */
static int compare_mutants(const void *left, const void *right)
{
    const struct mutant *a = left;
    const struct mutant *b = right;
    bool a_first = a->kind >= MUTATE_LOCK;
    bool b_first = b->kind >= MUTATE_LOCK;
    if (a_first != b_first)
        return a_first ? -1 : 1;
    return (a->hash > b->hash) - (a->hash < b->hash);
}

static void choose_mutants(struct survey *survey)
{
    for (const char *const *file = survey->stage->handin; *file != NULL; file++) {
        struct source *source = keep_bytes(sizeof *source);
        *source = source_read(handin_path(survey->stage, SUBJECT_SOLUTION, *file));
        survey->mutants = mutations_of(source, survey->mutants, &survey->count);
    }
    size_t kept = 0;
    for (size_t i = 0; i < survey->count; i++)
        if (survivors_find(&survey->survivors, &survey->mutants[i]) == NULL || !survey->is_sample)
            survey->mutants[kept++] = survey->mutants[i];
    survey->count = kept;
    if (kept != 0)
        qsort(survey->mutants, kept, sizeof *survey->mutants, compare_mutants);
    if (survey->most != 0 && survey->count > survey->most)
        survey->count = survey->most;
}

/* --- Trying them --- */

static void show(const struct mutant *mutant, const struct trial *trial)
{
    static const char *const words[] = {"", "no C", "killed", "caught", "LIVES"};
    printf("%-7s %-10s %s:%u %s\n", words[trial->verdict], mutation_name(mutant->kind),
           strrchr(mutant->source->path, '/') + 1, mutant->source->tokens[mutant->first].line,
           trial->killer);
    fflush(stdout);
}

/* Each job has a folder of its own. Returns the job that is free. */
static unsigned await_free_job(const struct survey *survey, pid_t *running, size_t *tried,
                               unsigned jobs)
{
    for (;;) {
        for (unsigned job = 0; job < jobs; job++)
            if (running[job] == 0)
                return job;
        pid_t ended = wait(NULL);
        for (unsigned job = 0; job < jobs; job++)
            if (running[job] == ended) {
                running[job] = 0;
                show(&survey->mutants[tried[job]], &survey->trials[tried[job]]);
            }
    }
}

static void try_all(const struct survey *survey)
{
    pid_t running[MOST_JOBS] = {0};
    size_t tried[MOST_JOBS] = {0};
    for (size_t i = 0; i < survey->count + survey->jobs; i++) {
        /* The last rounds only wait: a job that is given nothing stays taken. */
        unsigned job = await_free_job(survey, running, tried, survey->jobs);
        if (i >= survey->count) {
            running[job] = -2;
            continue;
        }
        tried[job] = i;
        running[job] = fork();
        if (running[job] != 0)
            continue;
        const struct trial_place place = {
            survey->stage, survey->build,
            keep_format("%s/mutants/stage%u-%u", survey->build, survey->stage->number, job)};
        survey->trials[i] = trial_run(&place, &survey->mutants[i]);
        _exit(0);
    }
}

/* --- What came of it --- */

static size_t count_verdicts(const struct survey *survey, enum verdict verdict)
{
    size_t count = 0;
    for (size_t i = 0; i < survey->count; i++)
        count += survey->trials[i].verdict == verdict;
    return count;
}

static size_t show_survivors(struct survey *survey)
{
    size_t unexplained = 0;
    for (size_t i = 0; i < survey->count; i++) {
        const struct mutant *mutant = &survey->mutants[i];
        if (survey->trials[i].verdict != MUTANT_SURVIVED)
            continue;
        const struct survivor *known = survivors_find(&survey->survivors, mutant);
        printf("\n%s\n  - %s\n  + %s\n  %s\n", survivor_place(mutant), mutant->before,
               mutant->after, known == NULL ? "(not explained)" : known->reason);
        unexplained += known == NULL;
    }
    return unexplained;
}

static bool report(struct survey *survey)
{
    size_t killed = count_verdicts(survey, MUTANT_KILLED);
    size_t caught = count_verdicts(survey, MUTANT_CAUGHT);
    size_t survived = count_verdicts(survey, MUTANT_SURVIVED);
    size_t valid = killed + caught + survived;
    size_t unexplained = show_survivors(survey);
    size_t percent = valid == 0 ? 0 : (killed + caught) * 100 / valid;
    printf("\nstage %u: %zu mutants, %zu killed by tests, %zu by sanitizers, %zu live "
           "(%zu not explained): %zu%% killed\n",
           survey->stage->number, valid, killed, caught, survived, unexplained, percent);
    for (size_t i = 0; i < survey->count; i++)
        if (survey->trials[i].verdict == MUTANT_UNTRIED)
            return false;
    return unexplained == 0 && percent >= LEAST_KILLED_PERCENT;
}

static void list_mutants(const struct survey *survey)
{
    for (size_t i = 0; i < survey->count; i++)
        printf("%-10s %s\n  - %s\n  + %s\n", mutation_name(survey->mutants[i].kind),
               survivor_place(&survey->mutants[i]), survey->mutants[i].before,
               survey->mutants[i].after);
    printf("stage %u: %zu mutants\n", survey->stage->number, survey->count);
}

static bool run_survey(struct survey survey)
{
    survey.survivors = survivors_read(survivors_path);
    choose_mutants(&survey);
    if (survey.only_list) {
        list_mutants(&survey);
        return true;
    }
    size_t bytes = (survey.count + 1) * sizeof *survey.trials;
    survey.trials = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (survey.trials == MAP_FAILED)
        die_broken("out of memory");
    trial_prepare(survey.stage, survey.build);
    try_all(&survey);
    return report(&survey);
}

static unsigned number_of(const char *text, unsigned most)
{
    char *end = NULL;
    unsigned long number = strtoul(text, &end, 10);
    if (*text < '0' || *text > '9' || *end != '\0' || number < 1 || number > most)
        die_usage("\"%s\": choose a number from 1 to %u", text, most);
    return (unsigned)number;
}

/* Returns the number of the only stage to be tried, 0 for all. */
static unsigned take_options(int count, char **arguments, struct survey *survey)
{
    static const struct option known[] = {
        {"stage", required_argument, NULL, 's'},
        {"most", required_argument, NULL, 'm'},
        {"sample", required_argument, NULL, 'p'},
        {"jobs", required_argument, NULL, 'j'},
        {"build", required_argument, NULL, 'b'},
        {"list", no_argument, NULL, 'l'},
        {NULL, 0, NULL, 0},
    };
    unsigned only = 0;
    int option = 0;
    while ((option = getopt_long(count, arguments, "", known, NULL)) != -1) {
        if (option == 's')
            only = number_of(optarg, STAGE_COUNT);
        else if (option == 'm' || option == 'p')
            survey->most = number_of(optarg, 100000);
        else if (option == 'j')
            survey->jobs = number_of(optarg, MOST_JOBS);
        else if (option == 'b')
            survey->build = optarg;
        else if (option == 'l')
            survey->only_list = true;
        else
            exit(EXIT_USAGE);
        survey->is_sample |= option == 'p';
    }
    return only;
}

int main(int count, char **arguments)
{
    struct survey survey = {.build = "build", .jobs = 2};
    unsigned only = take_options(count, arguments, &survey);
    atexit(keep_free_all);
    static const char *const inherited[] = {"MAKEFLAGS", "MFLAGS", "MAKELEVEL", "MAKEOVERRIDES",
                                            "STAGE"};
    for (size_t i = 0; i < sizeof inherited / sizeof *inherited; i++)
        unsetenv(inherited[i]);
    bool good = true;
    for (size_t i = 0; i < STAGE_COUNT; i++)
        if (only == 0 || only == all_stages[i].number) {
            survey.stage = &all_stages[i];
            good &= run_survey(survey);
        }
    return good ? EXIT_SUCCESS : EXIT_USAGE;
}
